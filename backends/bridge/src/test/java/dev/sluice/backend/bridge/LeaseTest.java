package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A value that was there before is borrowed. As if the kernel had no forwarding of IPv6 by
 * interface: then the bridge needs the node's own setting.
 */
@ExtendWith(NodeExtension.class)
class LeaseTest {

  private static final String SETTING = "net.ipv6.conf.all.forwarding";
  private static final String OTHER =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: other}
      spec:
        networks: [{name: net, subnets: ["fd00:0:0:9::/64"]}]
        endpoints: [{name: x, netns: x, interfaces: [{network: net, name: eth0}]}]
      """;

  static Topologies topologies(Node node) {
    KernelFeatures features = TestTopologies.facts().features();
    Set<KernelFeature> older = EnumSet.copyOf(features.present());
    older.remove(KernelFeature.IPV6_FORCE_FORWARDING);
    NodeFacts facts =
        new NodeFacts(
            TestTopologies.facts().machineId(), new KernelFeatures(features.release(), older));
    return TestTopologies.on(node, facts, Bed.DATAPATH, Progress.silent());
  }

  static String read(Node node) {
    return Shell.inNode(node, "sysctl -n " + SETTING).orFail().strip();
  }

  static void write(Node node, int value) {
    Shell.inNode(node, "sysctl -q -w " + SETTING + "=" + value).orFail();
  }

  @Test
  void theLastOwnerPutsTheOldValueBack(Node node) {
    write(node, 0);
    Topologies topologies = topologies(node);
    topologies.apply(Bed.declared(Bed.TOPOLOGY));
    topologies.apply(Bed.declared(OTHER));
    assertThat(read(node)).isEqualTo("1");
    topologies.destroy(Bed.NAME);
    assertThat(read(node)).isEqualTo("1");
    topologies.destroy("other");
    assertThat(read(node)).isEqualTo("0");
  }

  @Test
  void aValueThatWasRightAlreadyStays(Node node) {
    write(node, 1);
    Topologies topologies = topologies(node);
    topologies.apply(Bed.declared(Bed.TOPOLOGY));
    topologies.destroy(Bed.NAME);
    assertThat(read(node)).isEqualTo("1");
  }

  @Test
  void aValueThatSomebodyElseChangedIsMendedByApplyAndLeftByDestroy(Node node) {
    write(node, 0);
    Topologies topologies = topologies(node);
    topologies.apply(Bed.declared(Bed.TOPOLOGY));
    write(node, 0);
    assertThat(topologies.status()).allMatch(s -> s.drift() == 1);
    topologies.apply(Bed.declared(Bed.TOPOLOGY));
    assertThat(read(node)).isEqualTo("1");
    write(node, 2);
    topologies.destroy(Bed.NAME);
    assertThat(read(node)).isEqualTo("2");
  }
}
