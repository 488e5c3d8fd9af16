package dev.sluice.backend.ipvlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.datapath.RefusedTopologyException;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.Ipvlan;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.core.topology.TopologyReader;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.KernelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the examples become, without a kernel. After a wanted change of the render: {@code mvn test
 * -pl backends/ipvlan -am -Dtest=IpvlanRenderTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dsluice.golden.update=true}.
 */
class IpvlanRenderTest {

  private static final Path EXAMPLES = Path.of("../../examples");

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

  private static KernelState render(IpvlanMode mode, String name, String yaml) {
    KernelFeatures all = new KernelFeatures("6.12", EnumSet.allOf(KernelFeature.class));
    NodeFacts facts = new NodeFacts("0123456789abcdef0123456789abcdef", all);
    return new IpvlanDatapath(mode).render(DesiredState.of(facts, TopologyReader.read(name, yaml)));
  }

  private static KernelState example(IpvlanMode mode, String name) throws IOException {
    Path file = EXAMPLES.resolve(name + ".yaml");
    return render(mode, file.toString(), Files.readString(file));
  }

  private static <T> Stream<T> all(KernelState state, Class<T> type) {
    return state.objects().stream().filter(type::isInstance).map(type::cast);
  }

  /** Without programs and maps, which are the eBPF datapath's. */
  private static String text(KernelState state) {
    return KernelText.of(
        KernelState.of(
            "",
            state.objects().stream()
                .filter(o -> !(o instanceof BpfObject || o instanceof BpfLink))
                .toList()));
  }

  @ParameterizedTest
  @EnumSource(IpvlanMode.class)
  void anExampleRendersAsKept(IpvlanMode mode) throws IOException {
    Golden.assertMatches(
        "render/two-subnets-" + mode.name().toLowerCase(Locale.ROOT) + ".txt",
        text(example(mode, "two-subnets")));
  }

  /** In one with another, slaves would reach each other, or be routed by each other's parents. */
  @ParameterizedTest
  @EnumSource(IpvlanMode.class)
  void eachIsOnAParentOfItsOwnInANamespaceOfItsOwn(IpvlanMode mode) throws IOException {
    KernelState state = example(mode, "three-tier");
    assertThat(all(state, Ipvlan.class)).hasSizeGreaterThan(2).allMatch(Ipvlan::vepa);
    assertThat(all(state, Ipvlan.class).map(Ipvlan::parentNetns)).doesNotHaveDuplicates();
    assertThat(all(state, Ipvlan.class))
        .allMatch(i -> i.needs().stream().allMatch(key -> provides(state, key)));
    assertThat(all(state, VethPair.class).map(VethPair::farNetns))
        .containsExactlyInAnyOrderElementsOf(
            all(state, Ipvlan.class).map(Ipvlan::parentNetns).toList());
  }

  private static boolean provides(KernelState state, Key key) {
    return state.objects().stream().anyMatch(o -> o.provides().contains(key));
  }

  @Test
  void aNetworkSaysItsMode() {
    String yaml = TOPOLOGY.replace("NETWORK", ", ipvlan: {mode: l3s}").replace("INTERFACE", "");
    assertThat(all(render(IpvlanMode.L2, "topology.yaml", yaml), Ipvlan.class))
        .extracting(Ipvlan::mode)
        .containsExactlyInAnyOrder(IpvlanMode.L2, IpvlanMode.L3S);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "INTERFACE; rate: {egress: 1mbit}; spec.endpoints[0].interfaces[1].rate",
        "NETWORK; parent: up0, gateway: 10.0.2.1, ipvlan: {mode: l3}; spec.networks[1].parent",
        "NETWORK; parent: up0, gateway: 10.0.2.1, ipvlan: {mode: l3s}; spec.networks[1].parent"
      })
  void aFieldThatItCannotHonourIsRefusedByItsPath(String place, String text, String path) {
    String yaml = TOPOLOGY.replace(place, ", " + text).replaceAll("NETWORK|INTERFACE", "");
    assertThatThrownBy(() -> render(IpvlanMode.L2, "topology.yaml", yaml))
        .isInstanceOf(RefusedTopologyException.class)
        .hasMessageContaining(path + ": ");
  }

  @Test
  void whatAModeCannotDoIsTold() {
    String yaml = TOPOLOGY.replace("NETWORK", ", ipvlan: {mode: l3s}").replace("INTERFACE", "");
    assertThat(new IpvlanDatapath().lacks(TopologyReader.read("topology.yaml", yaml)))
        .singleElement()
        .asString()
        .startsWith("spec.networks[1].ipvlan.mode: in mode l3s endpoints neither speak ARP nor");
    KernelFeatures all = new KernelFeatures("6.12", EnumSet.allOf(KernelFeature.class));
    assertThat(new IpvlanDatapath().support(all).notes())
        .anyMatch(note -> note.startsWith("in modes l3 and l3s endpoints neither speak ARP nor"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"IPVLAN", "BPF", "BPF_REDIRECT_PEER", "VETH"})
  void withoutAFeatureThatItNeedsItDoesNotRun(KernelFeature feature) {
    Support support =
        new IpvlanDatapath()
            .support(new KernelFeatures("6.12", EnumSet.complementOf(EnumSet.of(feature))));
    assertThat(support.lacks()).containsExactly(feature);
  }
}
