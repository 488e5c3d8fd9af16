package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.datapath.RefusedTopologyException;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.topology.TopologyReader;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.KernelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the examples become, without a kernel. After a wanted change of the render: {@code mvn test
 * -pl backends/ebpf -am -Dtest=EbpfRenderTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dsluice.golden.update=true}.
 */
class EbpfRenderTest {

  private static final Path EXAMPLES = Path.of("../../examples");
  private static final Set<KernelFeature> ALL = EnumSet.allOf(KernelFeature.class);

  /** What it does without. */
  private static final Set<KernelFeature> OPTIONAL =
      EnumSet.of(
          KernelFeature.MACVLAN,
          KernelFeature.IPVLAN,
          KernelFeature.IPV6_FORCE_FORWARDING,
          KernelFeature.NFTABLES_DEVICE,
          KernelFeature.BRIDGE_NETFILTER,
          KernelFeature.BPF_TCX,
          KernelFeature.BPF_CLSACT,
          KernelFeature.NETKIT);

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: limits}
      spec:
        networks:
          - {name: free, subnets: [10.0.1.0/24]}
          - {name: net, subnets: [10.0.2.0/24]NETWORK}
        endpoints:
          - name: one
            netns: one
            interfaces: [{network: free, name: eth0}, {network: net, name: eth1INTERFACE}]
      SPEC
      """;

  private static KernelState render(String name, String yaml) {
    return render(name, yaml, without(KernelFeature.NETKIT));
  }

  private static KernelState render(String name, String yaml, Set<KernelFeature> features) {
    NodeFacts facts =
        new NodeFacts("0123456789abcdef0123456789abcdef", new KernelFeatures("6.18", features));
    return new EbpfDatapath().render(DesiredState.of(facts, TopologyReader.read(name, yaml)));
  }

  private static KernelState example(String name) throws IOException {
    Path file = EXAMPLES.resolve(name + ".yaml");
    return render(file.toString(), Files.readString(file));
  }

  /** Leaves out the version, which is another with each edit of the C sources. */
  private static String text(KernelState state) {
    List<KernelObject> others =
        state.objects().stream()
            .filter(o -> !(o instanceof BpfObject || o instanceof BpfLink))
            .toList();
    StringBuilder out = new StringBuilder(KernelText.of(KernelState.of("", others)));
    state.objects().stream()
        .filter(BpfLink.class::isInstance)
        .map(BpfLink.class::cast)
        .map(l -> l.key().id() + " is " + l.program() + "\n")
        .sorted()
        .forEach(out::append);
    state.objects().stream()
        .filter(BpfObject.class::isInstance)
        .map(BpfObject.class::cast)
        .forEach(object -> out.append(text(object)));
    return out.toString();
  }

  private static String text(BpfObject object) {
    StringBuilder out =
        new StringBuilder("object %s of %s.bpf.o%n".formatted(object.name(), object.file()));
    object
        .maps()
        .forEach(
            map -> {
              out.append(
                  "  %s %s, room for %d%n".formatted(map.sort(), map.map(), map.maxEntries()));
              for (int i = 0; i < map.entries().size(); i++) {
                out.append("    %s: %s%n".formatted(map.entries().key(i), map.entries().value(i)));
              }
            });
    return out.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-subnets", "three-tier", "three-tier-policy"})
  void examplesRenderAsKept(String example) throws IOException {
    Golden.assertMatches("render/" + example + ".txt", text(example(example)));
  }

  @Test
  void withNetkitItRendersAsKept() throws IOException {
    Path file = EXAMPLES.resolve("two-subnets.yaml");
    Golden.assertMatches(
        "render/two-subnets-netkit.txt",
        text(render(file.toString(), Files.readString(file), ALL)));
  }

  @Test
  void aDenyListRendersAsKept() {
    String yaml =
        TOPOLOGY
            .replace("NETWORK", ", uplink: up0")
            .replace("INTERFACE", "")
            .replace(
                "SPEC", "  denyFrom: [203.0.113.0/24, 203.0.113.64/26, \"2001:db8:bad::/48\"]");
    List<KernelObject> list =
        render("topology.yaml", yaml).objects().stream()
            .filter(
                o ->
                    (o instanceof BpfObject object && object.file().equals("uplink"))
                        || (o instanceof BpfLink link && link.hook() == BpfLink.Hook.XDP))
            .toList();
    Golden.assertMatches("render/deny-list.txt", text(KernelState.of("", list)));
  }

  /** The same programs at the same devices, otherwise attached. */
  @Test
  void withoutTcxTheProgramsAreFilters() throws IOException {
    Path file = EXAMPLES.resolve("two-subnets.yaml");
    String yaml = Files.readString(file);
    String linked = text(render(file.toString(), yaml));
    Set<KernelFeature> features = without(KernelFeature.NETKIT);
    features.remove(KernelFeature.BPF_CLSACT);
    assertThat(text(render(file.toString(), yaml, features))).isEqualTo(linked);
    features.add(KernelFeature.BPF_CLSACT);
    features.remove(KernelFeature.BPF_TCX);
    assertThat(text(render(file.toString(), yaml, features)))
        .isNotEqualTo(linked)
        .isEqualTo(linked.replace("tcx-", "clsact-"));
  }

  /** What is attached is of the object that is loaded, at links that there are. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyAttachmentHasItsObjectAndItsLink(boolean netkit) throws IOException {
    Path file = EXAMPLES.resolve("three-tier.yaml");
    KernelState state =
        render(
            file.toString(), Files.readString(file), netkit ? ALL : without(KernelFeature.NETKIT));
    Set<String> versions =
        state.objects().stream()
            .filter(BpfObject.class::isInstance)
            .map(o -> ((BpfObject) o).version())
            .collect(Collectors.toSet());
    assertThat(versions).hasSize(1);
    assertThat(state.objects())
        .filteredOn(BpfLink.class::isInstance)
        .isNotEmpty()
        .allMatch(o -> versions.contains(((BpfLink) o).version()))
        .allMatch(o -> o.needs().stream().allMatch(key -> state.get(key).isPresent()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "INTERFACE; rate: {egress: 1mbit}; spec.endpoints[0].interfaces[1].rate",
        "NETWORK; parent: up0, gateway: 10.0.2.1, uplink: up1; spec.networks[1].uplink"
      })
  void aFieldThatItCannotHonourIsRefusedByItsPath(String place, String text, String path) {
    String filled = TOPOLOGY.replace(place, place.equals("SPEC") ? "  " + text : ", " + text);
    String yaml = filled.replaceAll("NETWORK|INTERFACE|SPEC", "");
    assertThatThrownBy(() -> render("topology.yaml", yaml))
        .isInstanceOf(RefusedTopologyException.class)
        .hasMessageContaining(path + ": ");
  }

  @Test
  void withoutAFeatureThatItNeedsItDoesNotRun() {
    for (KernelFeature feature : ALL) {
      Support support = support(without(feature));
      assertThat(support.lacks())
          .as("without %s", feature)
          .isEqualTo(OPTIONAL.contains(feature) ? List.of() : List.of(feature));
    }
  }

  @Test
  void eitherWayToAttachIsEnough() {
    assertThat(support(without(KernelFeature.BPF_TCX)).notes())
        .anyMatch(note -> note.contains("clsact"));
    assertThat(support(ALL).notes()).noneMatch(note -> note.contains("clsact"));
    Set<KernelFeature> neither = without(KernelFeature.BPF_TCX);
    neither.remove(KernelFeature.BPF_CLSACT);
    assertThat(support(neither).lacks())
        .singleElement()
        .satisfies(
            lack -> assertThat(lack.lack()).contains("CONFIG_NET_CLS_BPF", "since Linux 4.5"));
  }

  private static Set<KernelFeature> without(KernelFeature feature) {
    return EnumSet.complementOf(EnumSet.of(feature));
  }

  @Test
  void itTellsWhichPairsItMakes() {
    assertThat(support(ALL).notes()).containsExactly("endpoints have netkit pairs");
    assertThat(support(without(KernelFeature.NETKIT)).notes())
        .singleElement()
        .asString()
        .contains("veth pairs", "no netkit");
  }

  private static Support support(Set<KernelFeature> features) {
    return new EbpfDatapath().support(new KernelFeatures("6.18", features));
  }
}
