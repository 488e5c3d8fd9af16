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

/**
 * Frame in, verdict and frame out, on each object of programs; all rows of a table meet one
 * topology, one after the other.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
abstract class ProgramTable {

  private final Map<Programs, ThrowawayNode> nodes = new EnumMap<>(Programs.class);
  private final Map<Programs, ProgramBed> beds = new EnumMap<>(Programs.class);

  @BeforeAll
  void apply() {
    for (Programs programs : Programs.values()) {
      ThrowawayNode node = ThrowawayNode.create(getClass().getSimpleName());
      nodes.put(programs, node);
      beds.put(programs, lay(node.node(), programs));
    }
  }

  @AfterAll
  void close() {
    beds.values().forEach(ProgramBed::close);
    nodes.values().forEach(ThrowawayNode::close);
  }

  /** Applies the topology that the table is about. */
  protected ProgramBed lay(Node on, Programs programs) {
    return new ProgramBed(on, programs, ProgramCases.TOPOLOGY);
  }

  /** The verdict on what is for nobody. */
  protected int ignored() {
    return ProgramBed.DROPPED;
  }

  /** Runs the program on a frame that is met at {@code place}. */
  protected abstract TestResult run(ProgramBed on, String place, byte[] frame);

  protected final void check(Case row) {
    beds.forEach((programs, bed) -> check(row, programs, bed));
  }

  private void check(Case row, Programs programs, ProgramBed bed) {
    for (Sent earlier : row.before()) {
      assertThat(send(bed, earlier).verdict())
          .as("%s, before: %s", programs, earlier)
          .isEqualTo(ProgramBed.REDIRECTED);
    }
    Map<DropReason, Long> expected = new EnumMap<>(bed.drops());
    row.reason().ifPresent(reason -> expected.merge(reason, 1L, Long::sum));

    TestResult result = send(bed, row.sent());

    assertThat(new EnumMap<>(bed.drops())).as("drops of %s", programs).isEqualTo(expected);
    assertThat(result.verdict())
        .as("verdict of %s", programs)
        .isEqualTo(
            row.out().isPresent()
                ? ProgramBed.REDIRECTED
                : row.reason().isPresent() ? ProgramBed.DROPPED : ignored());
    if (row.out().isPresent()) {
      assertThat(Ethernet.decode(result.frame()))
          .as("frame out of %s", programs)
          .isEqualTo(row.out().get());
      assertThat(Bytes.of(result.frame())).isEqualTo(Bytes.of(row.out().get().encode()));
    }
    if (result.verdict() == ProgramBed.REDIRECTED && bed.bearsSecret(result)) {
      assertThat(bed.inNode(() -> bed.toEndpoint(result)).verdict())
          .as("verdict of %s, where it gets to the endpoint", programs)
          .isEqualTo(ProgramBed.PASSED);
    }
  }

  private TestResult send(ProgramBed bed, Sent sent) {
    return bed.inNode(() -> run(bed, sent.place(), sent.frame().encode()));
  }
}
