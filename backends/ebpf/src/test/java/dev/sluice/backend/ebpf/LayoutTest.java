package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapContent.Sort;
import dev.sluice.bpf.kernel.MapEntries;
import dev.sluice.bpf.lib.Btf;
import dev.sluice.bpf.lib.MapShape;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.core.policy.DropReason;
import dev.sluice.testkit.TestTopologies;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What C and Java share, by the types of the compiled object. */
class LayoutTest {

  private static final String FILE = "endpoint";

  /** Something in every map. */
  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: layouts}
      spec:
        networks: [{name: red, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}]
        endpoints:
          - name: a
            netns: a
            labels: {app: a}
            ports: [{port: 80, publish: 8080}]
            interfaces: [{network: red, name: eth0}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: some}
      spec:
        podSelector: {}
        policyTypes: [Ingress, Egress]
        ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 80}]}]
      """;

  private OpenObject object;
  private Btf types;

  @BeforeEach
  void open() {
    object = OpenObject.open(FILE, ObjectFile.read(FILE));
    types = object.types();
  }

  @AfterEach
  void close() {
    object.close();
  }

  static List<Layout> layouts() {
    return Layout.ALL;
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void fieldsAreWhereTheObjectHasThem(Layout layout) {
    assertThat(layout.fields()).isEqualTo(types.members(layout.struct()));
    assertThat(types.structSize(layout.struct())).hasValue(layout.size());
  }

  @Test
  void dropReasonsHaveTheNumbersOfTheObject() {
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (DropReason reason : DropReason.values()) {
      expected.put("DROP_" + reason.name(), reason.number());
    }
    expected.put("DROP_REASONS", DropReason.values().length);
    expected.put("DROP_NOT", 255);

    assertThat(types.constants("drop_reason")).containsExactlyEntriesOf(expected);
    assertThat(object.shape("drops").maxEntries()).isEqualTo(DropReason.values().length);
    assertThat(Arrays.stream(DropReason.values()).map(DropReason::number))
        .as("numbers in order")
        .isSorted()
        .doesNotHaveDuplicates();
  }

  /** Keys and values that are written have the size of the map's. */
  @Test
  void whatIsRenderedFitsTheMaps() {
    BpfObject rendered =
        TestTopologies.render(new EbpfDatapath(), TOPOLOGY).objects().stream()
            .filter(BpfObject.class::isInstance)
            .map(BpfObject.class::cast)
            .findFirst()
            .orElseThrow();

    for (MapContent content : rendered.maps()) {
      MapShape shape = object.shape(content.map());
      MapEntries entries = content.entries();
      assertThat(entries.size()).as("entries of %s", content.map()).isPositive();
      for (int i = 0; i < entries.size(); i++) {
        assertThat(entries.key(i).bytes()).as(content.map()).hasSize(shape.keySize());
        if (content.sort() != Sort.COUNTERS) {
          assertThat(entries.value(i).bytes()).as(content.map()).hasSize(shape.valueSize());
        }
      }
    }
    for (String counters : List.of("rules", "drops")) {
      assertThat(object.shape(counters).valueSize()).isEqualTo(Layout.COUNT.size());
    }
    assertThat(rendered.maps().stream().map(MapContent::map)).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(object.maps()))
        .containsAll(rendered.maps().stream().map(MapContent::map).toList());
  }
}
