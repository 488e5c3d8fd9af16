package dev.sluice.core.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import org.junit.jupiter.api.Test;

/** Against the figures of RFC 4861 and IEEE 802.1Q: this is what no endpoint sends by itself. */
class DiscoveryTest {

  private static final IpAddress ROUTER = IpAddress.parse("fe80::1");
  private static final IpAddress HOST = IpAddress.parse("fd00::2");
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0a");

  private static String body(Icmpv6 message) {
    return Bytes.of(message.withChecksum(0).encode(ROUTER, HOST)).toString();
  }

  /** Section 4.2: hop limit and flags, lifetime, reachable time, retransmission timer. */
  @Test
  void aRouterAdvertisement() {
    assertThat(body(Icmpv6.routerAdvertisement(1800, DiscoveryOption.sourceLink(MAC))))
        .isEqualTo("86000000" + "00000708" + "00000000" + "00000000" + "010102000000000a");
  }

  /** Section 4.5: reserved, target, destination. */
  @Test
  void aRedirect() {
    assertThat(body(Icmpv6.redirect(ROUTER, HOST)))
        .isEqualTo(
            "89000000"
                + "00000000"
                + "fe800000000000000000000000000001"
                + "fd000000000000000000000000000002");
  }

  @Test
  void optionsKeepTheirOrderAndHaveWholeUnits() {
    assertThat(
            body(
                Icmpv6.solicitation(
                    HOST,
                    DiscoveryOption.nonce(Bytes.ofHex("010203040506")),
                    DiscoveryOption.sourceLink(MAC))))
        .endsWith("0e01010203040506" + "010102000000000a");
    assertThatThrownBy(() -> new DiscoveryOption(14, Bytes.ofHex("0102")))
        .hasMessageContaining("not 2");
  }

  @Test
  void aTagIsBetweenTheTypes() {
    Ethernet plain = new Ethernet(MAC, MAC, new Layer3.Opaque(0x88cc, Bytes.ofHex("abcd")));
    Layer3 inner = new Vlan(Vlan.CUSTOMER, 5, plain.payload());
    assertThat(Bytes.of(new Ethernet(MAC, MAC, inner).encode()).toString())
        .endsWith("8100" + "0005" + "88cc" + "abcd");
    assertThat(
            Bytes.of(new Ethernet(MAC, MAC, new Vlan(Vlan.SERVICE, 4095, inner)).encode())
                .toString())
        .endsWith("88a8" + "0fff" + "8100" + "0005" + "88cc" + "abcd");
    assertThatThrownBy(() -> new Vlan(Vlan.CUSTOMER, 4096, inner)).hasMessageContaining("4096");
  }
}
