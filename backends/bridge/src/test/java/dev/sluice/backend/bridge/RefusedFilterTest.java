package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.nft.NftException;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Intent.Phase;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.RolledBackException;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** nftables refuses: the rule is told, what was in force before still is, nothing is open. */
@ExtendWith(NodeExtension.class)
class RefusedFilterTest {

  private static final String LABELLED =
      Bed.TOPOLOGY.replaceAll("netns: (.)\n", "netns: $1\n      labels: {app: $1}\n");

  /** b takes datagrams to port 7 and nothing else, c nothing at all, and sends nothing. */
  private static final String POLICIES =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b}
      spec:
        podSelector: {matchLabels: {app: b}}
        ingress: [{ports: [{port: 7, protocol: UDP}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: c}
      spec: {podSelector: {matchLabels: {app: c}}, policyTypes: [Ingress, Egress]}
      """;

  private static final String WHOLE = LABELLED + POLICIES;

  /** More is allowed, and more is isolated; what was denied still is. */
  private static final String CHANGED =
      WHOLE.replace(
              "[{port: 7, protocol: UDP}]",
              "[{port: 7, protocol: UDP}, {port: 80}, {port: 10, endPort: 20, protocol: UDP}]")
          + """
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: a}
          spec: {podSelector: {matchLabels: {app: a}}, egress: [{}]}
          """;

  private static final String UNUSABLE = "ip protocol tcp goto nowhere";

  /** The bridge datapath, but for a rule that no kernel takes where there are so many policies. */
  private static final class Spoiled implements Datapath {

    private final Datapath bridge = new BridgeDatapath();
    private final int policies;

    Spoiled(int policies) {
      this.policies = policies;
    }

    @Override
    public String name() {
      return bridge.name();
    }

    @Override
    public String summary() {
      return bridge.summary();
    }

    @Override
    public Support support(KernelFeatures features) {
      return bridge.support(features);
    }

    @Override
    public KernelState render(DesiredState desired) {
      KernelState whole = bridge.render(desired);
      if (desired.topology().policies().size() != policies) {
        return whole;
      }
      return KernelState.of(
          desired.topology().name(),
          whole.objects().stream()
              .map(o -> o instanceof NftTable t && t.family().equals("inet") ? spoiled(t) : o)
              .toList());
    }

    private static KernelObject spoiled(NftTable table) {
      List<NftChain> chains = new ArrayList<>(table.chains());
      chains.add(new NftChain("unusable", Optional.empty(), List.of(UNUSABLE)));
      return new NftTable(
          table.netns(),
          table.family(),
          table.name(),
          table.counters(),
          table.sets(),
          chains,
          table.links());
    }
  }

  private static Optional<NftException> refusal(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof NftException refused) {
        return Optional.of(refused);
      }
    }
    return Optional.empty();
  }

  @Test
  void aFirstApplyLeavesNothingAndRaisesNothing(Node node) {
    try (DeniedFlows flows = new DeniedFlows(node, WHOLE)) {
      NodeSnapshot before = NodeSnapshot.of(node);
      Topologies topologies = TestTopologies.on(node, new Spoiled(2));
      assertThatThrownBy(() -> topologies.apply(Bed.declared(WHOLE)))
          .isInstanceOf(RolledBackException.class)
          .satisfies(
              e ->
                  assertThat(refusal(e))
                      .get()
                      .extracting(Throwable::getMessage)
                      .asString()
                      .contains(UNUSABLE, "No such file or directory"));
      flows.assertDenied("refused");
      before.assertUnchanged(node);
      assertThat(topologies.status()).isEmpty();
      Bed.on(node).apply(WHOLE);
      flows.assertAllowedIsSeen();
      flows.assertDenied("applied");
    }
  }

  @Test
  void aChangeLeavesThePolicyBeforeInForce(Node node) {
    try (DeniedFlows flows = new DeniedFlows(node, WHOLE)) {
      Bed.on(node).apply(WHOLE);
      flows.assertAllowedIsSeen();
      String rules = policy(node);
      Topologies spoiled = TestTopologies.on(node, new Spoiled(3));
      assertThatThrownBy(() -> spoiled.apply(Bed.declared(CHANGED)))
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("the node is as it was before")
          .satisfies(e -> assertThat(refusal(e)).isPresent());
      assertThat(policy(node)).isEqualTo(rules);
      assertInForce(Bed.on(node), flows);
    }
  }

  /** Somebody makes, between two stages, a map that is about to be made, of another type. */
  @Test
  void aMapOfSomebodyElsesIsInTheWay(Node node) {
    try (DeniedFlows flows = new DeniedFlows(node, WHOLE)) {
      Bed.on(node).apply(WHOLE);
      String map = added();
      Bed bed =
          Bed.on(
              node,
              new Progress() {
                private boolean done;

                @Override
                public void stage(String what, int count) {
                  if (what.equals("configuring the node") && !done) {
                    done = true;
                    Shell.inNode(
                            node,
                            "nft add map inet sluice-bed %s '{ type ipv4_addr : verdict; }'"
                                .formatted(map))
                        .orFail();
                  }
                }

                @Override
                public void note(String text) {}
              });
      assertThatThrownBy(() -> bed.apply(CHANGED))
          .isInstanceOf(RolledBackException.class)
          .hasMessageContaining("the node is as it was before")
          .satisfies(
              e ->
                  assertThat(refusal(e))
                      .get()
                      .extracting(Throwable::getMessage)
                      .asString()
                      .contains(map, "not a map with objects"));
      assertThat(policy(node)).doesNotContain(map);
      assertInForce(bed, flows);
    }
  }

  /** A map of the changed policy that the one before has not. */
  private static String added() {
    List<String> before = maps(WHOLE);
    return maps(CHANGED).stream()
        .filter(m -> m.endsWith("/range") && !before.contains(m))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> maps(String yaml) {
    return TestTopologies.render(Bed.DATAPATH, yaml).objects().stream()
        .filter(o -> o instanceof NftTable t && t.family().equals("inet"))
        .flatMap(o -> ((NftTable) o).sets().stream())
        .map(NftTable.NftSet::name)
        .toList();
  }

  private static String policy(Node node) {
    return Shell.inNode(node, "nft -s list table inet sluice-bed").orFail();
  }

  private static void assertInForce(Bed bed, DeniedFlows flows) {
    flows.assertAllowedIsSeen();
    flows.assertDenied("refused");
    assertThat(bed.topologies().status())
        .singleElement()
        .matches(s -> s.phase() == Phase.APPLIED && s.drift() == 0);
    bed.apply(CHANGED);
    flows.assertAllowedIsSeen();
    flows.assertDenied("applied");
  }
}
