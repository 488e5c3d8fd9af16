package dev.sluice.testkit.cyclonus;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.cyclonus.CyclonusCase.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The foreign suite of policies on a datapath, with real packets: a part of the conformance suite.
 * The test class of a backend extends this and names its datapath. Each case is a test. Before the
 * first one everything passes, as there is no policy yet. A third of the cases runs, or what the
 * environment variable {@code SLUICE_CASES} says: another part, as {@code 7/20}, or {@code all}.
 */
@Tag("kernels")
@ExtendWith(NodeExtension.class)
public abstract class PolicySuite {

  /** The datapath under test. */
  protected abstract Datapath datapath();

  @TestFactory
  @Execution(ExecutionMode.SAME_THREAD)
  final Stream<DynamicTest> ipv4(Node node) {
    return tests(node, Family.V4);
  }

  @TestFactory
  @Execution(ExecutionMode.SAME_THREAD)
  final Stream<DynamicTest> ipv6(Node node) {
    return tests(node, Family.V6);
  }

  private Stream<DynamicTest> tests(Node node, Family family) {
    PolicyRunner runner = new PolicyRunner(node, datapath(), family);
    CaseSelection selection = CaseSelection.chosen();
    List<CyclonusCase> all = CyclonusSuite.load();
    List<CyclonusCase> cases = new ArrayList<>(selection.select(all));
    int steps = cases.stream().mapToInt(c -> c.steps().size()).sum();
    cases.add(0, open(all.get(0).initial()));
    long start = System.nanoTime();
    return cases.stream()
        .map(c -> DynamicTest.dynamicTest(c.toString(), () -> runner.run(c)))
        .onClose(
            () ->
                System.out.printf(
                    "policies on %s: cases %s, %d steps, %d s%n",
                    runner,
                    selection.part(),
                    steps,
                    Duration.ofNanos(System.nanoTime() - start).toSeconds()));
  }

  /** Without a policy everything passes: a failure here is none of a policy's. */
  private static CyclonusCase open(Setting setting) {
    List<Matrix> rows = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      for (int port : List.of(80, 81)) {
        rows.add(Matrix.of(protocol, port, setting.endpoints(), (from, to) -> true));
      }
    }
    return new CyclonusCase(
        0, "no policy", List.of(), setting, List.of(new Step(List.of(), setting, rows)));
  }
}
