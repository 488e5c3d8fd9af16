package dev.sluice.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.TopologyDocument;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WirePairTest {

  private static WirePair pair(String text) {
    return WirePair.of(TopologyReader.read("file", text), TopologyDocument.policies("file", text));
  }

  private static String example() throws IOException {
    return Files.readString(Path.of("../examples/on-a-wire.yaml"));
  }

  /** What a selector lets through from web to db it does not when web is an address. */
  @Test
  void takesTwoThatMayConnectWhenEachKnowsTheOtherByAddress() throws IOException {
    WirePair pair = pair(example());
    assertThat(pair.client()).isEqualTo("db");
    assertThat(pair.clientAddress()).hasToString("10.0.3.11");
    assertThat(pair.server()).isEqualTo("web");
    assertThat(pair.serverAddress()).hasToString("10.0.3.10");
    assertThat(pair.tcpPort()).isEqualTo(80);
  }

  @Test
  void eachEndHasItsOwnDeviceAndNamesOfItsOwn() throws IOException {
    EndSpec far = pair(example()).far();
    Topology topology = TopologyReader.read("far", far.document("sluice-peer", "wan7"));
    assertThat(topology.name()).isEqualTo("sluice-peer");
    assertThat(topology.networks())
        .singleElement()
        .satisfies(
            n -> {
              assertThat(n.parent()).contains("wan7");
              assertThat(n.gatewayOnNode()).isFalse();
            });
    assertThat(topology.endpoints())
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.netns()).isEqualTo("sluice-peer-web");
              assertThat(e.labels()).containsEntry("app", "web");
            });
    assertThat(topology.policies()).hasSize(2);
  }

  @Test
  void withoutPoliciesTheKernelChoosesThePort() throws IOException {
    String text = example();
    WirePair pair = pair(text.substring(0, text.indexOf("---")));
    assertThat(pair.client()).isEqualTo("web");
    assertThat(pair.tcpPort()).isZero();
  }

  @Test
  void oneEndpointAloneIsNobodyToMeasureTo() throws IOException {
    String text = Files.readString(Path.of("../examples/two-subnets.yaml"));
    assertThatThrownBy(() -> pair(text))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "two-subnets: the network red has no two endpoints with addresses in one subnet: there"
                + " is nothing to measure");
  }

  @Test
  void wherePolicyNamesNoAddressThereIsNothingToMeasure() throws IOException {
    String text = example();
    String bySelectors = text.substring(0, text.lastIndexOf("---"));
    assertThatThrownBy(() -> pair(bySelectors + "  policyTypes: [Ingress, Egress]\n"))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("by ipBlock alone");
  }
}
