package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backend.macvlan.MacvlanDatapath;
import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapContent.Sort;
import dev.sluice.bpf.kernel.MapEntries;
import dev.sluice.bpf.lib.Btf;
import dev.sluice.bpf.lib.MapShape;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.bpf.render.Layout;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.policy.DropReason;
import dev.sluice.testkit.TestTopologies;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What C and Java share, by the types of the compiled objects. */
class LayoutTest {

  private static final String ENDPOINT = "endpoint";
  private static final String NETKIT = "netkit";
  private static final String PARENT = "parent";
  private static final String UPLINK = "uplink";

  /** Maps of counts, by object. */
  private static final Set<String> COUNTING = Set.of("rules", "drops", "denied");

  /** Something in every map. */
  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: layouts}
      spec:
        networks:
          - {name: red, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"], uplink: up0}
          - {name: blue, subnets: [10.0.2.0/24], parent: up1, gateway: 10.0.2.1}
        denyFrom: [192.0.2.0/24, "2001:db8::/32"]
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

  static Stream<Arguments> layouts() {
    return Stream.of(
            Layout.OF_ENDPOINTS.stream().map(layout -> Arguments.of(ENDPOINT, layout)),
            Layout.OF_ENDPOINTS.stream().map(layout -> Arguments.of(NETKIT, layout)),
            Layout.OF_ENDPOINTS.stream().map(layout -> Arguments.of(PARENT, layout)),
            Layout.OF_UPLINKS.stream().map(layout -> Arguments.of(UPLINK, layout)))
        .flatMap(each -> each);
  }

  private static OpenObject open(String file) {
    return OpenObject.open(file, ObjectFile.read(file));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void fieldsAreWhereTheObjectHasThem(String file, Layout layout) {
    try (OpenObject object = open(file)) {
      Btf types = object.types();
      assertThat(layout.fields()).isEqualTo(types.members(layout.struct()));
      assertThat(types.structSize(layout.struct())).hasValue(layout.size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ENDPOINT, NETKIT, PARENT, UPLINK})
  void dropReasonsHaveTheNumbersOfTheObject(String file) {
    Map<String, Integer> expected = new LinkedHashMap<>();
    for (DropReason reason : DropReason.values()) {
      expected.put("DROP_" + reason.name(), reason.number());
    }
    expected.put("DROP_REASONS", DropReason.values().length);
    expected.put("DROP_NOT", 255);

    try (OpenObject object = open(file)) {
      assertThat(object.types().constants("drop_reason")).containsExactlyEntriesOf(expected);
      // Live state: with another shape no version could take over from this one.
      assertThat(object.shape("drops").maxEntries()).isEqualTo(32);
    }
    assertThat(Arrays.stream(DropReason.values()).map(DropReason::number))
        .as("numbers in order")
        .isSorted()
        .doesNotHaveDuplicates();
  }

  /** Keys and values that are written have the size of the map's. */
  @ParameterizedTest
  @ValueSource(strings = {ENDPOINT, NETKIT, PARENT, UPLINK})
  void whatIsRenderedFitsTheMaps(String file) {
    BpfObject rendered =
        render(file).objects().stream()
            .filter(BpfObject.class::isInstance)
            .map(BpfObject.class::cast)
            .filter(o -> o.file().equals(file))
            .findFirst()
            .orElseThrow();

    try (OpenObject object = open(file)) {
      for (MapContent content : rendered.maps()) {
        fits(content, object.shape(content.map()));
      }
      assertThat(object.maps().stream().filter(COUNTING::contains))
          .isNotEmpty()
          .allMatch(map -> object.shape(map).valueSize() == Layout.COUNT.size());
      assertThat(rendered.maps().stream().map(MapContent::map)).doesNotHaveDuplicates();
      assertThat(new TreeSet<>(object.maps()))
          .containsAll(rendered.maps().stream().map(MapContent::map).toList());
    }
  }

  /** By a datapath that has the object: on a kernel that has all, or all but netkit. */
  private static KernelState render(String file) {
    Set<KernelFeature> features = EnumSet.allOf(KernelFeature.class);
    if (file.equals(ENDPOINT)) {
      features.remove(KernelFeature.NETKIT);
    }
    NodeFacts facts =
        new NodeFacts(TestTopologies.facts().machineId(), new KernelFeatures("", features));
    Datapath datapath = file.equals(PARENT) ? new MacvlanDatapath() : new EbpfDatapath();
    return datapath.render(DesiredState.of(facts, TestTopologies.read(TOPOLOGY)));
  }

  private static void fits(MapContent content, MapShape shape) {
    MapEntries entries = content.entries();
    assertThat(entries.size()).as("entries of %s", content.map()).isPositive();
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.key(i).bytes()).as(content.map()).hasSize(shape.keySize());
      if (content.sort() != Sort.COUNTERS) {
        assertThat(entries.value(i).bytes()).as(content.map()).hasSize(shape.valueSize());
      }
    }
  }
}
