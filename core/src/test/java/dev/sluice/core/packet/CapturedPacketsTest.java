package dev.sluice.core.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames of Linux 6.18 on a veth pair between two namespaces, read and written back. Captured by
 *
 * <pre>
 * ip netns add a; ip netns add b
 * ip -n a link add v0 address 02:00:00:00:00:0a type veth peer name v0 netns b address 02:00:00:00:00:0b
 * (addresses 10.0.1.2, 10.0.1.3, fd00:0:0:1::2, fd00:0:0:1::3; links up)
 * ip netns exec a tcpdump -i v0 -w capture &amp;
 * ip netns exec a ping -c1 -s 16 10.0.1.3; ip netns exec a ping -c1 -s 16 fd00:0:0:1::3
 * ip netns exec a ping -c1 -s 1480 10.0.1.3
 * ip netns exec a bash -c 'echo -n sluice &gt;/dev/udp/10.0.1.3/9; echo &gt;/dev/tcp/10.0.1.3/9; ...'
 * tcpdump -xx -n -r capture
 * </pre>
 */
class CapturedPacketsTest {

  private static final MacAddress MAC_A = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress MAC_B = MacAddress.parse("02:00:00:00:00:0b");
  private static final IpAddress A4 = IpAddress.parse("10.0.1.2");
  private static final IpAddress B4 = IpAddress.parse("10.0.1.3");
  private static final IpAddress A6 = IpAddress.parse("fd00:0:0:1::2");
  private static final IpAddress B6 = IpAddress.parse("fd00:0:0:1::3");

  private static final String LISTENER_REPORT =
      """
      3333 0000 0016 0200 0000 000b 86dd 6000 0000 0038 0001 fe80 0000 0000 0000 0000
      00ff fe00 000b ff02 0000 0000 0000 0000 0000 0000 0016 3a00 0502 0000 0100 8f00
      6fd6 0000 0002 0400 0000 ff02 0000 0000 0000 0000 0001 ff00 000b 0400 0000 ff02
      0000 0000 0000 0000 0001 ff00 0003
      """;
  private static final String ARP_REQUEST =
      """
      ffff ffff ffff 0200 0000 000a 0806 0001 0800 0604 0001 0200 0000 000a 0a00 0102
      0000 0000 0000 0a00 0103
      """;
  private static final String ARP_REPLY =
      """
      0200 0000 000a 0200 0000 000b 0806 0001 0800 0604 0002 0200 0000 000b 0a00 0103
      0200 0000 000a 0a00 0102
      """;
  private static final String ECHO_REQUEST =
      """
      0200 0000 000b 0200 0000 000a 0800 4500 002c 017e 4000 4001 234f 0a00 0102 0a00
      0103 0800 9fd6 6c30 0001 07bb 046b 0000 0000 dcd1 0300 0000 0000
      """;
  private static final String LAST_FRAGMENT =
      """
      0200 0000 000b 0200 0000 000a 0800 4500 001c 017f 00b9 4001 62a5 0a00 0102 0a00
      0103 5a5a 5a5a 5a5a 5a5a
      """;
  private static final String SOLICITATION =
      """
      3333 ff00 0003 0200 0000 000a 86dd 6000 0000 0020 3aff fd00 0000 0000 0001 0000
      0000 0000 0002 ff02 0000 0000 0000 0000 0001 ff00 0003 8700 7d89 0000 0000 fd00
      0000 0000 0001 0000 0000 0000 0003 0101 0200 0000 000a
      """;
  private static final String ADVERTISEMENT =
      """
      0200 0000 000a 0200 0000 000b 86dd 6000 0000 0020 3aff fd00 0000 0000 0001 0000
      0000 0000 0003 fd00 0000 0000 0001 0000 0000 0000 0002 8800 1c8b 6000 0000 fd00
      0000 0000 0001 0000 0000 0000 0003 0201 0200 0000 000b
      """;
  private static final String DUPLICATE_DETECTION =
      """
      3333 ff00 000a 0200 0000 000a 86dd 6000 0000 0020 3aff 0000 0000 0000 0000 0000
      0000 0000 0000 ff02 0000 0000 0000 0000 0001 ff00 000a 8700 4182 0000 0000 fe80
      0000 0000 0000 0000 00ff fe00 000a 0e01 6425 6093 68cf
      """;
  private static final String ROUTER_SOLICITATION =
      """
      3333 0000 0002 0200 0000 000a 86dd 6000 0000 0010 3aff fe80 0000 0000 0000 0000
      00ff fe00 000a ff02 0000 0000 0000 0000 0000 0000 0002 8500 7b1a 0000 0000 0101
      0200 0000 000a
      """;
  private static final String ECHO_REPLY_V6 =
      """
      0200 0000 000a 0200 0000 000b 86dd 600a 9cb1 0018 3a40 fd00 0000 0000 0001 0000
      0000 0000 0003 fd00 0000 0000 0001 0000 0000 0000 0002 8100 936c 6c31 0001 07bb
      046b 0000 0000 75df 0300 0000 0000
      """;
  private static final String UDP =
      """
      0200 0000 000b 0200 0000 000a 0800 4500 0022 8546 4000 4011 9f80 0a00 0102 0a00
      0103 bd29 0009 000e 1624 736c 7569 6365
      """;
  private static final String PORT_UNREACHABLE =
      """
      0200 0000 000a 0200 0000 000b 0800 45c0 003e 1ab0 0000 4001 494b 0a00 0103 0a00
      0102 0303 dd5c 0000 0000 4500 0022 8546 4000 4011 9f80 0a00 0102 0a00 0103 bd29
      0009 000e 1624 736c 7569 6365
      """;
  private static final String PORT_UNREACHABLE_V6 =
      """
      0200 0000 000a 0200 0000 000b 86dd 6003 a7b7 003e 3a40 fd00 0000 0000 0001 0000
      0000 0000 0003 fd00 0000 0000 0001 0000 0000 0000 0002 0104 877f 0000 0000 6008
      1c1d 000e 1140 fd00 0000 0000 0001 0000 0000 0000 0002 fd00 0000 0000 0001 0000
      0000 0000 0003 af04 0009 000e fa27 736c 7569 6365
      """;
  private static final String SYN =
      """
      0200 0000 000b 0200 0000 000a 0800 4500 003c 9298 4000 4006 921f 0a00 0102 0a00
      0103 ab32 0009 c4d2 9bb2 0000 0000 a002 faf0 1633 0000 0204 05b4 0402 080a 5196
      8731 0000 0000 0103 030a
      """;
  private static final String RESET =
      """
      0200 0000 000a 0200 0000 000b 0800 4500 0028 0000 4000 4006 24cc 0a00 0103 0a00
      0102 0009 ab32 0000 0000 c4d2 9bb3 5014 0000 8e0a 0000
      """;

  static Stream<String> captures() {
    return Stream.of(
        LISTENER_REPORT,
        ARP_REQUEST,
        ARP_REPLY,
        ECHO_REQUEST,
        LAST_FRAGMENT,
        SOLICITATION,
        ADVERTISEMENT,
        DUPLICATE_DETECTION,
        ROUTER_SOLICITATION,
        ECHO_REPLY_V6,
        UDP,
        PORT_UNREACHABLE,
        PORT_UNREACHABLE_V6,
        SYN,
        RESET);
  }

  private static Ethernet read(String hex) {
    return Ethernet.decode(Bytes.ofHex(hex).toArray());
  }

  private static Ipv4 readV4(String hex) {
    return (Ipv4) read(hex).payload();
  }

  private static Ipv6 readV6(String hex) {
    return (Ipv6) read(hex).payload();
  }

  @ParameterizedTest
  @MethodSource("captures")
  void aFrameIsWrittenAsItWasRead(String hex) {
    Bytes frame = Bytes.ofHex(hex);
    assertThat(Bytes.of(Ethernet.decode(frame.toArray()).encode())).isEqualTo(frame);
  }

  @ParameterizedTest
  @MethodSource("captures")
  void aFrameCutShortAnywhereIsMalformed(String hex) {
    byte[] frame = Bytes.ofHex(hex).toArray();
    for (int length = 0; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      assertThatThrownBy(() -> Ethernet.decode(cut)).isInstanceOf(MalformedPacketException.class);
    }
  }

  @Test
  void paddingAfterAPacketIsReadOver() {
    assertThat(read(UDP + "0000 0000")).isEqualTo(read(UDP));
    assertThat(read(ECHO_REPLY_V6 + "0000")).isEqualTo(read(ECHO_REPLY_V6));
  }

  @Test
  void arp() {
    assertThat(read(ARP_REQUEST))
        .isEqualTo(new Ethernet(Ethernet.BROADCAST, MAC_A, Arp.request(MAC_A, A4, B4)));
    assertThat(read(ARP_REPLY).payload()).isEqualTo(new Arp(Arp.REPLY, MAC_B, B4, MAC_A, A4));
  }

  @Test
  void icmp() {
    Ipv4 packet = readV4(ECHO_REQUEST);
    assertThat(packet.dontFragment()).isTrue();
    assertThat(packet.checksum()).isEmpty();
    Bytes data = Bytes.ofHex("07bb046b00000000dcd1030000000000");
    assertThat(packet.payload()).isEqualTo(Icmp.echoRequest(0x6c30, 1, data));
  }

  @Test
  void aFragmentStaysOpaque() {
    Ipv4 packet = readV4(LAST_FRAGMENT);
    assertThat(packet.isFragment()).isTrue();
    assertThat(packet.fragmentOffset()).isEqualTo(1480);
    assertThat(packet.payload())
        .isEqualTo(new Layer4.Opaque(Icmp.PROTOCOL, Bytes.ofHex("5a5a5a5a5a5a5a5a")));
  }

  @Test
  void neighbourDiscovery() {
    assertThat(readV6(SOLICITATION))
        .isEqualTo(
            Ipv6.of(A6, Icmpv6.solicitedNode(B6), Icmpv6.solicitation(B6, MAC_A))
                .withHopLimit(255));
    assertThat(readV6(ADVERTISEMENT))
        .isEqualTo(Ipv6.of(B6, A6, Icmpv6.advertisement(B6, MAC_B)).withHopLimit(255));
    assertThat(((Icmpv6) readV6(ADVERTISEMENT).payload()).target()).contains(B6);
  }

  /** With the second link up, as the kernel does of its own accord. */
  @Test
  void discoveryWithOtherOptionsAndOfRouters() {
    IpAddress own = IpAddress.linkLocal(MAC_A);
    assertThat(readV6(DUPLICATE_DETECTION))
        .isEqualTo(
            Ipv6.of(
                    IpAddress.parse("::"),
                    Icmpv6.solicitedNode(own),
                    Icmpv6.solicitation(own, DiscoveryOption.nonce(Bytes.ofHex("6425609368cf"))))
                .withHopLimit(255));
    assertThat(readV6(ROUTER_SOLICITATION))
        .isEqualTo(
            Ipv6.of(
                    own,
                    IpAddress.parse("ff02::2"),
                    Icmpv6.routerSolicitation(DiscoveryOption.sourceLink(MAC_A)))
                .withHopLimit(255));
  }

  @Test
  void extensionHeaders() {
    Ipv6 packet = readV6(LISTENER_REPORT);
    assertThat(packet.extensions())
        .isEqualTo(
            List.of(
                new ExtensionHeader.Options(
                    ExtensionHeader.HOP_BY_HOP, Bytes.ofHex("050200000100"))));
    assertThat(packet.payload()).isInstanceOf(Icmpv6.class);
    assertThat(((Icmpv6) packet.payload()).checksum()).isEmpty();
  }

  @Test
  void anErrorQuotesThePacketThatItIsAbout() {
    Bytes datagram = Bytes.ofHex("bd290009000e1624736c75696365");
    assertThat(((Icmp) readV4(PORT_UNREACHABLE).payload()).quote())
        .contains(new Quote(A4, B4, Udp.PROTOCOL, datagram));
    assertThat(((Icmpv6) readV6(PORT_UNREACHABLE_V6).payload()).quote())
        .map(Quote::destination)
        .contains(B6);
  }

  @Test
  void aChecksumIsKeptWhereItIsWrongOnly() {
    // A veth leaves the sum to the hardware that it does not have: the pseudo-header's is there.
    Udp udp = (Udp) readV4(UDP).payload();
    assertThat(udp).isEqualTo(Udp.of(0xbd29, 9, Bytes.ofText("sluice")).withChecksum(0x1624));
    Tcp syn = (Tcp) readV4(SYN).payload();
    assertThat(syn.flags()).isEqualTo(Tcp.SYN);
    assertThat(syn.checksum()).hasValue(0x1633);
    // Sent by the kernel itself, which sums.
    Tcp reset = (Tcp) readV4(RESET).payload();
    assertThat(reset.flags()).isEqualTo(Tcp.RST | Tcp.ACK);
    assertThat(reset.acknowledgement()).isEqualTo(syn.sequence() + 1);
    assertThat(reset.checksum()).isEqualTo(OptionalInt.empty());
  }
}
