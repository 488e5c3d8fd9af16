package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backend.ebpf.ProgramCases.Case;
import dev.sluice.backend.ebpf.ProgramCases.Sent;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.policy.DropReason;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Frame in, verdict and frame out; all rows of a table meet one topology, one after the other. */
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
abstract class ProgramTable {

  private ThrowawayNode node;
  private ProgramBed bed;

  @BeforeAll
  void apply() {
    node = ThrowawayNode.create(getClass().getSimpleName());
    bed = lay(node.node());
  }

  @AfterAll
  void close() {
    if (bed != null) {
      bed.close();
    }
    node.close();
  }

  /** Applies the topology that the table is about. */
  protected ProgramBed lay(Node on) {
    return new ProgramBed(on, ProgramCases.TOPOLOGY);
  }

  /** The verdict on what is for nobody. */
  protected int ignored() {
    return ProgramBed.DROPPED;
  }

  /** Runs the program on a frame that is met at {@code place}. */
  protected abstract TestResult run(ProgramBed on, String place, byte[] frame);

  protected final void check(Case row) {
    for (Sent earlier : row.before()) {
      assertThat(send(earlier).verdict())
          .as("before: %s", earlier)
          .isEqualTo(ProgramBed.REDIRECTED);
    }
    Map<DropReason, Long> expected = new EnumMap<>(bed.drops());
    row.reason().ifPresent(reason -> expected.merge(reason, 1L, Long::sum));

    TestResult result = send(row.sent());

    assertThat(new EnumMap<>(bed.drops())).as("drops").isEqualTo(expected);
    assertThat(result.verdict())
        .as("verdict")
        .isEqualTo(
            row.out().isPresent()
                ? ProgramBed.REDIRECTED
                : row.reason().isPresent() ? ProgramBed.DROPPED : ignored());
    if (row.out().isPresent()) {
      assertThat(Ethernet.decode(result.frame())).as("frame out").isEqualTo(row.out().get());
      assertThat(Bytes.of(result.frame())).isEqualTo(Bytes.of(row.out().get().encode()));
    }
  }

  private TestResult send(Sent sent) {
    return bed.inNode(() -> run(bed, sent.place(), sent.frame().encode()));
  }
}
