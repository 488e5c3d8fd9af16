package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.MalformedPacketException;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.RawSocketGroup;
import dev.sluice.core.sys.Received;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The raw sockets of one run: of each namespace, family and transport one, which sends what starts
 * there and receives what arrives. They see what the namespace's filters have let through, as a
 * packet socket would not, and take nothing away from the workload (raw(7)). No port is bound.
 */
final class ProbeSockets implements AutoCloseable {

  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;

  /** For the packets of a whole burst, large ones too. */
  private static final int BUFFER = 8 << 20;

  private static final int AT_ONCE = 256;

  private record Seat(Place place, boolean v6, Transport transport) {

    int protocol() {
      return switch (transport) {
        case TCP -> Tcp.PROTOCOL;
        case UDP -> Udp.PROTOCOL;
        case SCTP -> Sctp.PROTOCOL;
        case ICMP -> v6 ? Icmpv6.PROTOCOL : Icmp.PROTOCOL;
      };
    }
  }

  /**
   * A packet that some socket received.
   *
   * @param size of the whole IP packet
   */
  record Packet(Place at, IpAddress source, Layer4 content, int size) {}

  private final Map<Seat, RawSocket> bySeat = new HashMap<>();
  private final Map<RawSocket, Seat> bySocket = new HashMap<>();
  private final RawSocketGroup group;

  ProbeSockets(CheckTarget target, List<Probe> probes) {
    Set<Integer> ports = probes.stream().map(Probe::port).collect(Collectors.toSet());
    try {
      seats(probes)
          .forEach(
              (place, seats) ->
                  target.netns(place).run(() -> seats.forEach(seat -> open(seat, ports))));
      group = new RawSocketGroup(List.copyOf(bySocket.keySet()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Those that the probes start from and end at; errors about any of them come as ICMP. */
  private static Map<Place, Set<Seat>> seats(List<Probe> probes) {
    Map<Place, Set<Seat>> seats = new LinkedHashMap<>();
    for (Probe probe : probes) {
      for (Place place : List.of(probe.from(), probe.to())) {
        for (Transport transport : List.of(probe.transport(), Transport.ICMP)) {
          seats
              .computeIfAbsent(place, p -> new LinkedHashSet<>())
              .add(new Seat(place, probe.isV6(), transport));
        }
      }
    }
    return seats;
  }

  private void open(Seat seat, Set<Integer> ports) {
    RawSocket socket = RawSocket.ip(seat.v6(), seat.protocol(), true);
    bySeat.put(seat, socket);
    bySocket.put(socket, seat);
    socket.setOption(SOL_SOCKET, SO_SNDBUFFORCE, BUFFER);
    socket.setOption(SOL_SOCKET, SO_RCVBUFFORCE, BUFFER);
    if (seat.transport() != Transport.ICMP) {
      socket.attachFilter(PortFilter.program(seat.v6(), ports));
    }
  }

  /** Sends a packet that bears its own IP header. */
  void send(Probe probe, byte[] packet) {
    bySeat
        .get(new Seat(probe.from(), probe.isV6(), probe.transport()))
        .sendTo(packet, probe.destination());
  }

  /**
   * Hands over what has been received; waits for the first packet at most so long. False if there
   * was none.
   */
  boolean receive(Duration timeout, Consumer<Packet> to) {
    List<RawSocket> readable = group.readable(timeout);
    for (RawSocket socket : readable) {
      Seat seat = bySocket.get(socket);
      // Bounded: a busy workload could keep one socket readable for ever.
      for (int i = 0; i < AT_ONCE; i++) {
        Optional<Received> received = socket.receive(Duration.ZERO);
        if (received.isEmpty()) {
          break;
        }
        read(seat, received.get()).ifPresent(to);
      }
    }
    return !readable.isEmpty();
  }

  /** Empty for what is malformed: the kernel hands on TCP segments unchecked. */
  private static Optional<Packet> read(Seat seat, Received received) {
    byte[] data = received.data();
    try {
      if (!seat.v6()) {
        Ipv4 packet = Ipv4.decode(data);
        return Optional.of(
            new Packet(seat.place(), packet.source(), packet.payload(), data.length));
      }
      return received.source() instanceof Received.Ip ip
          ? Optional.of(
              new Packet(
                  seat.place(),
                  ip.address(),
                  Layer4.decode(seat.protocol(), data),
                  Ipv6.HEADER + data.length))
          : Optional.empty();
    } catch (MalformedPacketException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    bySocket.keySet().forEach(RawSocket::close);
  }
}
