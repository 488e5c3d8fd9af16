package dev.sluice.core.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.NetkitPair;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.reconcile.Step.Op;
import dev.sluice.core.reconcile.kind.Kinds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiffTest {

  private static final NetnsRef NS1 = NetnsRef.named("ns1");
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final Namespace NAMESPACE = new Namespace("ns1", true);
  private static final Bridge BRIDGE = new Bridge("br", MAC, 1500, false, "a", true);
  private static final VethPair VETH = veth("eth0");
  private static final Address ADDRESS = new Address(NS1, "eth0", IpAddress.parse("10.0.1.2"), 24);
  private static final Sysctl FORWARDING =
      new Sysctl(NetnsRef.NODE, "net/ipv6/conf/all/forwarding", Optional.empty(), "1");

  private static VethPair veth(String far) {
    return new VethPair(
        new LinkPair.End("sva", MAC, 1500, true),
        Optional.of("br"),
        false,
        "a",
        NS1,
        new LinkPair.End(far, MAC, 1500, true));
  }

  private static NetkitPair netkit(boolean closed) {
    return new NetkitPair(
        new LinkPair.End("sva", MAC, 1500, true),
        "a",
        NS1,
        new LinkPair.End("eth0", MAC, 1500, true),
        closed);
  }

  private static KernelState desired(KernelObject... objects) {
    return KernelState.of("t", List.of(objects));
  }

  private static Observed observed(Set<String> adopted, KernelObject... objects) {
    Map<Key, KernelObject> ours = new HashMap<>();
    Arrays.stream(objects).forEach(o -> ours.put(o.key(), o));
    return new Observed(ours, List.of(), adopted, Map.of(), Ruleset.unknown());
  }

  private static Plan plan(KernelState desired, Observed observed) {
    return Diff.plan(Kinds.core(), desired, observed, Map.of());
  }

  private static List<String> words(Plan plan) {
    return plan.steps().stream().map(s -> s.op() + " " + s.object().key()).sorted().toList();
  }

  @Test
  void nothingToDoWhereEverythingIsAsWanted() {
    assertThat(
            plan(
                    desired(NAMESPACE, BRIDGE, VETH, ADDRESS),
                    observed(Set.of(), NAMESPACE, BRIDGE, VETH, ADDRESS))
                .isEmpty())
        .isTrue();
  }

  private static NftTable table(String rule) {
    return new NftTable(
        NetnsRef.NODE,
        "netdev",
        "sluice-t",
        List.of(),
        List.of(),
        List.of(new NftTable.NftChain("c", Optional.empty(), List.of(rule))),
        Set.of("sva"));
  }

  /** It outlives its links, and must not be away while it is made whole. */
  @Test
  void aTableThatLosesALinkIsMadeWholeInPlace() {
    Plan plan = plan(desired(table("drop")), observed(Set.of(), table("drop"), VETH));
    assertThat(words(plan))
        .containsExactly(
            "DELETE link sva in the node", "UPDATE nftables table netdev sluice-t in the node");
    assertThat(plan.steps())
        .filteredOn(s -> s.object() instanceof NftTable)
        .allMatch(s -> s.before().filter(b -> ((NftTable) b).isAltered()).isPresent());
  }

  @Test
  void aTableThatNobodyWantsIsDeletedThoughItsLinksGoToo() {
    assertThat(words(plan(desired(), observed(Set.of(), table("drop"), VETH))))
        .containsExactly(
            "DELETE link sva in the node", "DELETE nftables table netdev sluice-t in the node");
  }

  @Test
  void whatLacksIsCreatedAndWhatNobodyWantsIsDeleted() {
    Bridge old = new Bridge("old", MAC, 1500, false, "", true);
    assertThat(words(plan(desired(BRIDGE), observed(Set.of(), old))))
        .containsExactly("CREATE link br in the node", "DELETE link old in the node");
  }

  @Test
  void aChangedAttributeIsUpdatedInPlace() {
    Bridge small = new Bridge("br", MAC, 1400, false, "a", true);
    Plan plan = plan(desired(BRIDGE), observed(Set.of(), small));
    assertThat(plan.steps())
        .containsExactly(
            new Step(Op.UPDATE, Optional.of(small), Optional.of(BRIDGE), List.of("t")));
  }

  @Test
  void aReplacedLinkTakesItsAddressesWithItAndTheyAreMadeAgain() {
    assertThat(
            words(
                plan(
                    desired(NAMESPACE, BRIDGE, VETH, ADDRESS),
                    observed(Set.of(), NAMESPACE, BRIDGE, veth("wrong"), ADDRESS))))
        .contains("REPLACE link sva in the node");
    // The address was on a link that the replaced pair does not provide; on eth0 it goes and comes
    // back:
    VethPair moved =
        new VethPair(
            VETH.near(), VETH.master(), false, VETH.alias(), NetnsRef.named("ns2"), VETH.far());
    Namespace second = new Namespace("ns2", true);
    Address onSecond = new Address(NetnsRef.named("ns2"), "eth0", ADDRESS.ip(), 24);
    assertThat(
            words(
                plan(
                    desired(second, BRIDGE, moved, onSecond),
                    observed(Set.of(), NAMESPACE, second, BRIDGE, VETH, ADDRESS))))
        .containsExactly(
            "CREATE address 10.0.1.2/24 on eth0 in netns ns2",
            "DELETE namespace ns1",
            "REPLACE link sva in the node");
  }

  /** What is fixed when a pair is made, and what is not. */
  @Test
  void aNetkitPairIsClosedInPlaceAndElseMadeAnew() {
    KernelState desired = desired(NAMESPACE, netkit(true));
    assertThat(words(plan(desired, observed(Set.of(), NAMESPACE, VETH))))
        .containsExactly("REPLACE link sva in the node");
    assertThat(words(plan(desired, observed(Set.of(), NAMESPACE, netkit(false)))))
        .containsExactly("UPDATE link sva in the node");
  }

  @Test
  void aSettingOfALinkThatIsReplacedIsMadeAgain() {
    String path = "net/ipv6/conf/eth0/accept_dad";
    Sysctl setting = new Sysctl(NS1, path, Optional.of("eth0"), "0");
    VethPair renamed =
        new VethPair(
            new LinkPair.End("svb", MAC, 1500, true),
            VETH.master(),
            false,
            VETH.alias(),
            NS1,
            VETH.far());
    assertThat(
            words(
                plan(
                    desired(NAMESPACE, BRIDGE, renamed, setting),
                    observed(Set.of(), NAMESPACE, BRIDGE, VETH, setting))))
        .containsExactly(
            "CREATE link svb in the node",
            "CREATE sysctl " + path + " in netns ns1",
            "DELETE link sva in the node");
  }

  @Test
  void aPairIsDeletedByNameEvenWhereItsNamespaceGoes() {
    assertThat(words(plan(desired(), observed(Set.of(), NAMESPACE, BRIDGE, VETH, ADDRESS))))
        .containsExactly(
            "DELETE link br in the node", "DELETE link sva in the node", "DELETE namespace ns1");
  }

  @Test
  void removalsLeaveOthersWantsAlone() {
    Sysctl before = new Sysctl(NetnsRef.NODE, FORWARDING.path(), Optional.empty(), "0");
    Bridge old = new Bridge("old", MAC, 1500, false, "", true);
    Plan plan = plan(desired(BRIDGE, FORWARDING), observed(Set.of(), old, before));
    Plan removals = plan.removals(Map.of());
    assertThat(words(removals)).containsExactly("DELETE link old in the node");
    assertThat(removals.leases()).isEmpty();
  }

  @Test
  void aValueThatWasThereIsLeasedAndPutBack() {
    Sysctl before = new Sysctl(NetnsRef.NODE, FORWARDING.path(), Optional.empty(), "0");
    Plan take = plan(desired(FORWARDING), observed(Set.of(), before));
    assertThat(take.leases())
        .containsExactly(Map.entry(before.key(), new Lease(before, FORWARDING)));

    Plan again =
        Diff.plan(Kinds.core(), desired(FORWARDING), observed(Set.of(), FORWARDING), take.leases());
    assertThat(again.isEmpty()).isTrue();
    assertThat(again.leases()).isEqualTo(take.leases());

    Plan back = Diff.plan(Kinds.core(), desired(), observed(Set.of(), FORWARDING), take.leases());
    assertThat(back.steps())
        .containsExactly(
            new Step(Op.RESTORE, Optional.of(FORWARDING), Optional.of(before), List.of()));
    assertThat(back.leases()).isEmpty();
  }

  @Test
  void aLeasedValueThatSomebodyElseChangedIsLeftAlone() {
    Sysctl before = new Sysctl(NetnsRef.NODE, FORWARDING.path(), Optional.empty(), "0");
    Sysctl theirs = new Sysctl(NetnsRef.NODE, FORWARDING.path(), Optional.empty(), "2");
    Map<Key, Lease> leases = Map.of(before.key(), new Lease(before, FORWARDING));
    Plan plan = Diff.plan(Kinds.core(), desired(), observed(Set.of(), theirs), leases);
    assertThat(plan.steps()).isEmpty();
    assertThat(plan.leases()).isEmpty();
  }

  @Test
  void aValueThatAlreadyWasAsWantedIsNoLease() {
    Plan plan = plan(desired(FORWARDING), observed(Set.of(), FORWARDING));
    assertThat(plan.isEmpty()).isTrue();
    assertThat(plan.leases()).isEmpty();
  }

  @Test
  void theLoopbackOfAnAdoptedNamespaceIsLeasedThatOfOursIsNot() {
    Loopback up = new Loopback(NS1, true);
    Loopback down = new Loopback(NS1, false);
    assertThat(plan(desired(up), observed(Set.of("ns1"), down)).leases())
        .containsValue(new Lease(down, up));
    assertThat(plan(desired(NAMESPACE, up), observed(Set.of(), NAMESPACE, down)).leases())
        .isEmpty();
  }

  @Test
  void anAdoptedNamespaceIsNeitherMadeNorDeleted() {
    assertThat(words(plan(desired(NAMESPACE, BRIDGE), observed(Set.of("ns1"), BRIDGE)))).isEmpty();
    assertThat(words(plan(desired(), observed(Set.of("ns1"), BRIDGE))))
        .containsExactly("DELETE link br in the node");
  }
}
