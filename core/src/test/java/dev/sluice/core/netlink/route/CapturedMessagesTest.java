package dev.sluice.core.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.Captured;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.ErrorMessage;
import dev.sluice.core.netlink.codec.NetlinkMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Bytes of the kernel, read and written again. */
class CapturedMessagesTest {

  static final List<String> NAMES = Captured.NAMES;

  private static List<NetlinkMessage> messages(String name) {
    return NetlinkMessage.parse(ByteView.of(Captured.bytes(name)));
  }

  private static NetlinkMessage one(String name) {
    List<NetlinkMessage> messages = messages(name);
    assertThat(messages).hasSize(1);
    return messages.get(0);
  }

  private static byte[] encode(NetlinkMessage message) {
    ByteView payload = message.payload();
    return switch (message.type()) {
      case Rtnl.NEWLINK -> LinkMessage.parse(payload).toBytes();
      case Rtnl.NEWADDR -> AddressMessage.parse(payload).toBytes();
      case Rtnl.NEWROUTE -> RouteMessage.parse(payload).toBytes();
      case Rtnl.NEWRULE -> RuleMessage.parse(payload).toBytes();
      case Rtnl.NEWNEIGH -> NeighbourMessage.parse(payload).toBytes();
      case Rtnl.NEWTFILTER -> FilterMessage.parse(payload).toBytes();
      case 88 -> NsIdMessage.parse(payload).toBytes();
      default -> payload.toByteArray();
    };
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void whatIsReadIsWrittenAgainByteForByte(String name) {
    byte[] captured = Captured.bytes(name);
    int offset = 0;
    for (NetlinkMessage message : messages(name)) {
      byte[] whole = message.toBytes();
      assertThat(captured).containsSequence(whole);
      assertThat(encode(message)).isEqualTo(message.payload().toByteArray());
      offset += whole.length;
    }
    assertThat(offset).isEqualTo(captured.length);
  }

  @Test
  void aBridge() {
    LinkMessage link = LinkMessage.parse(one("link-bridge").payload());
    assertThat(link.name()).isEqualTo("sbred");
    assertThat(link.kind()).contains("bridge");
    assertThat(link.mac()).contains(MacAddress.parse("02:00:00:00:00:01"));
    assertThat(link.mtu()).isEqualTo(1400);
    assertThat(link.group()).isEqualTo(4242);
    assertThat(link.hardwareType()).isEqualTo(1);
    assertThat(link.isUp()).isFalse();
    assertThat(link.operState()).isEqualTo(2);
    assertThat(link.master()).isEmpty();
  }

  @Test
  void aVethThatIsAPort() {
    LinkMessage link = LinkMessage.parse(one("link-veth-port").payload());
    assertThat(link.name()).isEqualTo("svc");
    assertThat(link.kind()).contains("veth");
    assertThat(link.master()).isPresent();
    assertThat(link.linkIndex()).isPresent();
    assertThat(link.linkNetnsId()).hasValue(0);
    assertThat(link.alias()).contains("port of client");
    assertThat(link.isUp()).isTrue();
    assertThat(link.isHairpin()).isFalse();
    assertThat(link.operState()).isEqualTo(3);
  }

  @Test
  void aMacvlanOnAParentElsewhere() {
    LinkMessage link = LinkMessage.parse(one("link-macvlan").payload());
    assertThat(link.name()).isEqualTo("eth0");
    assertThat(link.index()).isEqualTo(0x40000007);
    assertThat(link.kind()).contains(MacvlanKind.NAME);
    assertThat(link.macvlanMode()).contains(MacvlanKind.Mode.VEPA);
    assertThat(link.mac()).contains(MacAddress.parse("02:00:00:00:00:02"));
    assertThat(link.mtu()).isEqualTo(1300);
    assertThat(link.group()).isEqualTo(21324);
    assertThat(link.linkIndex()).isPresent();
    assertThat(link.linkNetnsId()).hasValue(0);
    assertThat(LinkMessage.parse(one("link-veth-port").payload()).macvlanMode()).isEmpty();
  }

  @Test
  void theNearEndOfANetkitPair() {
    LinkMessage link = LinkMessage.parse(one("link-netkit").payload());
    assertThat(link.name()).isEqualTo("svc");
    assertThat(link.kind()).contains(NetkitKind.NAME);
    assertThat(link.mac()).contains(MacAddress.parse("02:00:00:00:00:01"));
    assertThat(link.mtu()).isEqualTo(1400);
    assertThat(link.group()).isEqualTo(21324);
    assertThat(link.alias()).contains("port of client");
    assertThat(link.linkIndex()).isPresent();
    assertThat(link.linkNetnsId()).hasValue(0);
    assertThat(link.isClosedNetkit()).isTrue();
    LinkMessage veth = LinkMessage.parse(one("link-veth-port").payload());
    assertThat(veth.isClosedNetkit()).isFalse();
    assertThat(link.isRecentNetkit()).isTrue();
    assertThat(veth.isRecentNetkit()).isFalse();
  }

  /** Settings of the pair, as another one. */
  @ParameterizedTest
  @CsvSource({"2, true", "3, false", "4, false"})
  void aNetkitPairThatIsOtherwise(int attribute, boolean closed) {
    byte[] message = one("link-netkit").payload().toByteArray();
    int length = attribute == 2 ? 5 : 8;
    byte[] header = {(byte) length, 0, (byte) attribute, 0};
    // Behind the kind's name begin the settings of the kind.
    int data = indexOf(message, "netkit".getBytes(StandardCharsets.US_ASCII), 0);
    message[indexOf(message, header, data) + header.length] = 0;
    LinkMessage link = LinkMessage.parse(ByteView.of(message));
    assertThat(link.isClosedNetkit()).isEqualTo(closed);
  }

  private static int indexOf(byte[] in, byte[] what, int from) {
    int at = from;
    while (!Arrays.equals(in, at, at + what.length, what, 0, what.length)) {
      at++;
    }
    return at;
  }

  @Test
  void aNetkitPairIsMadeAsTheKernelTookIt() {
    NewLink near =
        NewLink.named("svc")
            .withMac(MacAddress.parse("02:00:00:00:00:01"))
            .withMtu(1400)
            .withGroup(21324);
    NewLink far =
        NewLink.named("eth0")
            .withMac(MacAddress.parse("02:00:00:00:00:02"))
            .withMtu(1400)
            .inNetns(63);
    assertThat(LinkRequests.add(near, new NetkitKind(far)).payload().toByteArray())
        .isEqualTo(one("new-netkit").payload().toByteArray());
  }

  @Test
  void anIpvlanOnAParentElsewhere() {
    LinkMessage link = LinkMessage.parse(one("link-ipvlan").payload());
    assertThat(link.name()).isEqualTo("eth0");
    assertThat(link.ipvlan()).contains(new IpvlanKind(IpvlanKind.Mode.L3S, IpvlanKind.VEPA));
    assertThat(link.mtu()).isEqualTo(1300);
    assertThat(link.group()).isEqualTo(21324);
    assertThat(link.linkIndex()).hasValue(3);
    assertThat(link.linkNetnsId()).hasValue(0);
    assertThat(LinkMessage.parse(one("link-macvlan").payload()).ipvlan()).isEmpty();
  }

  @Test
  void addresses() {
    AddressMessage v4 = AddressMessage.parse(one("address-v4").payload());
    assertThat(v4.ip()).isEqualTo(IpAddress.parse("10.0.1.1"));
    assertThat(v4.prefix()).isEqualTo(24);
    assertThat(v4.flags()).isEqualTo(AddressMessage.PERMANENT | AddressMessage.NOPREFIXROUTE);
    AddressMessage v6 = AddressMessage.parse(one("address-v6").payload());
    assertThat(v6.ip()).isEqualTo(IpAddress.parse("fd00:0:0:1::1"));
    assertThat(v6.prefix()).isEqualTo(64);
    assertThat(v6.flags() & AddressMessage.NODAD).isNotZero();
    assertThat(v6.protocol()).isZero();
  }

  @Test
  void routes() {
    RouteMessage gateway = RouteMessage.parse(one("route-gateway").payload());
    assertThat(gateway.destination()).isEqualTo(Cidr.parse("10.9.0.0/16"));
    assertThat(gateway.gateway()).contains(IpAddress.parse("10.0.1.254"));
    assertThat(gateway.preferredSource()).contains(IpAddress.parse("10.0.1.1"));
    assertThat(gateway.priority()).isEqualTo(50);
    assertThat(gateway.protocol()).isEqualTo(97);
    assertThat(gateway.table()).isEqualTo(RouteMessage.TABLE_MAIN);
    RouteMessage via = RouteMessage.parse(one("route-via-inet6").payload());
    assertThat(via.destination()).isEqualTo(Cidr.parse("10.7.0.0/16"));
    assertThat(via.gateway()).contains(IpAddress.parse("fd00:0:0:1::fe"));
    RouteMessage none = RouteMessage.parse(one("route-unreachable").payload());
    assertThat(none.type()).isEqualTo(RouteMessage.UNREACHABLE);
    assertThat(none.table()).isEqualTo(70000);
    assertThat(none.link()).isEmpty();
    assertThat(none.gateway()).isEmpty();
    RouteMessage v6 = RouteMessage.parse(one("route-v6-gateway").payload());
    assertThat(v6.destination()).isEqualTo(Cidr.parse("fd00:9::/48"));
    assertThat(v6.gateway()).contains(IpAddress.parse("fd00:0:0:1::fe"));
    assertThat(v6.table()).isEqualTo(200);
  }

  /** Of the device's own list, no neighbours: they have no address. */
  @Test
  void whatADeviceTakesIn() {
    List<NeighbourMessage> filters =
        messages("link-filters").stream().map(m -> NeighbourMessage.parse(m.payload())).toList();
    assertThat(filters)
        .allMatch(NeighbourMessage::isSelf)
        .allMatch(f -> f.family() == Rtnl.AF_BRIDGE)
        .allMatch(f -> f.index() == 3)
        .allMatch(f -> f.state() == NeighbourMessage.PERMANENT);
    assertThat(filters.stream().map(f -> f.mac().orElseThrow().toString()))
        .containsExactly("02:00:00:00:00:0a", "33:33:00:00:00:01", "01:00:5e:00:00:01");
    MacAddress mac = MacAddress.parse("02:00:00:00:00:0a");
    // As the kernel tells it.
    assertThat(NeighbourRequests.accept(3, mac).payload().toByteArray())
        .isEqualTo(messages("link-filters").get(0).payload().toByteArray());
  }

  @Test
  void rulesAndNeighboursAndIds() {
    RuleMessage rule = RuleMessage.parse(one("rule-v4").payload());
    assertThat(rule.isV4()).isTrue();
    assertThat(rule.inputLink()).contains("sbred");
    assertThat(rule.table()).isEqualTo(70000);
    assertThat(rule.priority()).isEqualTo(1000);
    assertThat(rule.protocol()).isEqualTo(97);
    assertThat(rule.markMask()).isZero();
    assertThat(RuleMessage.parse(one("rule-v6").payload()).isV4()).isFalse();
    RuleMessage marked = RuleMessage.parse(one("rule-marked").payload());
    assertThat(marked.inputLink()).contains("up0");
    assertThat(marked.mark()).isEqualTo(0x1000);
    assertThat(marked.markMask()).isEqualTo(0xff000);
    NeighbourMessage v4 = NeighbourMessage.parse(one("neighbour-v4").payload());
    assertThat(v4.isSelf()).isFalse();
    assertThat(v4.ip()).isEqualTo(IpAddress.parse("10.0.1.9"));
    assertThat(v4.mac()).contains(MacAddress.parse("02:00:00:00:00:09"));
    assertThat(v4.state()).isEqualTo(NeighbourMessage.PERMANENT);
    assertThat(v4.protocol()).isEqualTo(97);
    NeighbourMessage v6 = NeighbourMessage.parse(one("neighbour-v6").payload());
    assertThat(v6.ip()).isEqualTo(IpAddress.parse("fd00:0:0:1::9"));
    assertThat(NsIdMessage.parse(one("nsid").payload()).id()).hasValue(0);
    assertThat(NsIdMessage.parse(one("nsid-none").payload()).id()).isEmpty();
  }

  @Test
  void aFilterBehindTheMessageForItsPriority() {
    List<FilterMessage> filters =
        messages("filters-bpf").stream().map(m -> FilterMessage.parse(m.payload())).toList();
    assertThat(filters).extracting(FilterMessage::priority).containsExactly(83, 83);
    assertThat(filters).extracting(FilterMessage::handle).containsExactly(0, 0x52fe1234);
    assertThat(filters).allMatch(f -> f.parent() == FilterMessage.INGRESS && f.index() == 3);
    assertThat(filters).allMatch(f -> f.kind().equals(Optional.of("bpf")));
    assertThat(filters.get(0).programId()).isEmpty();
    assertThat(filters.get(0).isDirect()).isFalse();
    assertThat(filters.get(1).programId()).hasValue(39663);
    assertThat(filters.get(1).isDirect()).isTrue();
    assertThat(filters.get(1).name()).contains("ca-probe:[*fsobj]");
  }

  @Test
  void errors() {
    assertThat(ErrorMessage.parseError(one("ack")).error()).isZero();
    for (String name : List.of("error-extack-quoted", "error-extack-capped")) {
      ErrorMessage error = ErrorMessage.parseError(one(name));
      assertThat(error.error()).isEqualTo(22);
      assertThat(error.text()).contains("mtu less than device minimum");
      assertThat(error.offset()).isEqualTo(OptionalInt.empty());
    }
    ErrorMessage placed = ErrorMessage.parseError(one("error-offset"));
    assertThat(placed.offset()).hasValue(32);
    assertThat(placed.text()).contains("Attribute failed policy validation");
    assertThat(ErrorMessage.parseError(one("error-missing")).text())
        .contains("Peer netns reference is missing");
    ErrorMessage done = ErrorMessage.parseDone(one("done-error"));
    assertThat(done.error()).isEqualTo(2);
    assertThat(done.text()).contains("ipv4: FIB table does not exist");
  }
}
