package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.bpf.render.FlowRoom;
import dev.sluice.bpf.render.Layout;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.reconcile.Room;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.Shell;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How long flows are remembered, and where. Nobody may begin one to a: what b sends it passes for
 * its flow's sake alone.
 */
@ExtendWith(NodeExtension.class)
@Timeout(120)
class FlowLifeTest {

  private static final int CONNECTIONS = 50;
  private static final int FIRST_PORT = 20_000;

  private static final int ACK = Tcp.ACK;
  private static final int SYN = Tcp.SYN;
  private static final int SYN_ACK = SYN | ACK;
  private static final int FIN_ACK = Tcp.FIN | ACK;
  private static final int RST = Tcp.RST;

  private static final MacAddress A = FaultBed.mac("a");
  private static final MacAddress B = FaultBed.mac("b");

  private static final int SEEN = Layout.FLOW.offset("seen", Integer.BYTES);
  private static final int FIRST_WAY =
      Layout.OPENINGS_SET.offset("ways", 4 * Layout.OPENING.size())
          + Layout.OPENING.offset("flow", Layout.FLOW.size());

  private Node node;
  private ProgramBed bed;

  @BeforeEach
  void apply(Node node) {
    this.node = node;
    bed = new ProgramBed(node, FaultBed.TOPOLOGY);
  }

  @AfterEach
  void close() {
    bed.close();
  }

  private int send(boolean back, Layer4 payload) {
    String from = back ? "b" : "a";
    IpAddress source = back ? FaultBed.B : FaultBed.A;
    IpAddress destination = back ? FaultBed.A : FaultBed.B;
    Ethernet frame =
        new Ethernet(back ? A : B, back ? B : A, Ipv4.of(source, destination, payload));
    return bed.inNode(() -> bed.fromEndpoint(from, "eth0", frame.encode()).verdict());
  }

  private int segment(int port, boolean back, int flags) {
    int from = back ? FaultBed.OPEN : port;
    int to = back ? port : FaultBed.OPEN;
    return send(back, Tcp.of(from, to, 1, 1, flags, Bytes.ofText("a segment")));
  }

  /** By the flags of its segments, from a to b; those of b are negative. All have to pass. */
  private void connection(int port, int... segments) {
    for (int flags : segments) {
      assertThat(segment(port, flags < 0, Math.abs(flags)))
          .as("port %d, flags %d", port, flags)
          .isEqualTo(ProgramBed.REDIRECTED);
    }
  }

  private long entries(String map) {
    return FlowRoom.read(node, FaultBed.NAME).stream()
        .filter(room -> room.map().equals(map))
        .mapToLong(Room::entries)
        .sum();
  }

  @Test
  void aConnectionThatIsClosedTakesNoRoomAndWhatIsUnderWayStillPasses() {
    for (int i = 0; i < CONNECTIONS; i++) {
      connection(FIRST_PORT + i, SYN, -SYN_ACK, ACK);
    }
    assertThat(entries("established")).isEqualTo(CONNECTIONS);
    for (int i = 0; i < CONNECTIONS; i++) {
      connection(FIRST_PORT + i, FIN_ACK, -ACK);
    }
    assertThat(entries("established")).as("half closed").isEqualTo(CONNECTIONS);
    for (int i = 0; i < CONNECTIONS; i++) {
      // The last acknowledgement does not get there: b says again that it closes.
      connection(FIRST_PORT + i, -FIN_ACK, ACK, -FIN_ACK, ACK);
    }
    assertThat(entries("established")).as("closed").isZero();
    assertThat(segment(FIRST_PORT + CONNECTIONS, true, FIN_ACK))
        .as("of no connection")
        .isEqualTo(ProgramBed.DROPPED);
    // The same port once more, as soon as it may be.
    connection(FIRST_PORT, SYN, -SYN_ACK, ACK, -ACK);
    assertThat(entries("established")).isEqualTo(1);
  }

  @Test
  void aConnectionThatIsResetTakesNoRoom() {
    connection(FIRST_PORT, SYN, -SYN_ACK, ACK, RST);
    connection(FIRST_PORT + 1, SYN, -SYN_ACK, ACK, -RST);
    connection(FIRST_PORT + 2, SYN, -SYN_ACK, RST);
    assertThat(entries("established")).isZero();
  }

  /** Set back as if it had been seen so many ticks ago. */
  @ParameterizedTest
  @CsvSource({"431990, 7", "432010, 2"})
  void anEstablishedFlowIsForgottenAfterItsTime(int ticks, int verdict) {
    connection(FIRST_PORT, SYN, -SYN_ACK, ACK);
    age("established", SEEN, ticks);
    assertThat(entries("established")).isEqualTo(verdict == ProgramBed.DROPPED ? 0 : 1);
    assertThat(segment(FIRST_PORT, true, ACK)).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource({"20, 7", "40, 2"})
  void anOpeningIsForgottenAfterItsTime(int ticks, int verdict) {
    send(false, Udp.of(FIRST_PORT, FaultBed.OPEN, Bytes.ofText("a question")));
    age("openings", FIRST_WAY + SEEN, ticks);
    assertThat(entries("openings")).isEqualTo(verdict == ProgramBed.DROPPED ? 0 : 1);
    assertThat(send(true, Udp.of(FaultBed.OPEN, FIRST_PORT, Bytes.ofText("an answer"))))
        .isEqualTo(verdict);
  }

  private void age(String name, int seen, int ticks) {
    try (BpfMap map = PinnedMaps.live(node, FaultBed.NAME, name).orElseThrow()) {
      for (BpfMap.Element element : map.dump()) {
        ByteBuffer value = ByteBuffer.wrap(element.value()).order(ByteOrder.nativeOrder());
        if (value.getInt(seen) != 0) {
          value.putInt(seen, value.getInt(seen) - ticks);
          map.update(element.key(), element.value());
        }
      }
    }
  }

  /** One table for BPF and nftables (POLICY rule 7). */
  @Test
  void timesAreThoseOfTheKernel() {
    Map<String, Integer> times;
    try (OpenObject object = OpenObject.open("endpoint", ObjectFile.read("endpoint"))) {
      times = object.types().constants("timeout");
    }
    assertThat(times)
        .containsOnly(
            Map.entry("TIMEOUT_TCP_ESTABLISHED", kernel("tcp_timeout_established")),
            Map.entry("TIMEOUT_TCP_OTHER", kernel("tcp_timeout_time_wait")),
            Map.entry("TIMEOUT_TCP_CLOSED", kernel("tcp_timeout_close")),
            Map.entry("TIMEOUT_UDP", kernel("udp_timeout")),
            Map.entry("TIMEOUT_UDP_ANSWERED", kernel("udp_timeout_stream")),
            Map.entry("TIMEOUT_SCTP_ESTABLISHED", kernel("sctp_timeout_established")),
            Map.entry("TIMEOUT_ICMP", kernel("icmp_timeout")),
            Map.entry("TIMEOUT_GENERIC", kernel("generic_timeout")),
            Map.entry("TIMEOUT_FRAGMENTS", FlowRoom.FRAGMENT_TIMEOUT));
    assertThat(List.of("tcp_timeout_syn_sent", "tcp_timeout_fin_wait"))
        .allMatch(name -> kernel(name) == kernel("tcp_timeout_time_wait"));
    assertThat(setting("net.ipv4.ipfrag_time")).isEqualTo(FlowRoom.FRAGMENT_TIMEOUT);
  }

  /** Seconds; those of BPF are ticks of 1.07. */
  private int kernel(String name) {
    return setting("net.netfilter.nf_conntrack_" + name);
  }

  private int setting(String name) {
    return Integer.parseInt(Shell.inNode(node, "sysctl -n " + name).orFail().strip());
  }
}
