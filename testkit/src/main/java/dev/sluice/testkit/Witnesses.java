package dev.sluice.testkit;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.RawSocketGroup;
import dev.sluice.core.sys.Received;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Sockets at several places of a node that see what arrives there, whether or not it is wanted. */
final class Witnesses implements AutoCloseable {

  /** The node itself as a place; the others are endpoints. */
  static final String NODE = "node";

  private static final int ETH_P_ALL = 3;
  private static final int GRE = 47;
  private static final int AT_ONCE = 256;

  /** Hundreds of frames may come before anybody looks. */
  private static final int BUFFER = 4 << 20;

  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVBUFFORCE = 33;

  private final Node node;
  private final Map<RawSocket, String> places = new LinkedHashMap<>();
  private Optional<RawSocketGroup> group = Optional.empty();

  private Witnesses(Node node) {
    this.node = node;
  }

  /**
   * Of frames: all that comes in by any interface of these endpoints, and of what comes to the node
   * the packets that it takes.
   */
  static Witnesses ofFrames(Node node, List<String> endpoints) {
    Witnesses witnesses = new Witnesses(node);
    return witnesses.opened(
        () -> {
          endpoints.forEach(witnesses::addFrames);
          witnesses.addPackets(NODE);
        });
  }

  /** Of both, so that fragments are seen as they come and as they are put together. */
  static Witnesses ofBoth(Node node, List<String> endpoints) {
    Witnesses witnesses = new Witnesses(node);
    return witnesses.opened(
        () -> {
          endpoints.forEach(witnesses::addFrames);
          endpoints.forEach(witnesses::addPackets);
          witnesses.addPackets(NODE);
        });
  }

  /**
   * Of packets: what these endpoints and the node take, behind every filter there may be in their
   * namespaces.
   */
  static Witnesses ofPackets(Node node, List<String> endpoints) {
    Witnesses witnesses = new Witnesses(node);
    return witnesses.opened(
        () -> {
          endpoints.forEach(witnesses::addPackets);
          witnesses.addPackets(NODE);
        });
  }

  private Witnesses opened(Runnable opening) {
    try {
      opening.run();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    group = Optional.of(new RawSocketGroup(List.copyOf(places.keySet())));
    return this;
  }

  private interface Opening {
    RawSocket open();
  }

  private void add(String place, Opening opening) {
    NetnsRef where = place.equals(NODE) ? NetnsRef.NODE : NetnsRef.named(place);
    places.put(Shell.call(node, where, opening::open), place);
  }

  private void addFrames(String endpoint) {
    add(
        endpoint,
        () -> {
          RawSocket socket = RawSocket.packet(0, ETH_P_ALL);
          socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, BUFFER);
          return socket;
        });
  }

  private void addPackets(String place) {
    for (boolean v6 : new boolean[] {false, true}) {
      int icmp = v6 ? Icmpv6.PROTOCOL : Icmp.PROTOCOL;
      for (int protocol : List.of(Tcp.PROTOCOL, Udp.PROTOCOL, Sctp.PROTOCOL, GRE, icmp)) {
        add(place, () -> RawSocket.ip(v6, protocol, true));
      }
    }
  }

  /**
   * Hands over what has come, with its place: of frames from the Ethernet header on, of packets
   * from the IP header on, of IPv6 packets from behind it. Waits for the first at most so long.
   */
  void take(Duration timeout, BiConsumer<String, byte[]> to) {
    for (RawSocket socket : group.orElseThrow().readable(timeout)) {
      for (int i = 0; i < AT_ONCE; i++) {
        Optional<Received> received = socket.receive(Duration.ZERO);
        if (received.isEmpty()) {
          break;
        }
        if (!isOutgoing(received.get())) {
          to.accept(places.get(socket), received.get().data());
        }
      }
    }
  }

  private static boolean isOutgoing(Received received) {
    return received.source() instanceof Received.Link from
        && from.packetType() == Received.Link.OUTGOING;
  }

  @Override
  public void close() {
    places.keySet().forEach(RawSocket::close);
  }
}
