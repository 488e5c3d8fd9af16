package dev.sluice.core.netlink.ethtool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.netlink.Captured;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkMessage;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.sys.Netns;
import java.util.List;
import org.junit.jupiter.api.Test;

class EthtoolTest {

  private static NetlinkMessage captured(String name) {
    return NetlinkMessage.parse(ByteView.of(Captured.bytes(name))).get(0);
  }

  private static void isAsCaptured(Request request, String name) {
    NetlinkMessage sent = captured(name);
    assertThat(request.type()).isEqualTo(sent.type());
    assertThat(request.payload()).isEqualTo(sent.payload());
  }

  @Test
  void requestsAreAsTheKernelTookThem() {
    isAsCaptured(FamilyMessage.get("ethtool"), "get-family");
    isAsCaptured(FeaturesMessage.get(21, "v0"), "get-features");
  }

  @Test
  void theFamilyHasANumber() {
    assertThat(FamilyMessage.parse(captured("family-ethtool").payload()).id()).isEqualTo(21);
  }

  @Test
  void featuresThatAreOnAreTold() {
    assertThat(FeaturesMessage.parse(captured("features-veth").payload()).active())
        .startsWith("tx-scatter-gather", "tx-checksum-ip-generic", "highdma")
        .contains("tx-tcp-segmentation", "tx-udp-segmentation", "rx-checksum")
        .as("those that could be on")
        .doesNotContain("rx-gro", "tx-checksum-ipv4")
        .doesNotHaveDuplicates();
  }

  /** The kernel that this runs on, asked about a device of a namespace of its own. */
  @Test
  void theKernelIsAsked() {
    try (Netns netns = Netns.create()) {
      List<String> features =
          netns.call(
              () -> {
                try (RouteSocket route = RouteSocket.open();
                    EthtoolSocket ethtool = EthtoolSocket.open()) {
                  route.executeAll(LinkRequests.change(LinkChange.named("lo").up()));
                  assertThat(ethtool.features("gone0")).isEmpty();
                  return ethtool.features("lo").orElseThrow();
                }
              });
      assertThat(features).contains("tx-scatter-gather", "loopback");
    }
  }
}
