package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.MalformedPacketException;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.Received;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A packet socket on one link: sends frames as a workload with CAP_NET_RAW can, and sees all that
 * come in by it and go out by it.
 */
public final class Wire implements AutoCloseable {

  private static final int ETH_P_ALL = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final RawSocket socket;
  private final LinkMessage link;

  private Wire(RawSocket socket, LinkMessage link) {
    this.socket = socket;
    this.link = link;
  }

  /** On the link {@code name} of a namespace. */
  public static Wire on(Node node, NetnsRef where, String name) {
    return Shell.call(
        node,
        where,
        () -> {
          try (RouteSocket route = RouteSocket.open()) {
            LinkMessage link = route.link(name).orElseThrow();
            return new Wire(RawSocket.packet(link.index(), ETH_P_ALL), link);
          }
        });
  }

  /** What the kernel said of the link when this was opened. */
  public LinkMessage link() {
    return link;
  }

  /** Sends a frame out of the link. */
  public void send(Ethernet frame) {
    socket.sendTo(frame.encode(), link.index());
  }

  /**
   * The next frame that came in by the link and is wanted; empty if none has come by the timeout.
   */
  public Optional<Ethernet> await(Predicate<Ethernet> wanted, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Optional<Received> received = socket.receive(left);
      if (received.isEmpty()) {
        return Optional.empty();
      }
      Optional<Ethernet> frame = incoming(received.get()).filter(wanted);
      if (frame.isPresent()) {
        return frame;
      }
    }
  }

  /** Who has {@code target}? Asked by ARP from {@code own}, an address that the link has. */
  MacAddress resolve(IpAddress own, IpAddress target) {
    MacAddress mac = link.mac().orElseThrow();
    send(new Ethernet(Ethernet.BROADCAST, mac, Arp.request(mac, own, target)));
    return await(f -> isAnswer(f, target), PATIENCE)
        .map(f -> ((Arp) f.payload()).senderMac())
        .orElseThrow(() -> new AssertionError(target + " does not answer ARP"));
  }

  private static boolean isAnswer(Ethernet frame, IpAddress target) {
    return frame.payload() instanceof Arp arp
        && arp.operation() == Arp.REPLY
        && arp.senderIp().equals(target);
  }

  private static Optional<Ethernet> incoming(Received received) {
    if (received.source() instanceof Received.Link from
        && from.packetType() == Received.Link.OUTGOING) {
      return Optional.empty();
    }
    try {
      return Optional.of(Ethernet.decode(received.data()));
    } catch (MalformedPacketException e) {
      return Optional.empty();
    }
  }

  /** Sends an IP packet from a namespace by the routes that it has there. */
  public static void sendIp(
      Node node, NetnsRef where, IpAddress from, IpAddress to, Layer4 payload) {
    byte[] packet =
        to.isV4() ? Ipv4.of(from, to, payload).encode() : Ipv6.of(from, to, payload).encode();
    try (RawSocket raw =
        Shell.call(node, where, () -> RawSocket.ip(to.isV6(), payload.protocol(), true))) {
      raw.sendTo(packet, to);
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
