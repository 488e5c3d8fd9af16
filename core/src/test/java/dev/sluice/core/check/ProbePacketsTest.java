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
import dev.sluice.core.packet.Tcp;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every probe is told from every other, and from whatever else is on the wire. */
class ProbePacketsTest {

  private static final long RUN = 0xfedc_ba98_ffff_fff0L;
  private static final IpAddress ROUTER = IpAddress.parse("192.0.2.1");

  private final List<Probe> probes =
      Expectations.of(
              Topologies.twoSubnets(),
              Expected.everythingConnected(),
              EndpointPairs.of(Topologies.twoSubnets(), 1000))
          .stream()
          .map(Expectation::probe)
          .toList();
  private final ProbePackets packets = new ProbePackets(probes, RUN);

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
    ProbePackets others = new ProbePackets(probes, RUN + (7L << 32) + 1000);
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
  void eightQuotedBytesTellASegmentButNoDatagram() {
    of(Transport.TCP)
        .filter(i -> !probes.get(i).isV6())
        .forEach(i -> assertThat(shortError(i)).map(Sighting::probe).contains(i));
    of(Transport.UDP)
        .filter(i -> !probes.get(i).isV6())
        .forEach(i -> assertThat(shortError(i)).isEmpty());
  }

  private Optional<Sighting> shortError(int index) {
    Icmp error = Icmp.error(Icmp.UNREACHABLE, 1, 0, Ipv4.decode(packets.packet(index)));
    return packets.recognise(error, ROUTER, 56);
  }
}
