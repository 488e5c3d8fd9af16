package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Tcp;
import dev.sluice.testkit.NodeExtension;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The port that policy let through last is remembered no longer than that policy is in force. */
@ExtendWith(NodeExtension.class)
@Timeout(120)
class RememberedPortTest {

  private static final int OPEN = 7001;
  private static final int CLOSED = 7009;

  private int sourcePort = 20_000;

  private static String yaml(String established, int open) {
    return FaultBed.TOPOLOGY
        .replace("spec:\n  networks:", "spec:\n  established: " + established + "\n  networks:")
        .replace("{protocol: TCP, port: " + OPEN + "}", "{protocol: TCP, port: " + open + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"revoke", "keep"})
  void anotherConnectionIsJudgedByTheNewPolicy(String established, Node node) {
    String before = yaml(established, OPEN);
    String after = yaml(established, CLOSED);
    try (ProgramBed bed = new ProgramBed(node, before)) {
      // Time and again: what is remembered is so for a moment only.
      for (int round = 0; round < 10; round++) {
        assertThat(begin(bed, OPEN)).isEqualTo(ProgramBed.REDIRECTED);
        bed.apply(after);
        assertThat(begin(bed, OPEN)).as("round %d", round).isEqualTo(ProgramBed.DROPPED);
        assertThat(begin(bed, CLOSED)).isEqualTo(ProgramBed.REDIRECTED);
        bed.apply(before);
        assertThat(begin(bed, CLOSED)).as("round %d", round).isEqualTo(ProgramBed.DROPPED);
      }
    }
  }

  /** On every CPU it is another one that remembers. */
  private int begin(ProgramBed bed, int port) {
    DesiredState desired = bed.desired();
    Ethernet frame =
        new Ethernet(
            ProgramBed.mac(desired, "b", "eth0"),
            ProgramBed.mac(desired, "a", "eth0"),
            Ipv4.of(FaultBed.A, FaultBed.B, Tcp.syn(sourcePort++, port, 1)));
    return bed.inNode(() -> bed.fromEndpoint("a", "eth0", frame.encode()).verdict());
  }
}
