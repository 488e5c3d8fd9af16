package dev.sluice.testkit.cyclonus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party.EndpointParty;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.core.policy.PolicyResolver;
import dev.sluice.core.policy.PolicyTable;
import dev.sluice.core.policy.Verdict;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import dev.sluice.testkit.cyclonus.CyclonusCase.Step;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The foreign suite without packets: the evaluator's word, and the resolved table's. */
class CyclonusVerdictsTest {

  static Stream<Arguments> cases() {
    return CyclonusSuite.load().stream()
        .flatMap(c -> Stream.of(Family.values()).map(family -> Arguments.of(family, c)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void areThoseOfTheSuite(Family family, CyclonusCase one) {
    PolicyResolver resolver = new PolicyResolver();
    for (Step step : one.steps()) {
      Topology topology = TopologyReader.read("step", step.setting().yaml(family));
      PolicyTable table = resolver.next(topology).table();
      for (Matrix expected : step.expected()) {
        assertThat(
                difference(step, family, expected, flow -> PolicyEvaluator.verdict(topology, flow)))
            .as("evaluator after %s", step.actions())
            .isEmpty();
        assertThat(difference(step, family, expected, table::verdict))
            .as("table after %s", step.actions())
            .isEmpty();
      }
    }
  }

  private static String difference(
      Step step, Family family, Matrix expected, Function<Flow, Verdict> judge) {
    return expected.difference(
        Matrix.of(
            expected.protocol(),
            expected.port(),
            expected.endpoints(),
            (source, destination) ->
                judge
                    .apply(
                        new Flow(
                            party(step, family, source),
                            party(step, family, destination),
                            expected.protocol().number(),
                            OptionalInt.of(expected.port())))
                    .allows()));
  }

  private static EndpointParty party(Step step, Family family, String endpoint) {
    return new EndpointParty(endpoint, step.setting().address(family, endpoint));
  }
}
