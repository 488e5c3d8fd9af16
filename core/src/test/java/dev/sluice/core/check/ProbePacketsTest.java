package dev.sluice.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every probe is told from every other, and from whatever else is on the wire. */
class ProbePacketsTest {

  private static final long RUN = 0xfedc_ba98_ffff_fff0L;
  private static final IpAddress ROUTER = IpAddress.parse("192.0.2.1");

  private static final int SOURCE_PORT = 61_234;

  /** What a check sends, and each datagram as SCTP too. */
  private final List<Probe> probes =
      Expectations.of(
              Topologies.twoSubnets(),
              Expected.everythingConnected(),
              EndpointPairs.of(Topologies.twoSubnets(), 1000))
          .stream()
          .map(Expectation::probe)
          .flatMap(p -> p.transport() == Transport.UDP ? Stream.of(p, sctp(p)) : Stream.of(p))
          .toList();

  private final ProbePackets packets = new ProbePackets(probes, RUN, SOURCE_PORT);

  private static Probe sctp(Probe p) {
    return new Probe(
        p.from(),
        p.to(),
        p.source(),
        p.destination(),
        Transport.SCTP,
        p.port(),
        p.kind(),
        p.size());
  }

  private Layer4 content(int index) {
    byte[] packet = packets.packet(index);
    return probes.get(index).isV6() ? Ipv6.decode(packet).payload() : Ipv4.decode(packet).payload();
  }

  private IntStream of(Transport transport) {
    return IntStream.range(0, probes.size()).filter(i -> probes.get(i).transport() == transport);
  }

  @Test
  void eachIsRecognisedAsItself() {
    for (int i = 0; i < probes.size(); i++) {
      IpAddress source = probes.get(i).source();
      assertThat(packets.recognise(content(i), source, 77))
          .contains(new Sighting.Arrived(i, source, 77));
      assertThat(packets.packet(i).length)
          .isEqualTo(probes.get(i).size().orElse(packets.packet(i).length));
    }
  }

  @Test
  void anotherRunsProbesAreNotOurs() {
    ProbePackets others = new ProbePackets(probes, RUN + (7L << 32) + 1000, SOURCE_PORT + 1);
    for (int i = 0; i < probes.size(); i++) {
      assertThat(others.recognise(content(i), ROUTER, 77)).isEmpty();
    }
  }

  @Test
  void anOpenAndAClosedPortBothAnswer() {
    of(Transport.TCP)
        .forEach(
            i -> {
              Tcp syn = (Tcp) content(i);
              for (int flags : new int[] {Tcp.RST | Tcp.ACK, Tcp.SYN | Tcp.ACK}) {
                Tcp answer =
                    Tcp.of(
                        syn.destinationPort(),
                        syn.sourcePort(),
                        0,
                        syn.sequence() + 1,
                        flags,
                        Bytes.EMPTY);
                assertThat(packets.recognise(answer, ROUTER, 40))
                    .contains(new Sighting.Answered(i, ROUTER));
              }
            });
  }

  @Test
  void anErrorIsAboutTheProbeThatItQuotes() {
    for (int i = 0; i < probes.size(); i++) {
      byte[] packet = packets.packet(i);
      Layer4 error =
          probes.get(i).isV6()
              ? Icmpv6.error(Icmpv6.PACKET_TOO_BIG, 0, 1400, Ipv6.decode(packet))
              : new Icmp(
                  Icmp.UNREACHABLE,
                  Icmp.FRAGMENTATION_NEEDED,
                  1400,
                  Bytes.of(packet),
                  OptionalInt.empty());
      assertThat(packets.recognise(error, ROUTER, 77))
          .contains(
              new Sighting.Refused(i, "192.0.2.1 says: too big, the next hop takes 1400 bytes"));
    }
  }

  @Test
  void anInitIsWhole() {
    of(Transport.SCTP)
        .forEach(
            i -> {
              Sctp init = (Sctp) content(i);
              assertThat(init.checksum()).isEmpty();
              assertThat(init.verificationTag()).isZero();
              assertThat(init.sourcePort()).isEqualTo(SOURCE_PORT);
              assertThat(init.destinationPort()).isEqualTo(probes.get(i).port());
            });
    assertThat(of(Transport.SCTP).count()).isEqualTo(of(Transport.UDP).count()).isPositive();
  }

  /** Whatever the run's number, no initiate tag is 0. */
  @Test
  void noInitiateTagIsZero() {
    for (long run : new long[] {-20, 0, 0x3fff_fff0L, 0xffff_fff0L, 0xc000_0000L}) {
      ProbePackets of = new ProbePackets(probes, run, SOURCE_PORT);
      of(Transport.SCTP)
          .filter(i -> !probes.get(i).isV6())
          .forEach(
              i -> {
                Sctp init = (Sctp) Ipv4.decode(of.packet(i)).payload();
                assertThat(init.chunks().slice(4, 8)).isNotEqualTo(Bytes.ofHex("00000000"));
              });
    }
  }

  @Test
  void eightQuotedBytesTellASegmentButNoDatagramAndNoInit() {
    of(Transport.TCP)
        .filter(i -> !probes.get(i).isV6())
        .forEach(i -> assertThat(shortError(i)).map(Sighting::probe).contains(i));
    IntStream.concat(of(Transport.UDP), of(Transport.SCTP))
        .filter(i -> !probes.get(i).isV6())
        .forEach(i -> assertThat(shortError(i)).isEmpty());
  }

  private Optional<Sighting> shortError(int index) {
    Icmp error = Icmp.error(Icmp.UNREACHABLE, 1, 0, Ipv4.decode(packets.packet(index)));
    return packets.recognise(error, ROUTER, 56);
  }
}
