package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;

/** ICMP errors in words: RFC 792, RFC 1191, RFC 1812 section 5.2.7.1, RFC 4443. */
final class IcmpText {

  private IcmpText() {}

  static String describe(Icmp icmp, IpAddress sender) {
    return sender
        + " says: "
        + switch (icmp.type()) {
          case Icmp.UNREACHABLE ->
              switch (icmp.code()) {
                case 0 -> "network unreachable";
                case 1 -> "host unreachable";
                case 2 -> "protocol unreachable";
                case Icmp.PORT_UNREACHABLE -> "port unreachable";
                case Icmp.FRAGMENTATION_NEEDED ->
                    "too big, the next hop takes " + icmp.sequence() + " bytes";
                case 9, 10, 13 -> "administratively prohibited";
                default -> "unreachable, code " + icmp.code();
              };
          case Icmp.TIME_EXCEEDED -> "time to live exceeded";
          default -> "ICMP type " + icmp.type() + ", code " + icmp.code();
        };
  }

  static String describe(Icmpv6 icmp, IpAddress sender) {
    return sender
        + " says: "
        + switch (icmp.type()) {
          case Icmpv6.UNREACHABLE ->
              switch (icmp.code()) {
                case 0 -> "no route to destination";
                case 1 -> "administratively prohibited";
                case 3 -> "address unreachable";
                case Icmpv6.PORT_UNREACHABLE -> "port unreachable";
                case 5 -> "source address failed policy";
                case 6 -> "rejected route";
                default -> "unreachable, code " + icmp.code();
              };
          case Icmpv6.PACKET_TOO_BIG ->
              "too big, the next hop takes " + Integer.toUnsignedString(icmp.rest()) + " bytes";
          case Icmpv6.TIME_EXCEEDED -> "hop limit exceeded";
          default -> "ICMPv6 type " + icmp.type() + ", code " + icmp.code();
        };
  }
}
