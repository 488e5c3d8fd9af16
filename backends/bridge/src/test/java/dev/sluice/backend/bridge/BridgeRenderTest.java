package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.Rule;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.topology.TopologyReader;
import dev.sluice.testkit.Golden;
import dev.sluice.testkit.KernelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the examples become, without a kernel. After a wanted change of the render: {@code mvn test
 * -pl backends/bridge -am -Dtest=BridgeRenderTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dsluice.golden.update=true}.
 */
class BridgeRenderTest {

  private static final Path EXAMPLES = Path.of("../../examples");
  private static final Set<KernelFeature> ALL = EnumSet.allOf(KernelFeature.class);

  /** What it does without; of the first it tells. */
  private static final Set<KernelFeature> OPTIONAL =
      EnumSet.of(
          KernelFeature.MACVLAN,
          KernelFeature.IPVLAN,
          KernelFeature.IPV6_FORCE_FORWARDING,
          KernelFeature.BPF,
          KernelFeature.BPF_JIT,
          KernelFeature.BPF_TCX,
          KernelFeature.BPF_CLSACT,
          KernelFeature.BPF_REDIRECT_PEER,
          KernelFeature.BPF_READ_KERNEL,
          KernelFeature.BTF,
          KernelFeature.NETKIT);

  private static KernelState render(String example, Set<KernelFeature> features)
      throws IOException {
    return render(EXAMPLES.resolve(example + ".yaml"), features);
  }

  private static KernelState render(Path file, Set<KernelFeature> features) throws IOException {
    NodeFacts facts =
        new NodeFacts("0123456789abcdef0123456789abcdef", new KernelFeatures("6.18", features));
    return new BridgeDatapath()
        .render(
            DesiredState.of(facts, TopologyReader.read(file.toString(), Files.readString(file))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"two-subnets", "three-tier", "three-tier-policy"})
  void examplesRenderAsKept(String example) throws IOException {
    Golden.assertMatches("render/" + example + ".txt", KernelText.of(render(example, ALL)));
  }

  @Test
  void uplinksAndPublishedPortsRenderAsKept() throws IOException {
    Path file = Path.of("src/test/resources/render/uplinks.yaml");
    List<KernelObject> concerned =
        render(file, ALL).objects().stream()
            .filter(
                o ->
                    (o instanceof NftTable t && t.name().contains("/"))
                        || (o instanceof Sysctl s && s.link().isEmpty())
                        || o instanceof Rule
                        || o instanceof Bridge
                        || o instanceof VethPair)
            .toList();
    Golden.assertMatches("render/uplinks.txt", KernelText.of(KernelState.of("", concerned)));
  }

  @Test
  void aNodeForwardsIpv6AltogetherWhereTheKernelCannotPerInterface() throws IOException {
    Set<KernelFeature> older =
        EnumSet.complementOf(EnumSet.of(KernelFeature.IPV6_FORCE_FORWARDING));
    assertThat(KernelText.of(render("two-subnets", older)))
        .contains("sysctl net/ipv6/conf/all/forwarding = 1")
        .doesNotContain("force_forwarding");
  }

  @Test
  void withoutAFeatureThatItNeedsItDoesNotRun() {
    for (KernelFeature feature : ALL) {
      KernelFeatures without =
          new KernelFeatures("5.10", EnumSet.complementOf(EnumSet.of(feature)));
      boolean optional = OPTIONAL.contains(feature);
      assertThat(new BridgeDatapath().support(without))
          .as("without %s", feature)
          .matches(s -> s.runs() == optional)
          .matches(s -> optional || s.lacks().get(0) == feature)
          .matches(s -> s.notes().isEmpty() != (feature == KernelFeature.IPV6_FORCE_FORWARDING));
    }
  }
}
