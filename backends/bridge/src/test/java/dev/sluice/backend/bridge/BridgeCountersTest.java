package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.Counted.Allowed;
import dev.sluice.core.datapath.Counted.DefaultDeny;
import dev.sluice.core.datapath.Counted.Dropped;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NftCounter;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.node.Node;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.PolicyId;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.TestTopologies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every counter has a meaning, and what happens is counted by the one that means it. */
class BridgeCountersTest {

  /** Nobody is heard by a or b, but b at one port; what allows less is never counted. */
  private static final String POLICIES =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny}
      spec: {podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: c}
      spec:
        podSelector: {matchLabels: {app: c}}
        ingress:
          - {ports: [{port: 80}]}
          - {ports: [{port: 80}], from: [{podSelector: {}}]}
      """;

  private static final String TOPOLOGY =
      Bed.TOPOLOGY.replace("netns: c\n", "netns: c\n      labels: {app: c}\n") + POLICIES;

  private static final Allowed TO_C = allowed("c", 0);
  private static final DefaultDeny TO_A_AND_B =
      new DefaultDeny(Direction.INGRESS, new TreeSet<>(Set.of("a", "b")));

  private static Allowed allowed(String policy, int rule) {
    return new Allowed(new RuleId(new PolicyId("default", policy), Direction.INGRESS, rule));
  }

  private static Map<NftCounter, Counted> meanings(String yaml) {
    return new BridgeDatapath()
        .counters(DesiredState.of(TestTopologies.facts(), TestTopologies.read(yaml)));
  }

  private static void assertComplete(String yaml) {
    KernelState state = TestTopologies.render(Bed.DATAPATH, yaml);
    Set<NftCounter> rendered = new HashSet<>();
    state.objects().stream()
        .filter(NftTable.class::isInstance)
        .map(NftTable.class::cast)
        .forEach(
            table ->
                table
                    .counters()
                    .forEach(c -> rendered.add(new NftCounter(table.family(), table.name(), c))));
    assertThat(meanings(yaml).keySet()).containsAll(rendered);
  }

  @Test
  void everyCounterHasAMeaning() throws IOException {
    assertComplete(Bed.TOPOLOGY);
    assertComplete(TOPOLOGY);
    assertComplete(Files.readString(Path.of("../../examples/three-tier-policy.yaml")));
    String uplinks = Files.readString(Path.of("src/test/resources/render/uplinks.yaml"));
    assertComplete(uplinks);
    assertComplete(
        uplinks.replaceAll(", uplink: up[01](, masquerade: true)?|  denyFrom: .*\n", ""));
    assertThat(meanings(TOPOLOGY).values())
        .contains(
            TO_C,
            TO_A_AND_B,
            new DefaultDeny(Direction.INGRESS, new TreeSet<>(Set.of("c"))),
            new Dropped(DropReason.SPOOFED_IP));
  }

  /** A name of nft's has a limit that a policy's has not. */
  @Test
  void aRuleWithALongNameIsKnownByItsHash() {
    String name = "long-".repeat(40) + "name";
    String yaml = TOPOLOGY.replace("{name: c}\nspec", "{name: " + name + "}\nspec");
    assertComplete(yaml);
    assertThat(meanings(yaml).values()).contains(allowed(name, 0));
  }

  @Test
  @ExtendWith(NodeExtension.class)
  void whatHappensIsCounted(Node node) {
    Bed bed = Bed.on(node);
    bed.apply(TOPOLOGY);
    assertThat(bed.topologies().counts(Bed.NAME).orElseThrow().missing()).isEmpty();

    bed.in("a", "! ping -n -c 2 -i 0.2 -W 1 10.0.1.3");
    bed.in("a", "ip address add 10.0.1.9/24 dev eth0");
    bed.in("a", "! ping -n -c 1 -W 1 -I 10.0.1.9 10.0.2.2");
    bed.in("a", "! bash -c 'exec 3<>/dev/tcp/10.0.2.2/80' 2>/dev/null");

    Counts counts = bed.topologies().counts(Bed.NAME).orElseThrow();
    assertThat(counts.of(TO_A_AND_B).packets()).isEqualTo(2);
    assertThat(counts.of(TO_A_AND_B).bytes()).isEqualTo(2 * 84);
    assertThat(counts.of(new Dropped(DropReason.SPOOFED_IP)).packets()).isPositive();
    assertThat(counts.of(TO_C).packets()).isEqualTo(1);
    assertThat(counts.of(new Dropped(DropReason.ETHERTYPE)).packets()).isZero();
  }

  @Test
  @ExtendWith(NodeExtension.class)
  void aTableThatIsGoneIsNamed(Node node) {
    Bed bed = Bed.on(node);
    bed.apply(TOPOLOGY);
    bed.node("nft delete table inet sluice-bed");
    Counts counts = bed.topologies().counts(Bed.NAME).orElseThrow();
    assertThat(counts.missing()).containsExactly("table inet sluice-bed");
    assertThat(counts.of(TO_C).packets()).isZero();
    assertThat(counts.byMeaning()).containsKey(new Dropped(DropReason.SPOOFED_IP));
  }

  /** Where it is counted is worked out once, and anew once another has changed what stands. */
  @Test
  @ExtendWith(NodeExtension.class)
  void whatAnotherChangedIsCountedAsItStands(Node node) {
    Topologies asked = TestTopologies.on(node, Bed.DATAPATH);
    Bed bed = Bed.on(node);
    bed.apply(TOPOLOGY);
    assertThat(asked.counts(Bed.NAME).orElseThrow().byMeaning()).containsKey(TO_C);
    bed.apply(TOPOLOGY.replace("metadata: {name: c}", "metadata: {name: d}"));
    assertThat(asked.counts(Bed.NAME).orElseThrow().byMeaning())
        .containsKey(allowed("d", 0))
        .doesNotContainKey(TO_C);
  }
}
