package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Quote;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The packets of one run. Each bears the run's random number and its probe's index: as the sequence
 * number of a SYN, as the initiate tag of an INIT, as the data of a datagram or an echo. So what
 * comes in is told exactly from the workload's traffic, and from that of a check which runs at the
 * same time. Pure.
 */
final class ProbePackets {

  /** Run and index. */
  private static final int TAG = Long.BYTES + Integer.BYTES;

  /** In an INIT chunk: type, flags and length come before it. */
  private static final int INITIATE_TAG_AT = 4;

  /** Ports, verification tag and checksum. */
  private static final int SCTP_HEADER = 12;

  private final List<Probe> probes;
  private final long run;
  private final int sourcePort;

  /** {@code run} tells it from all other runs; {@code sourcePort} from others of the same time. */
  ProbePackets(List<Probe> probes, long run, int sourcePort) {
    this.probes = List.copyOf(probes);
    this.run = run;
    this.sourcePort = sourcePort;
  }

  /** The probe's packet, from the IP header on. */
  byte[] packet(int index) {
    Probe probe = probes.get(index);
    Layer4 payload =
        switch (probe.transport()) {
          case TCP -> Tcp.syn(sourcePort, probe.port(), (int) run + index);
          case UDP -> Udp.of(sourcePort, probe.port(), tag(index, TAG));
          case SCTP -> Sctp.init(sourcePort, probe.port(), initiateTag(index));
          case ICMP -> echo(index, probe);
        };
    return probe.isV6()
        ? Ipv6.of(probe.source(), probe.destination(), payload).encode()
        : Ipv4.of(probe.source(), probe.destination(), payload).withDontFragment().encode();
  }

  private Layer4 echo(int index, Probe probe) {
    int headers = probe.isV6() ? Ipv6.HEADER + Icmpv6.HEADER : Ipv4.HEADER + Icmp.HEADER;
    Bytes data = tag(index, probe.size().orElse(headers + TAG) - headers);
    int identifier = (int) (run >>> 48);
    return probe.isV6()
        ? Icmpv6.echoRequest(identifier, index & 0xffff, data)
        : Icmp.echoRequest(identifier, index & 0xffff, data);
  }

  /** Never 0, which RFC 9260 does not allow: between a quarter and three quarters of the range. */
  private int initiateTag(int index) {
    return (((int) run & 0x3fff_ffff) | 0x4000_0000) + index;
  }

  private Bytes tag(int index, int length) {
    return Bytes.of(ByteBuffer.allocate(length).putLong(run).putInt(index).array());
  }

  /**
   * What a packet says of a probe of this run; empty for any other packet.
   *
   * @param source the sender in its IP header
   * @param size of the whole IP packet
   */
  Optional<Sighting> recognise(Layer4 packet, IpAddress source, int size) {
    if (packet instanceof Tcp tcp) {
      return tcp(tcp, source, size);
    }
    if (packet instanceof Udp udp) {
      return tagged(udp.payload(), Transport.UDP).map(i -> new Sighting.Arrived(i, source, size));
    }
    if (packet instanceof Sctp sctp) {
      return init(sctp.chunks()).map(i -> arrived(i, source, size));
    }
    if (packet instanceof Icmp icmp) {
      return switch (icmp.type()) {
        case Icmp.ECHO_REQUEST -> echoed(icmp.body()).map(i -> arrived(i, source, size));
        case Icmp.ECHO_REPLY -> echoed(icmp.body()).map(i -> new Sighting.Answered(i, source));
        default ->
            icmp.quote()
                .flatMap(this::quoted)
                .map(i -> new Sighting.Refused(i, IcmpText.describe(icmp, source)));
      };
    }
    if (packet instanceof Icmpv6 icmp) {
      return switch (icmp.type()) {
        case Icmpv6.ECHO_REQUEST -> echoed(icmp.body()).map(i -> arrived(i, source, size));
        case Icmpv6.ECHO_REPLY -> echoed(icmp.body()).map(i -> new Sighting.Answered(i, source));
        default ->
            icmp.quote()
                .flatMap(this::quoted)
                .map(i -> new Sighting.Refused(i, IcmpText.describe(icmp, source)));
      };
    }
    return Optional.empty();
  }

  private static Sighting arrived(int index, IpAddress source, int size) {
    return new Sighting.Arrived(index, source, size);
  }

  private Optional<Sighting> tcp(Tcp tcp, IpAddress source, int size) {
    // Not by its source port: address translation may have changed it, and that is to be seen.
    if (tcp.flags() == Tcp.SYN) {
      return known(tcp.sequence() - (int) run, Transport.TCP)
          .filter(i -> probes.get(i).port() == tcp.destinationPort())
          .map(i -> arrived(i, source, size));
    }
    // A closed port answers RST, an open one SYN: both acknowledge what they answer.
    if (tcp.destinationPort() == sourcePort && tcp.has(Tcp.ACK)) {
      return known(tcp.acknowledgement() - 1 - (int) run, Transport.TCP)
          .map(i -> new Sighting.Answered(i, source));
    }
    return Optional.empty();
  }

  private Optional<Integer> init(Bytes chunks) {
    if (chunks.length() < INITIATE_TAG_AT + Integer.BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(chunks.toArray());
    return in.get() == Sctp.INIT
        ? known(in.getInt(INITIATE_TAG_AT) - initiateTag(0), Transport.SCTP)
        : Optional.empty();
  }

  private Optional<Integer> echoed(Bytes data) {
    return tagged(data, Transport.ICMP);
  }

  private Optional<Integer> quoted(Quote quote) {
    byte[] data = quote.payload().toArray();
    if (data.length < 8) {
      return Optional.empty();
    }
    return switch (quote.protocol()) {
      case Tcp.PROTOCOL ->
          (ByteBuffer.wrap(data).getShort() & 0xffff) == sourcePort
              ? known(ByteBuffer.wrap(data).getInt(4) - (int) run, Transport.TCP)
              : Optional.empty();
      case Udp.PROTOCOL -> tagged(quote.payload().slice(8, data.length), Transport.UDP);
      case Sctp.PROTOCOL ->
          data.length < SCTP_HEADER
              ? Optional.empty()
              : init(quote.payload().slice(SCTP_HEADER, data.length));
      case Icmp.PROTOCOL, Icmpv6.PROTOCOL -> echoed(quote.payload().slice(8, data.length));
      default -> Optional.empty();
    };
  }

  private Optional<Integer> tagged(Bytes data, Transport transport) {
    if (data.length() < TAG) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(data.slice(0, TAG).toArray());
    return in.getLong() == run ? known(in.getInt(), transport) : Optional.empty();
  }

  private Optional<Integer> known(int index, Transport transport) {
    return index >= 0 && index < probes.size() && probes.get(index).transport() == transport
        ? Optional.of(index)
        : Optional.empty();
  }
}
