package dev.sluice.testkit.cyclonus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.TopologyReader;
import dev.sluice.testkit.cyclonus.CyclonusCase.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class CyclonusSuiteTest {

  private static final List<CyclonusCase> SUITE = CyclonusSuite.load();

  @Test
  void hasEveryCaseStepAndExpectation() {
    assertThat(SUITE).hasSize(230);
    assertThat(SUITE).extracting(CyclonusCase::id).doesNotHaveDuplicates();
    assertThat(steps()).hasSize(256);
    assertThat(
            steps().stream()
                .flatMap(step -> step.expected().stream())
                .mapToInt(m -> m.endpoints().size() * m.endpoints().size())
                .sum())
        .isEqualTo(123_669);
  }

  @Test
  void everySettingBeforeTheFirstStepIsATopologyInBothFamilies() {
    for (Family family : Family.values()) {
      Topology topology = TopologyReader.read("initial", SUITE.get(0).initial().yaml(family));
      assertThat(topology.endpoints())
          .extracting(Endpoint::name)
          .containsExactly("x-a", "x-b", "x-c", "y-a", "y-b", "y-c", "z-a", "z-b", "z-c");
    }
  }

  @Test
  void everyStepIsATopologyWithItsPoliciesInBothFamilies() {
    for (Step step : steps()) {
      for (Family family : Family.values()) {
        Topology topology = TopologyReader.read("step", step.setting().yaml(family));
        assertThat(topology.endpoints())
            .extracting(Endpoint::name)
            .isEqualTo(step.setting().endpoints());
        assertThat(topology.policies()).hasSameSizeAs(step.setting().policies());
      }
    }
  }

  @Test
  void createdPodsGetAddressesOfTheirNamespace() {
    Setting created = named("Create/delete namespace").steps().get(1).setting();
    assertThat(created.address(Family.V4, "y-2-a")).hasToString("192.168.4.1");
    assertThat(created.address(Family.V6, "y-2-b")).hasToString("fd00::c0a8:402");
    assertThat(named("Create/delete pod").steps().get(1).setting().address(Family.V4, "x-d"))
        .hasToString("192.168.1.4");
  }

  @Test
  void whatAStepDeletesIsGone() {
    Setting deleted = named("Create/delete namespace").steps().get(2).setting();
    assertThat(deleted.namespaces()).containsOnlyKeys("x", "y", "z");
    assertThat(deleted.endpoints()).hasSize(9);
  }

  @Test
  void mapsBlocksAndTheirExceptions() {
    String v6 =
        steps().stream()
            .map(step -> step.setting().yaml(Family.V6))
            .filter(yaml -> yaml.contains("except"))
            .findFirst()
            .orElseThrow();
    assertThat(v6)
        .contains("\"cidr\":\"fd00::c0a8:300/120\",\"except\":[\"fd00::c0a8:300/124\"]")
        .doesNotContain("192.168.");
    assertThat(steps())
        .filteredOn(step -> step.setting().yaml(Family.V4).contains("\"0.0.0.0/0\""))
        .isNotEmpty()
        .allSatisfy(
            step -> assertThat(step.setting().yaml(Family.V6)).contains("\"cidr\":\"::/0\""));
  }

  @Test
  void tellsTheRowsThatDiffer() {
    Matrix expected = new Matrix(Protocol.TCP, 80, List.of("a", "b"), List.of("#X", ".#"));
    Matrix seen = Matrix.of(Protocol.TCP, 80, List.of("a", "b"), (from, to) -> true);
    assertThat(expected.difference(expected)).isEmpty();
    assertThat(expected.difference(seen).lines())
        .containsExactly("TCP/80 from a: expected #X, seen #.");
  }

  private static List<Step> steps() {
    return SUITE.stream().flatMap(c -> c.steps().stream()).toList();
  }

  private static CyclonusCase named(String description) {
    return SUITE.stream()
        .filter(c -> c.description().equals(description))
        .findFirst()
        .orElseThrow();
  }
}
