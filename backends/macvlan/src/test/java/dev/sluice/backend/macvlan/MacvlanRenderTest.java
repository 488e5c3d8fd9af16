package dev.sluice.backend.macvlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.datapath.RefusedTopologyException;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.topology.TopologyReader;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.KernelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the examples become, without a kernel. After a wanted change of the render: {@code mvn test
 * -pl backends/macvlan -am -Dtest=MacvlanRenderTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dsluice.golden.update=true}.
 */
class MacvlanRenderTest {

  private static final Path EXAMPLES = Path.of("../../examples");
  private static final Set<KernelFeature> ALL = EnumSet.allOf(KernelFeature.class);

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
      """;

  private static KernelState render(String name, String yaml) {
    NodeFacts facts =
        new NodeFacts("0123456789abcdef0123456789abcdef", new KernelFeatures("6.18", ALL));
    return new MacvlanDatapath().render(DesiredState.of(facts, TopologyReader.read(name, yaml)));
  }

  private static KernelState example(String name) throws IOException {
    Path file = EXAMPLES.resolve(name + ".yaml");
    return render(file.toString(), Files.readString(file));
  }

  private static <T> Stream<T> all(KernelState state, Class<T> type) {
    return state.objects().stream().filter(type::isInstance).map(type::cast);
  }

  /** Leaves out the version, which is another with each edit of the C sources. */
  private static String text(KernelState state) {
    StringBuilder out =
        new StringBuilder(
            KernelText.of(
                KernelState.of(
                    "",
                    state.objects().stream()
                        .filter(o -> !(o instanceof BpfObject || o instanceof BpfLink))
                        .toList())));
    all(state, BpfLink.class)
        .map(link -> link.key().id() + " is " + link.program() + "\n")
        .sorted()
        .forEach(out::append);
    all(state, BpfObject.class).forEach(object -> out.append(text(object)));
    return out.toString();
  }

  private static String text(BpfObject object) {
    StringBuilder out = new StringBuilder();
    out.append("object %s of %s.bpf.o%n".formatted(object.name(), object.file()));
    for (MapContent map : object.maps()) {
      out.append("  %s %s, room for %d%n".formatted(map.sort(), map.map(), map.maxEntries()));
      for (int i = 0; i < map.entries().size(); i++) {
        out.append("    %s: %s%n".formatted(map.entries().key(i), map.entries().value(i)));
      }
    }
    return out.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-subnets", "three-tier", "three-tier-policy", "on-a-wire"})
  void examplesRenderAsKept(String example) throws IOException {
    Golden.assertMatches("render/" + example + ".txt", text(example(example)));
  }

  /** What is attached is of the object that is loaded, at links that there are. */
  @Test
  void everyAttachmentAndEverySlaveHasWhatItNeeds() throws IOException {
    KernelState state = example("three-tier");
    String version = all(state, BpfObject.class).findFirst().orElseThrow().version();
    assertThat(all(state, BpfLink.class))
        .isNotEmpty()
        .allMatch(link -> link.version().equals(version));
    assertThat(state.objects())
        .filteredOn(o -> o instanceof BpfLink || o instanceof Macvlan)
        .allMatch(o -> o.needs().stream().allMatch(key -> state.get(key).isPresent()));
  }

  /** Slaves of one parent would hear each other. */
  @Test
  void noTwoSlavesHaveOneParent() throws IOException {
    KernelState state = example("three-tier");
    assertThat(all(state, Macvlan.class).map(Macvlan::parent))
        .hasSizeGreaterThan(2)
        .doesNotHaveDuplicates();
    assertThat(all(state, Macvlan.class)).allMatch(Macvlan::passthru);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "INTERFACE; rate: {egress: 1mbit}; spec.endpoints[0].interfaces[1].rate",
        "NETWORK; parent: up0, gateway: 10.0.2.1, uplink: up1; spec.networks[1].uplink"
      })
  void aFieldThatItCannotHonourIsRefusedByItsPath(String place, String text, String path) {
    String yaml = TOPOLOGY.replace(place, ", " + text).replaceAll("NETWORK|INTERFACE", "");
    assertThatThrownBy(() -> render("topology.yaml", yaml))
        .isInstanceOf(RefusedTopologyException.class)
        .hasMessageContaining(path + ": ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MACVLAN", "BPF", "VETH"})
  void withoutAFeatureThatItNeedsItDoesNotRun(KernelFeature feature) {
    Support support =
        new MacvlanDatapath()
            .support(new KernelFeatures("6.18", EnumSet.complementOf(EnumSet.of(feature))));
    assertThat(support.lacks()).containsExactly(feature);
  }
}
