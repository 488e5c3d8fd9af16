package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An ICMPv6 message (RFC 4443), neighbour discovery included (RFC 4861).
 *
 * @param rest the four bytes after the checksum: identifier and sequence, MTU, flags, ..
 * @param body what follows them: data of an echo, a quoted packet, target and options
 * @param checksum empty: the right one
 */
public record Icmpv6(int type, int code, int rest, Bytes body, OptionalInt checksum)
    implements Layer4 {

  public static final int PROTOCOL = 58;
  public static final int UNREACHABLE = 1;
  public static final int PACKET_TOO_BIG = 2;
  public static final int TIME_EXCEEDED = 3;
  public static final int PARAMETER_PROBLEM = 4;
  public static final int ECHO_REQUEST = 128;
  public static final int ECHO_REPLY = 129;
  public static final int LISTENER_QUERY = 130;
  public static final int LISTENER_REPORT_V2 = 143;
  public static final int ROUTER_SOLICITATION = 133;
  public static final int ROUTER_ADVERTISEMENT = 134;
  public static final int NEIGHBOUR_SOLICITATION = 135;
  public static final int NEIGHBOUR_ADVERTISEMENT = 136;
  public static final int REDIRECT = 137;

  /** Of {@link #UNREACHABLE}. */
  public static final int PORT_UNREACHABLE = 4;

  /** The length of the header of every message. */
  public static final int HEADER = 8;

  private static final int CHECKSUM_AT = 2;
  private static final int SOLICITED_OVERRIDE = 0x60000000;
  private static final int MINIMUM_MTU = 1280;

  /** An echo request; identifier and sequence have 16 bits. */
  public static Icmpv6 echoRequest(int identifier, int sequence, Bytes data) {
    return new Icmpv6(ECHO_REQUEST, 0, identifier << 16 | sequence, data, OptionalInt.empty());
  }

  /** The answer to an echo request. */
  public static Icmpv6 echoReply(int identifier, int sequence, Bytes data) {
    return new Icmpv6(ECHO_REPLY, 0, identifier << 16 | sequence, data, OptionalInt.empty());
  }

  /** An error about {@code packet}, quoted so far as the minimum MTU allows. */
  public static Icmpv6 error(int type, int code, int rest, Ipv6 packet) {
    Bytes whole = Bytes.of(packet.encode());
    int quoted = Math.min(whole.length(), MINIMUM_MTU - Ipv6.HEADER - HEADER);
    return new Icmpv6(type, code, rest, whole.slice(0, quoted), OptionalInt.empty());
  }

  /** Who has {@code target}? Sent with hop limit 255, mostly to {@link #solicitedNode}. */
  public static Icmpv6 solicitation(IpAddress target, MacAddress sender) {
    return solicitation(target, DiscoveryOption.sourceLink(sender));
  }

  /** As the other, with these options in their order. */
  public static Icmpv6 solicitation(IpAddress target, DiscoveryOption... options) {
    return discovery(NEIGHBOUR_SOLICITATION, 0, target.bytes(), options);
  }

  /** {@code target} is at {@code mac}: solicited, and overriding what is known. */
  public static Icmpv6 advertisement(IpAddress target, MacAddress mac) {
    return advertisement(target, DiscoveryOption.targetLink(mac));
  }

  /** As the other, with these options in their order. */
  public static Icmpv6 advertisement(IpAddress target, DiscoveryOption... options) {
    return discovery(NEIGHBOUR_ADVERTISEMENT, SOLICITED_OVERRIDE, target.bytes(), options);
  }

  /** Is there a router? */
  public static Icmpv6 routerSolicitation(DiscoveryOption... options) {
    return discovery(ROUTER_SOLICITATION, 0, new byte[0], options);
  }

  /** The sender is a router, for so many seconds; the other fields are left to the hosts. */
  public static Icmpv6 routerAdvertisement(int lifetime, DiscoveryOption... options) {
    return discovery(ROUTER_ADVERTISEMENT, lifetime & 0xffff, new byte[8], options);
  }

  /** What goes to {@code destination} had better go to {@code target}. */
  public static Icmpv6 redirect(
      IpAddress target, IpAddress destination, DiscoveryOption... options) {
    byte[] both = ByteBuffer.allocate(32).put(target.bytes()).put(destination.bytes()).array();
    return discovery(REDIRECT, 0, both, options);
  }

  private static Icmpv6 discovery(int type, int rest, byte[] fixed, DiscoveryOption... options) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(fixed);
    for (DiscoveryOption option : options) {
      body.writeBytes(option.encode());
    }
    return new Icmpv6(type, 0, rest, Bytes.of(body.toByteArray()), OptionalInt.empty());
  }

  /** The multicast group of those whose address ends like {@code target} (RFC 4291, 2.7.1). */
  public static IpAddress solicitedNode(IpAddress target) {
    byte[] group = IpAddress.parse("ff02::1:ff00:0").bytes();
    System.arraycopy(target.bytes(), 13, group, 13, 3);
    return IpAddress.of(group);
  }

  /** With that checksum, right or wrong. */
  public Icmpv6 withChecksum(int newChecksum) {
    return new Icmpv6(type, code, rest, body, OptionalInt.of(newChecksum));
  }

  /** Of an echo. */
  public int identifier() {
    return rest >>> 16;
  }

  /** Of an echo. */
  public int sequence() {
    return rest & 0xffff;
  }

  /** The address that a solicitation or advertisement is about; empty for other messages. */
  public Optional<IpAddress> target() {
    boolean discovery = type == NEIGHBOUR_SOLICITATION || type == NEIGHBOUR_ADVERTISEMENT;
    return discovery && body.length() >= 16
        ? Optional.of(IpAddress.of(Arrays.copyOf(body.toArray(), 16)))
        : Optional.empty();
  }

  /** The packet that this error is about; empty for a message that is no error. */
  public Optional<Quote> quote() {
    return switch (type) {
      case UNREACHABLE, PACKET_TOO_BIG, TIME_EXCEEDED, PARAMETER_PROBLEM -> Quote.of(body, true);
      default -> Optional.empty();
    };
  }

  @Override
  public int protocol() {
    return PROTOCOL;
  }

  @Override
  public byte[] encode(IpAddress source, IpAddress destination) {
    byte[] out =
        ByteBuffer.allocate(HEADER + body.length())
            .put((byte) type)
            .put((byte) code)
            .putShort((short) 0)
            .putInt(rest)
            .put(body.toArray())
            .array();
    int right = Checksums.ofSegment(out, PROTOCOL, new Checksums.Path(source, destination));
    return Checksums.put(out, CHECKSUM_AT, checksum, right);
  }

  static Icmpv6 decode(byte[] data, Optional<Checksums.Path> path) {
    PacketReader in = new PacketReader("ICMPv6", data);
    int type = in.u8();
    int code = in.u8();
    int checksum = in.u16();
    int rest = (int) in.u32();
    return new Icmpv6(
        type,
        code,
        rest,
        Bytes.of(in.rest()),
        path.map(
                p ->
                    Checksums.judged(
                        checksum,
                        Checksums.ofSegment(Checksums.without(data, CHECKSUM_AT), PROTOCOL, p)))
            .orElse(OptionalInt.of(checksum)));
  }
}
