package dev.sluice.core.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.MacAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelStateTest {

  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");

  private static Bridge bridge(String name, int mtu) {
    return new Bridge(name, MAC, mtu, false, "", true);
  }

  private static VethPair veth(String near, String farNetns, String far) {
    return new VethPair(
        new LinkPair.End(near, MAC, 1500, true),
        Optional.empty(),
        false,
        "",
        NetnsRef.named(farNetns),
        new LinkPair.End(far, MAC, 1500, true));
  }

  @Test
  void anObjectThatTwoWantAlikeIsThereOnceWithBothOwners() {
    KernelState union =
        KernelState.union(
            List.of(
                KernelState.of("a", List.of(bridge("br", 1500))),
                KernelState.of("b", List.of(bridge("br", 1500)))));
    assertThat(union.entries())
        .containsExactly(new KernelState.Entry(bridge("br", 1500), List.of("a", "b")));
  }

  @Test
  void twoDifferentWishesForOneObjectNameBothOwners() {
    KernelState a = KernelState.of("red-team", List.of(bridge("br", 1500)));
    KernelState b = KernelState.of("blue-team", List.of(bridge("br", 9000)));
    assertThatThrownBy(() -> KernelState.union(List.of(a, b)))
        .isInstanceOf(ConflictingWishesException.class)
        .hasMessageContaining("link br in the node")
        .hasMessageContaining("red-team")
        .hasMessageContaining("blue-team");
  }

  @Test
  void theFarEndsOfTwoPairsClashToo() {
    KernelState a = KernelState.of("a", List.of(veth("sva", "ns1", "eth0")));
    KernelState b = KernelState.of("b", List.of(veth("svb", "ns1", "eth0")));
    assertThatThrownBy(() -> KernelState.union(List.of(a, b)))
        .isInstanceOf(ConflictingWishesException.class)
        .hasMessageContaining("link eth0 in netns ns1");
  }

  @Test
  void whatTwoTablesClaimClashesToo() {
    assertThatThrownBy(
            () ->
                KernelState.union(
                    List.of(
                        KernelState.of("a", List.of(publishing("one"))),
                        KernelState.of("b", List.of(publishing("other"))))))
        .isInstanceOf(ConflictingWishesException.class)
        .hasMessageContaining("published port TCP 8080 in the node: by a and by b");
  }

  private static NftTable publishing(String name) {
    return new NftTable(
        NetnsRef.NODE,
        "inet",
        name,
        List.of(),
        List.of(),
        List.of(),
        Set.of(),
        Set.of(Key.publishedPort("TCP", 8080)));
  }

  @Test
  void aPairNeedsItsNamespaceAndItsBridge() {
    VethPair pair =
        new VethPair(
            new LinkPair.End("sva", MAC, 1500, true),
            Optional.of("br"),
            false,
            "",
            NetnsRef.named("ns1"),
            new LinkPair.End("eth0", MAC, 1500, true));
    assertThat(pair.allNeeds())
        .containsExactlyInAnyOrder(Key.namespace("ns1"), Key.link(NetnsRef.NODE, "br"));
  }
}
