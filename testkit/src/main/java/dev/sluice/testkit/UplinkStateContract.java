package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.error.UnsupportedFeatureException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the ways when topologies and uplinks come, change and go. */
abstract class UplinkStateContract extends UplinkBed {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutItsTablesNothingGoesOutOrComesInUntilTheyAreMended(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    Shell.inNode(node, "nft flush ruleset").orFail();
    for (NetnsRef endpoint : new NetnsRef[] {HIDDEN, PLAIN}) {
      IpAddress address = endpoint.equals(HIDDEN) ? hidden(v4) : plain(v4);
      assertNoWay(node, endpoint, outside.netns(), outside.address(v4));
      assertNoWay(node, outside.netns(), endpoint, address);
      assertArrives(false, node, endpoint, address, outside.netns(), outside.address(v4));
      assertArrives(false, node, outside.netns(), outside.address(v4), endpoint, address);
    }
    Topologies topologies = topologies(node);
    assertThat(topologies.plan(TestTopologies.declared(datapath(), TOPOLOGY)).steps()).isNotEmpty();
    assertThat(topologies.status()).allMatch(s -> s.drift() > 0);
    apply(node, TOPOLOGY);
    assertThat(seenOutside(outside, HIDDEN, v4)).contains(outside.nodeAddress(v4));
    assertThat(seenOutside(outside, PLAIN, v4)).contains(plain(v4));
  }

  @Test
  void theNodeIsLeftAsItWas(Node node) {
    outside(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(node, TOPOLOGY);
    assertThat(apply(node, TOPOLOGY).steps()).isEmpty();
    apply(node, OTHER);
    topologies(node).destroy("ways");
    topologies(node).destroy("other");
    before.assertUnchanged(node);
  }

  @Test
  void aNetworkMayLoseItsUplinkAndGetItAgain(Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(
        node, TOPOLOGY.replace(", uplink: up0, masquerade: true", "").replace(", uplink: up0", ""));
    assertNoWay(node, PLAIN, outside.netns(), outside.address(true));
    assertNoWay(node, outside.netns(), HIDDEN, hidden(true));
    apply(node, TOPOLOGY);
    before.assertUnchanged(node);
    assertThat(seenOutside(outside, HIDDEN, true)).contains(outside.nodeAddress(true));
  }

  @Test
  void anUplinkThatIsNotThereIsRefusedBeforeTheFirstStep(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Topologies topologies = topologies(node);
    assertThatThrownBy(() -> topologies.plan(TestTopologies.declared(datapath(), TOPOLOGY)))
        .isInstanceOf(UnsupportedFeatureException.class);
    assertThatThrownBy(() -> apply(node, TOPOLOGY))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("topology ways: spec.networks[0].uplink: there is no interface up0")
        .hasMessageContaining("topology ways: spec.networks[1].uplink: there is no interface up0");
    before.assertUnchanged(node);
    assertThat(topologies.status()).isEmpty();
  }

  @Test
  void anUplinkThatGoesIsToldAndDoesNotHinderDestroying(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    Shell.inNode(node, "ip link del up0").orFail();
    assertThat(topologies(node).status()).allMatch(s -> s.drift() > 0);
    assertThatThrownBy(() -> apply(node, TOPOLOGY))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("spec.networks[0].uplink");
    topologies(node).destroy("ways");
    String name = node.published(outside.netns().name().orElseThrow()).toString();
    Shell.inNode(node, "umount %1$s && rm %1$s".formatted(name)).orFail();
    before.assertUnchanged(node);
  }
}
