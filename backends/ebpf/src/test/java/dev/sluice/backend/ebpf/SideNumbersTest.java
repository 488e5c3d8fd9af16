package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapEntries;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.datapath.DesiredState;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of a file says nothing: nobody is judged by another's table, not for a moment. */
class SideNumbersTest {

  private static final String FIRST =
      """
          - {name: a, netns: a, ports: [{name: http, port: 8080}], interfaces: [{network: red, name: eth0, addresses: [10.0.1.2], mac: "02:00:00:00:00:02"}]}
      """;

  private static final String SECOND =
      """
          - {name: b, netns: b, ports: [{name: http, port: 9090}], interfaces: [{network: red, name: eth0, addresses: [10.0.1.3], mac: "02:00:00:00:00:03"}]}
      """;

  private static List<MapContent> maps(String endpoints) {
    return maps(endpoints, "revoke", "http");
  }

  private static List<MapContent> maps(String endpoints, String established, String port) {
    String yaml =
        """
        apiVersion: sluice.dev/v1alpha1
        kind: Topology
        metadata: {name: order}
        spec:
          established: ESTABLISHED
          networks: [{name: red, subnets: [10.0.1.0/24]}]
          endpoints:
        """
            + endpoints
            + """
            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: web}
            spec: {podSelector: {}, ingress: [{ports: [{port: PORT}]}]}
            """;
    DesiredState desired =
        ProgramBed.desired(yaml.replace("ESTABLISHED", established).replace("PORT", port));
    return new EbpfDatapath()
        .render(desired).objects().stream()
            .filter(BpfObject.class::isInstance)
            .map(o -> ((BpfObject) o).maps())
            .findFirst()
            .orElseThrow();
  }

  @Test
  void areTheSameInAnyOrderAndWithOthersBefore() {
    List<MapContent> maps = maps(FIRST + SECOND);
    assertThat(maps(SECOND + FIRST)).isEqualTo(maps);
    Map<MapValue, MapValue> alone = peers(maps(SECOND));
    assertThat(peers(maps)).containsAllEntriesOf(alone);
    assertThat(alone).isNotEmpty();
  }

  /** Under that number programs remember, for new flows too, what policy let through last. */
  @ParameterizedTest
  @ValueSource(strings = {"revoke", "keep"})
  void anotherPolicyIsAnotherConfigurationWhateverBecomesOfFlows(String established) {
    List<MapContent> before = maps(FIRST + SECOND, established, "http");
    List<MapContent> after = maps(FIRST + SECOND, established, "9999");
    assertThat(content(before, "configuration")).isNotEqualTo(content(after, "configuration"));
    assertThat(content(before, "generations").equals(content(after, "generations")))
        .isEqualTo(established.equals("keep"));
    assertThat(maps(SECOND + FIRST, established, "http")).isEqualTo(before);
  }

  private static Map<MapValue, MapValue> peers(List<MapContent> maps) {
    return content(maps, "peers");
  }

  private static Map<MapValue, MapValue> content(List<MapContent> maps, String map) {
    MapEntries entries =
        maps.stream().filter(m -> m.map().equals(map)).findFirst().orElseThrow().entries();
    return IntStream.range(0, entries.size())
        .boxed()
        .collect(Collectors.toMap(entries::key, entries::value));
  }
}
