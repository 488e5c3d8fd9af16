package dev.sluice.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.Received;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter in the kernel, on datagrams that an endpoint sends to itself. */
class PortFilterTest {

  private static final Duration SOON = Duration.ofSeconds(2);

  @ParameterizedTest
  @ValueSource(strings = {"10.0.1.2", "fd00:0:0:1::2"})
  void onlySegmentsFromOrToThePortsPass(String address) {
    IpAddress self = IpAddress.parse(address);
    try (Lab lab = new Lab(Topologies.twoSubnets());
        RawSocket socket =
            lab.endpoint("client").call(() -> RawSocket.ip(self.isV6(), Udp.PROTOCOL, true))) {
      socket.attachFilter(PortFilter.program(self.isV6(), Set.of(9, 7)));
      int[][] ports = {{1, 2}, {1, 9}, {3, 4}, {7, 1}, {90, 70}, {9, 9}};
      for (int[] pair : ports) {
        Udp datagram = Udp.of(pair[0], pair[1], Bytes.EMPTY);
        Layer3 packet = self.isV6() ? Ipv6.of(self, self, datagram) : Ipv4.of(self, self, datagram);
        socket.sendTo(packet.encode(), self);
      }
      int header = self.isV6() ? 0 : Ipv4.HEADER;
      for (String wanted : new String[] {"00010009", "00070001", "00090009"}) {
        Optional<Received> received = socket.receive(SOON);
        assertThat(received)
            .map(r -> Bytes.of(r.data()).slice(header, header + 4))
            .contains(Bytes.ofHex(wanted));
      }
      assertThat(socket.receive(Duration.ZERO)).isEmpty();
    }
  }
}
