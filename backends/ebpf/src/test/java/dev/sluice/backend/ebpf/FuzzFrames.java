package dev.sluice.backend.ebpf;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.DiscoveryOption;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Frames that are well formed, of every sort that the programs tell apart. */
final class FuzzFrames {

  private static final List<Integer> TCP_FLAGS = List.of(2, 2, 2, 16, 18, 17, 4, 20, 0, 24);
  private static final List<Integer> OTHER = List.of(47, 50, 2, 89, 41, 4, 255, 59, 135);
  private static final List<Integer> OPTIONS = List.of(0, 43, 60, 60);
  private static final Bytes TEXT = Bytes.ofText("fuzzed, and long enough to be cut in two");

  private final Random random;

  FuzzFrames(Random random) {
    this.random = random;
  }

  /** From one end to another. */
  Ethernet frame(MacAddress from, MacAddress to, IpAddress source, IpAddress destination) {
    boolean v4 = destination.isV4();
    return new Ethernet(to, from, v4 ? v4(source, destination) : v6(source, destination, to));
  }

  /** ARP and neighbour discovery of {@code mac} about {@code target}. */
  Ethernet discovery(MacAddress mac, MacAddress to, IpAddress source, IpAddress target) {
    boolean group = random.nextBoolean();
    if (target.isV4()) {
      int operation = 1 + random.nextInt(2);
      Arp arp = new Arp(operation, mac, source, group ? Ethernet.BROADCAST : to, target);
      return new Ethernet(group ? Ethernet.BROADCAST : to, mac, arp);
    }
    DiscoveryOption own =
        random.nextBoolean() ? DiscoveryOption.sourceLink(mac) : DiscoveryOption.targetLink(mac);
    Icmpv6 message =
        switch (random.nextInt(6)) {
          case 0 -> Icmpv6.advertisement(source, mac);
          case 1 -> Icmpv6.advertisement(target, own);
          case 2 -> Icmpv6.routerSolicitation(own);
          case 3 -> Icmpv6.routerAdvertisement(1800, own);
          default -> Icmpv6.solicitation(target, mac);
        };
    IpAddress destination = group ? Icmpv6.solicitedNode(target) : target;
    return new Ethernet(
        group ? ProgramCases.group(destination) : to,
        mac,
        Ipv6.of(source, destination, message).withHopLimit(255));
  }

  private Layer3 v4(IpAddress source, IpAddress destination) {
    Layer4 payload = payload(source, destination);
    Ipv4 packet = Ipv4.of(source, destination, payload).withTtl(1 + random.nextInt(255));
    if (random.nextInt(12) == 0) {
      packet = packet.withOptions(Bytes.ofHex("01010101".repeat(1 + random.nextInt(10))));
    }
    if (random.nextInt(12) != 0) {
      return packet;
    }
    return new Ipv4(
        source,
        destination,
        0,
        random.nextInt(64),
        false,
        random.nextBoolean(),
        8 * random.nextInt(4),
        packet.ttl(),
        packet.options(),
        new Layer4.Opaque(payload.protocol(), Bytes.of(payload.encode(source, destination))),
        OptionalInt.empty());
  }

  private Layer3 v6(IpAddress source, IpAddress destination, MacAddress to) {
    Layer4 payload = payload(source, destination);
    Ipv6 packet = Ipv6.of(source, destination, payload).withHopLimit(1 + random.nextInt(255));
    if (to.isMulticast() && random.nextBoolean()) {
      return Ipv6.of(source, destination, new Icmpv6(143, 0, 0, TEXT, OptionalInt.empty()))
          .withHopLimit(1);
    }
    if (random.nextInt(4) != 0) {
      return packet;
    }
    ExtensionHeader[] headers =
        new ExtensionHeader[1 + random.nextInt(random.nextInt(8) == 0 ? 10 : 3)];
    boolean fragment = false;
    for (int i = 0; i < headers.length; i++) {
      if (random.nextInt(4) == 0) {
        int offset = random.nextInt(3) == 0 ? 8 * random.nextInt(3) : 0;
        boolean more = random.nextInt(3) == 0;
        fragment |= more || offset > 0;
        headers[i] = new ExtensionHeader.Fragment(offset, more, random.nextInt(64));
      } else {
        headers[i] = ExtensionHeader.Options.padding(OPTIONS.get(random.nextInt(OPTIONS.size())));
      }
    }
    return (fragment
            ? Ipv6.of(
                source,
                destination,
                new Layer4.Opaque(
                    payload.protocol(), Bytes.of(payload.encode(source, destination))))
            : packet)
        .withExtensions(headers);
  }

  private Layer4 payload(IpAddress source, IpAddress destination) {
    boolean v4 = source.isV4();
    int from = 1024 + random.nextInt(60_000);
    int to = FuzzTopology.PORTS.get(random.nextInt(FuzzTopology.PORTS.size()));
    return switch (random.nextInt(16)) {
      case 0, 1, 2, 3 ->
          Tcp.of(from, to, 1, 1, TCP_FLAGS.get(random.nextInt(TCP_FLAGS.size())), TEXT);
      case 4, 5, 6 -> Udp.of(from, to, TEXT);
      case 7 ->
          Udp.of(
              List.of(67, 547, from).get(random.nextInt(3)),
              List.of(67, 68, 546, 547).get(random.nextInt(4)),
              TEXT);
      case 8, 9 -> Sctp.init(from, to, 1);
      case 10 -> v4 ? Icmp.echoRequest(from, 1, TEXT) : Icmpv6.echoRequest(from, 1, TEXT);
      case 11 -> v4 ? Icmp.echoReply(from, 1, TEXT) : Icmpv6.echoReply(from, 1, TEXT);
      case 12 ->
          v4
              ? new Icmp(random.nextInt(20), 0, 0, TEXT, OptionalInt.empty())
              : new Icmpv6(random.nextInt(160), 0, 0, TEXT, OptionalInt.empty());
      case 13 ->
          v4
              ? Icmp.error(3, 3, 0, Ipv4.of(destination, source, Udp.of(to, from, TEXT)))
              : Icmpv6.error(1, 4, 0, Ipv6.of(destination, source, Udp.of(to, from, TEXT)));
      case 14 -> new Layer4.Opaque(random.nextInt(256), TEXT);
      default -> new Layer4.Opaque(OTHER.get(random.nextInt(OTHER.size())), TEXT);
    };
  }
}
