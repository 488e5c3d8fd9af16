package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.WireProbe;
import dev.sluice.core.check.WireProbe.Finding;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The device of the node that a wire is reached by: whose it is, and what becomes of it while
 * networks are parts of the wire.
 */
public abstract class WireDeviceContract extends WireSuite {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theDeviceIsLeftAsItWas(boolean onNode, Node node) {
    WireBed bed = WireBed.on(node);
    // A group that the node itself listens to, and endpoint a is asked at.
    Shell.inNode(node, "ip addr add 2001:db8:5::2/64 dev up0 nodad").orFail();
    NodeSnapshot before = NodeSnapshot.of(node);
    String device = bed.device();
    assertThat(device).contains("33:33:ff:00:00:02");
    apply(node, gateway(onNode));
    assertThat(bed.device()).isNotEqualTo(device);
    topologies(node).destroy(WireBed.NAME);
    assertThat(bed.device()).isEqualTo(device);
    before.assertUnchanged(node);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ip link del up0; there is no interface up0",
        "ip link set up0 down; up0 is down",
        "ip link add br0 type bridge && ip link set up0 master br0; is a port of another device",
        "ip link set up0 mtu 1400; has an MTU of 1400"
      })
  void aDeviceThatIsOfNoUseIsRefused(String damage, String message, Node node) {
    WireBed.on(node);
    Shell.inNode(node, damage).orFail();
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThatThrownBy(() -> apply(node, WireBed.ROUTED))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("spec.networks[0].parent")
        .hasMessageContaining(message);
    before.assertUnchanged(node);
  }

  /** It is not ours to mend. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ip link set up0 down; up0 is down",
        "ip link add br0 type bridge && ip link set up0 master br0; is a port of another device",
        "ip link set up0 mtu 1400; has an MTU of 1400"
      })
  void whatBecomesOfTheDeviceAfterwardsIsTold(String damage, String message, Node node) {
    WireBed.on(node);
    apply(node, WireBed.ROUTED);
    assertThat(topologies(node).status()).singleElement().matches(s -> s.faults().isEmpty());
    Shell.inNode(node, damage).orFail();
    assertThat(topologies(node).status())
        .singleElement()
        .satisfies(
            s ->
                assertThat(s.faults())
                    .singleElement()
                    .asString()
                    .startsWith("topology wired: spec.networks[0].parent: ")
                    .contains(message));
    topologies(node).destroy(WireBed.NAME);
  }

  @Test
  void aDeviceThatHasGoneIsToldAndDestroyWorks(Node node) {
    WireBed.on(node);
    apply(node, WireBed.ROUTED);
    Shell.inNode(node, "ip link del up0").orFail();
    assertThat(topologies(node).status()).singleElement().matches(s -> s.drift() > 0);
    assertThatThrownBy(
            () -> topologies(node).plan(TestTopologies.declared(datapath(), WireBed.ROUTED)))
        .hasMessageContaining("there is no interface up0");
    topologies(node).destroy(WireBed.NAME);
    assertThat(Shell.inNode(node, "ip -o link show").orFail().lines()).hasSize(1);
  }

  private List<Finding> asked(Node node) {
    DesiredState desired =
        DesiredState.of(TestTopologies.facts(), topologies(node).topology(WireBed.NAME));
    return WireProbe.of(node, desired);
  }

  /** A switch whose port lets one MAC speak, as in many clouds: seen as no answer alone. */
  @Test
  void aLimitOfMacsIsFoundByAskingTheRouter(Node node) {
    WireBed bed = WireBed.on(node);
    apply(node, WireBed.ROUTED);
    IpAddress router = IpAddress.parse(WireBed.router(true));
    assertThat(asked(node))
        .containsExactly(new Finding(WireBed.NAME, "up0", router, true, List.of()));
    bed.router()
        .run(
            """
            set -e
            nft add table netdev port
            nft 'add chain netdev port in { type filter hook ingress device eth0 priority 0; }'
            nft add rule netdev port in ether saddr != %s drop
            """
                .formatted(bed.mac()));
    Contract.assertSilent(node, WireBed.A, WireBed.router(true));
    Contract.assertAnswers(node, NetnsRef.NODE, bed.router().address(true).toString());
    assertThat(asked(node))
        .containsExactly(new Finding(WireBed.NAME, "up0", router, true, List.of("a", "b")));
    bed.router().run("ip addr del 10.0.1.1/24 dev eth0");
    assertThat(asked(node))
        .containsExactly(new Finding(WireBed.NAME, "up0", router, false, List.of("a", "b")));
    Shell.inNode(node, "ip link set up0 down").orFail();
    assertThat(asked(node)).isEmpty();
  }

  static List<String> kinds() {
    return TestTopologies.facts().features().has(KernelFeature.IPVLAN)
        ? List.of("macvlan mode bridge", "ipvlan mode l2 bridge")
        : List.of("macvlan mode bridge");
  }

  /** Others bind to the device what the datapath of the other kind would, and all go on. */
  @ParameterizedTest
  @MethodSource("dev.sluice.testkit.WireDeviceContract#kinds")
  void aDeviceThatCarriesOthersIsShared(String kind, Node node) {
    WireBed bed = WireBed.on(node);
    Shell.inNode(
            node,
            """
            set -e
            ip link add other0 link up0 type %s
            ip link set other0 up
            ip addr add 10.0.1.7/24 dev other0
            """
                .formatted(kind))
        .orFail();
    apply(node, WireBed.ROUTED);
    Contract.assertAnswers(node, WireBed.A, WireBed.router(true));
    Contract.assertAnswers(node, bed.router().netns(), WireBed.a(true));
    Contract.assertAnswers(node, bed.router().netns(), "10.0.1.7");
    topologies(node).destroy(WireBed.NAME);
    Contract.assertAnswers(node, bed.router().netns(), "10.0.1.7");
  }

  private static final String SECOND = "second";

  /** Another topology's part of the wire, with one endpoint. */
  private static String second(String host) {
    return WireBed.ROUTED
        .substring(0, WireBed.ROUTED.indexOf("    - name: b"))
        .replace("name: wired", "name: " + SECOND)
        .replace("name: a", "name: c")
        .replace("netns: a", "netns: c")
        .replace(".1.2", ".1." + host)
        .replace("::2", "::" + host);
  }

  /** Each reaches the wire; a device takes nothing in that it has sent, so they not each other. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void topologiesShareAWire(boolean v4, Node node) {
    WireBed bed = WireBed.on(node);
    NetnsRef router = bed.router().netns(), c = NetnsRef.named("c");
    String ofC = WireBed.a(v4).replaceAll("2$", "8");
    String device = bed.device();
    apply(node, WireBed.ROUTED);
    apply(node, second("8"));
    for (boolean again : new boolean[] {false, true}) {
      // In this order: the endpoint's own kernel waits for the carrier, a host of the wire does
      // not.
      Contract.assertAnswers(node, c, WireBed.router(v4));
      Contract.assertAnswers(node, router, ofC);
      if (!again) {
        Contract.assertAnswers(node, router, WireBed.a(v4));
        Contract.assertSilent(node, WireBed.A, ofC);
        topologies(node).destroy(WireBed.NAME);
      }
    }
    topologies(node).destroy(SECOND);
    assertThat(bed.device()).isEqualTo(device);
  }

  @Test
  void anAddressOfAnotherTopologyOnTheWireIsRefused(Node node) {
    WireBed.on(node);
    apply(node, WireBed.ROUTED);
    assertThatThrownBy(() -> apply(node, second("3")))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("spec.networks[0].parent")
        .hasMessageContaining("has 10.0.1.3 on the wire of up0 already");
    assertThat(topologies(node).status()).singleElement().matches(s -> s.drift() == 0);
  }

  /** What the device takes in is a lease: whoever ends it by hand is told, and put right. */
  @Test
  void whatTheDeviceTakesInIsMended(Node node) {
    WireBed bed = WireBed.on(node);
    String before = bed.device();
    apply(node, WireBed.ROUTED);
    String device = bed.device();
    String mac;
    try (Wire a = Wire.on(node, WireBed.A, "eth0")) {
      mac = a.link().mac().orElseThrow().toString();
    }
    Shell.inNode(node, "bridge fdb del %s dev up0 self".formatted(mac)).orFail();
    assertThat(bed.device()).isNotEqualTo(device);
    assertThat(topologies(node).status()).singleElement().matches(s -> s.drift() == 1);
    apply(node, WireBed.ROUTED);
    assertThat(bed.device()).isEqualTo(device);
    assertThat(topologies(node).status()).singleElement().matches(s -> s.drift() == 0);
    Contract.assertAnswers(node, bed.router().netns(), WireBed.a(true));
    topologies(node).destroy(WireBed.NAME);
    assertThat(bed.device()).isEqualTo(before);
  }
}
