package dev.sluice.core.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.BatchResult;
import dev.sluice.core.netlink.NetlinkException;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.route.AddressRequests.NewAddress;
import dev.sluice.core.netlink.route.FilterRequests.Place;
import dev.sluice.core.netlink.route.NeighbourRequests.NewNeighbour;
import dev.sluice.core.netlink.route.RuleRequests.NewRule;
import dev.sluice.core.sys.Bpf;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.Fd;
import dev.sluice.core.sys.Netns;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every request against the kernel, in a namespace of its own; ip(8) is the witness. */
class RouteSocketTest {

  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");
  private static final MacAddress OTHER_MAC = MacAddress.parse("02:00:00:00:00:02");
  private static final int GROUP = 4242;
  private static final int PROTOCOL = 97;

  private Netns ns;
  private RouteSocket socket;

  @BeforeEach
  void open() {
    ns = Netns.create();
    socket = ns.call(RouteSocket::open);
  }

  @AfterEach
  void close() {
    socket.close();
    ns.close();
  }

  private String ip(String words) {
    return Witness.ip(ns, words);
  }

  private LinkMessage link(String name) {
    return socket.link(name).orElseThrow();
  }

  /** A bridge that is up, and its index. */
  private int bridge(String name) {
    socket.executeAll(
        LinkRequests.addBridge(name, MAC, 1400, GROUP),
        LinkRequests.change(LinkChange.named(name).up()));
    return link(name).index();
  }

  @Test
  void aBridgeIsBornWithAllThatWasSaid() {
    socket.executeAll(LinkRequests.addBridge("sbred", MAC, 1400, GROUP));
    LinkMessage bridge = link("sbred");
    assertThat(bridge.kind()).contains("bridge");
    assertThat(bridge.mac()).contains(MAC);
    assertThat(bridge.mtu()).isEqualTo(1400);
    assertThat(bridge.group()).isEqualTo(GROUP);
    assertThat(bridge.isUp()).isFalse();
    assertThat(ip("-d -j link show dev sbred"))
        .contains("\"address\":\"02:00:00:00:00:01\"", "\"mtu\":1400", "\"group\":\"4242\"")
        .contains("\"stp_state\":0", "\"mcast_snooping\":0", "\"ageing_time\":30000");
    socket.executeAll(LinkRequests.add(NewLink.named("other"), new BridgeKind(true, true)));
    assertThat(ip("-d -j link show dev other")).contains("\"stp_state\":1", "\"mcast_snooping\":1");
  }

  @Test
  void aVethPairIsBornAsAPortWithItsPeerElsewhere() {
    int bridge = bridge("br");
    try (Netns far = Netns.create();
        RouteSocket inside = far.call(RouteSocket::open)) {
      socket.executeAll(
          LinkRequests.addVeth(
              NewLink.named("svc").withMac(MAC).withMtu(1300).withGroup(GROUP).withMaster(bridge),
              NewLink.named("eth0").withMac(OTHER_MAC).withMtu(1300).inNetns(far.fd())));
      LinkMessage near = link("svc");
      LinkMessage peer = inside.link("eth0").orElseThrow();
      assertThat(near.kind()).contains(VethKind.NAME);
      assertThat(near.master()).hasValue(bridge);
      assertThat(near.group()).isEqualTo(GROUP);
      assertThat(near.linkIndex()).hasValue(peer.index());
      assertThat(near.linkNetnsId()).isEqualTo(socket.nsid(far.fd()));
      assertThat(socket.nsid(far.fd())).isPresent();
      assertThat(peer.mac()).contains(OTHER_MAC);
      assertThat(peer.mtu()).isEqualTo(1300);
      assertThat(peer.linkIndex()).hasValue(near.index());
      assertThat(ip("-j link show master br")).contains("\"ifname\":\"svc\"");
      assertThat(Witness.ip(far, "-j link show dev eth0")).contains("02:00:00:00:00:02");
    }
  }

  @Test
  void aPortOfABridgeMayBeAHairpin() {
    int bridge = bridge("br");
    socket.executeAll(
        LinkRequests.addVeth(NewLink.named("a").withMaster(bridge), NewLink.named("b")));
    assertThat(link("a").isHairpin()).isFalse();
    socket.executeAll(LinkRequests.hairpin("a", true));
    assertThat(link("a").isHairpin()).isTrue();
    assertThat(ip("-d link show a")).contains("hairpin on");
    socket.executeAll(LinkRequests.hairpin("a", false));
    assertThat(link("a").isHairpin()).isFalse();
    assertThat(ip("-d link show a")).contains("hairpin off");
  }

  @Test
  void anIdOfANamespaceIsThereOnlyWhenALinkHasCrossed() {
    try (Netns far = Netns.create()) {
      assertThat(socket.nsid(far.fd())).isEmpty();
    }
  }

  @Test
  void linksChangeByIndexAndByName() {
    int bridge = bridge("br");
    socket.executeAll(LinkRequests.addVeth(NewLink.named("a"), NewLink.named("b")));
    socket.executeAll(
        LinkRequests.change(
            LinkChange.named("a").mtu(1280).mac(MAC).master(bridge).group(7).alias("of a").up()),
        LinkRequests.change(LinkChange.of(link("b").index()).addrGenMode(1)));
    LinkMessage a = link("a");
    assertThat(a.mtu()).isEqualTo(1280);
    assertThat(a.mac()).contains(MAC);
    assertThat(a.master()).hasValue(bridge);
    assertThat(a.group()).isEqualTo(7);
    assertThat(a.alias()).contains("of a");
    assertThat(a.isUp()).isTrue();
    assertThat(ip("-d -j link show dev a")).contains("\"inet6_addr_gen_mode\":\"eui64\"");
    assertThat(ip("-d -j link show dev b")).contains("\"inet6_addr_gen_mode\":\"none\"");
    socket.executeAll(LinkRequests.change(LinkChange.of(a.index()).noMaster().alias("").down()));
    a = link("a");
    assertThat(a.master()).isEmpty();
    assertThat(a.alias()).isEmpty();
    assertThat(a.isUp()).isFalse();
  }

  @Test
  void linksAreDeletedByNameByIndexAndByGroup() {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      socket.executeAll(LinkRequests.addBridge(name, MAC, 1500, name.equals("e") ? 1 : GROUP));
    }
    socket.executeAll(LinkRequests.delete("a"), LinkRequests.delete(link("b").index()));
    assertThat(names()).contains("c", "d", "e").doesNotContain("a", "b");
    socket.executeAll(LinkRequests.deleteGroup(GROUP));
    assertThat(names()).contains("e").doesNotContain("c", "d");
    assertThat(ip("-j link")).doesNotContain("\"c\"", "\"d\"");
    assertThatThrownBy(() -> socket.executeAll(LinkRequests.deleteGroup(GROUP)))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.errno().is(Errno.ENODEV)).isTrue());
  }

  private List<String> names() {
    return socket.links().stream().map(LinkMessage::name).toList();
  }

  @Test
  void addressesComeGoAndKeepTheirFlagsAndProtocol() {
    int index = bridge("br");
    IpAddress v4 = IpAddress.parse("10.0.1.1");
    IpAddress v6 = IpAddress.parse("fd00:0:0:1::1");
    socket.executeAll(
        AddressRequests.add(new NewAddress(index, v4, 24, AddressRequests.QUIET, PROTOCOL)),
        AddressRequests.add(new NewAddress(index, v6, 64, AddressRequests.QUIET, PROTOCOL)));
    for (IpAddress ip : List.of(v4, v6)) {
      AddressMessage seen = address(ip).orElseThrow();
      assertThat(seen.index()).isEqualTo(index);
      assertThat(seen.prefix()).isEqualTo(ip.isV4() ? 24 : 64);
      assertThat(seen.flags() & AddressMessage.NOPREFIXROUTE).isNotZero();
      assertThat(seen.protocol()).isEqualTo(PROTOCOL);
    }
    assertThat(ip("-j -d addr show dev br"))
        .contains("10.0.1.1", "10.0.1.255", "fd00:0:0:1::1", "noprefixroute")
        .doesNotContain("dadfailed");
    assertThat(ip("route")).doesNotContain("10.0.1.0/24");
    Request again =
        AddressRequests.add(new NewAddress(index, v4, 24, AddressRequests.QUIET, PROTOCOL));
    assertThatThrownBy(() -> socket.executeAll(again))
        .isInstanceOfSatisfying(
            NetlinkException.class, e -> assertThat(e.errno().is(Errno.EEXIST)).isTrue());
    socket.executeAll(AddressRequests.delete(index, v4, 24), AddressRequests.delete(index, v6, 64));
    assertThat(address(v4)).isEmpty();
    assertThat(address(v6)).isEmpty();
  }

  private Optional<AddressMessage> address(IpAddress ip) {
    return socket.addresses().stream().filter(a -> a.ip().equals(ip)).findFirst();
  }

  @Test
  void routesOfEveryType() {
    int index = bridge("br");
    Cidr here = Cidr.parse("10.0.1.0/24");
    Cidr here6 = Cidr.parse("fd00:0:0:1::/64");
    Cidr far = Cidr.parse("10.9.0.0/16");
    Cidr far6 = Cidr.parse("fd00:9::/48");
    IpAddress router = IpAddress.parse("10.0.1.254");
    IpAddress router6 = IpAddress.parse("fd00:0:0:1::fe");
    IpAddress self = IpAddress.parse("10.0.1.1");
    int table = 70000;
    List<NewRoute> routes =
        List.of(
            NewRoute.onLink(here, index).withPreferredSource(self),
            NewRoute.onLink(here6, index),
            NewRoute.via(far, router, index).withPriority(50),
            NewRoute.via(far6, router6, index),
            NewRoute.via(Cidr.any(true), router, index).withTable(table),
            NewRoute.via(Cidr.any(false), router6, index).withTable(table),
            NewRoute.denying(Cidr.parse("10.8.0.0/16"), RouteMessage.UNREACHABLE).withTable(table),
            NewRoute.denying(Cidr.parse("fd00:8::/48"), RouteMessage.BLACKHOLE).withTable(200),
            NewRoute.via(Cidr.parse("10.7.0.0/16"), router6, index));
    socket.executeAll(
        AddressRequests.add(new NewAddress(index, self, 24, AddressRequests.QUIET, 0)));
    socket.executeAll(
        routes.stream().map(r -> RouteRequests.add(r.withProtocol(PROTOCOL))).toList());

    List<RouteMessage> ours =
        socket.routes().stream().filter(r -> r.protocol() == PROTOCOL).toList();
    assertThat(ours).hasSize(routes.size());
    for (NewRoute wanted : routes) {
      RouteMessage seen =
          ours.stream()
              .filter(r -> r.destination().equals(wanted.destination()))
              .findFirst()
              .orElseThrow();
      assertThat(seen.table()).isEqualTo(wanted.table());
      assertThat(seen.type()).isEqualTo(wanted.type());
      assertThat(seen.gateway()).isEqualTo(wanted.gateway());
      assertThat(seen.preferredSource()).isEqualTo(wanted.preferredSource());
      if (wanted.type() == RouteMessage.UNICAST) {
        assertThat(seen.link()).isEqualTo(wanted.link());
      }
    }
    assertThat(ip("route show table all"))
        .contains("10.9.0.0/16 via 10.0.1.254 dev br proto 97 metric 50 linkdown")
        .contains("10.0.1.0/24 dev br proto 97 scope link src 10.0.1.1")
        .contains("unreachable 10.8.0.0/16 table 70000 proto 97")
        .contains("10.7.0.0/16 via inet6 fd00:0:0:1::fe dev br");
    assertThat(ip("-6 route show table all"))
        .contains("fd00:9::/48 via fd00:0:0:1::fe dev br proto 97")
        .contains("blackhole fd00:8::/48");
    socket.executeAll(
        routes.stream().map(r -> RouteRequests.delete(r.withProtocol(PROTOCOL))).toList());
    assertThat(socket.routes()).noneMatch(r -> r.protocol() == PROTOCOL);
  }

  @Test
  void rulesOfBothFamilies() {
    List<NewRule> rules =
        List.of(
            new NewRule(true, "br", 70000, 1000, PROTOCOL),
            new NewRule(false, "br", 200, 1001, PROTOCOL));
    socket.executeAll(rules.stream().map(RuleRequests::add).toList());
    List<RuleMessage> ours = socket.rules().stream().filter(r -> r.protocol() == PROTOCOL).toList();
    assertThat(ours)
        .extracting(
            RuleMessage::isV4,
            r -> r.inputLink().orElseThrow(),
            RuleMessage::table,
            RuleMessage::priority,
            RuleMessage::action)
        .containsExactlyInAnyOrder(
            tuple(true, "br", 70000, 1000, RuleMessage.TO_TABLE),
            tuple(false, "br", 200, 1001, RuleMessage.TO_TABLE));
    assertThat(ip("rule")).contains("1000:\tfrom all iif br [detached] lookup 70000");
    assertThat(ip("-6 rule")).contains("1001:\tfrom all iif br [detached] lookup 200");
    assertThatThrownBy(() -> socket.executeAll(RuleRequests.add(rules.get(0))))
        .hasMessageStartingWith("add rule IPv4 iif br to table 70000: EEXIST (File exists)");
    socket.executeAll(rules.stream().map(RuleRequests::delete).toList());
    assertThat(socket.rules()).noneMatch(r -> r.protocol() == PROTOCOL);
  }

  /** The kernel compares with an empty mark where it is told to count bits of it. */
  @Test
  void rulesForSomeMarksAndOneForAllOfALink() {
    NewRule marked = new NewRule(true, "br", 0x10000000, 0x10000000, 70000, 1000, PROTOCOL);
    NewRule unmarked = new NewRule(true, "br", 0, 0x10000000, 70000, 1000, PROTOCOL);
    NewRule all = new NewRule(true, "br", 70000, 1000, PROTOCOL);
    socket.executeAll(RuleRequests.add(all), RuleRequests.add(marked), RuleRequests.add(unmarked));
    assertThat(socket.rules().stream().filter(r -> r.protocol() == PROTOCOL))
        .extracting(RuleMessage::mark, RuleMessage::markMask)
        .containsExactly(tuple(0, 0), tuple(0x10000000, 0x10000000), tuple(0, 0x10000000));
    assertThat(ip("rule"))
        .contains("from all fwmark 0x10000000/0x10000000 iif br [detached] lookup 70000")
        .contains("from all fwmark 0/0x10000000 iif br [detached] lookup 70000");
    // The first that agrees goes, and one of no mark agrees with all.
    socket.executeAll(RuleRequests.delete(all), RuleRequests.delete(marked));
    assertThat(socket.rules().stream().filter(r -> r.protocol() == PROTOCOL))
        .extracting(RuleMessage::mark, RuleMessage::markMask)
        .containsExactly(tuple(0, 0x10000000));
    socket.executeAll(RuleRequests.delete(unmarked));
    assertThat(socket.rules()).noneMatch(r -> r.protocol() == PROTOCOL);
  }

  @Test
  void neighboursOfBothFamilies() {
    int index = bridge("br");
    for (IpAddress ip : List.of(IpAddress.parse("10.0.1.9"), IpAddress.parse("fd00::9"))) {
      socket.executeAll(NeighbourRequests.replace(new NewNeighbour(index, ip, MAC, PROTOCOL)));
      assertThat(neighbour(ip).orElseThrow().mac()).contains(MAC);
      socket.executeAll(
          NeighbourRequests.replace(new NewNeighbour(index, ip, OTHER_MAC, PROTOCOL)));
      NeighbourMessage seen = neighbour(ip).orElseThrow();
      assertThat(seen.mac()).contains(OTHER_MAC);
      assertThat(seen.state()).isEqualTo(NeighbourMessage.PERMANENT);
      assertThat(seen.protocol()).isEqualTo(PROTOCOL);
      assertThat(seen.index()).isEqualTo(index);
      assertThat(ip("neigh")).contains(ip + " dev br lladdr 02:00:00:00:00:02 PERMANENT proto 97");
      socket.executeAll(NeighbourRequests.delete(index, ip));
      assertThat(neighbour(ip)).isEmpty();
    }
  }

  private Optional<NeighbourMessage> neighbour(IpAddress ip) {
    return socket.neighbours().stream().filter(n -> n.ip().equals(ip)).findFirst();
  }

  @Test
  void filtersAtBothHooksComeAreReplacedInPlaceAndGoOneByOne() {
    int index = bridge("br");
    for (int parent : List.of(FilterMessage.INGRESS, FilterMessage.EGRESS)) {
      String hook = parent == FilterMessage.INGRESS ? "ingress" : "egress";
      assertThat(socket.filters(index, parent)).isEmpty();
      Place place = new Place(index, parent, 83, 0x7ffffff1);
      Place other = new Place(index, parent, 83, 2);
      try (Fd program = Bpf.load();
          Fd next = Bpf.load()) {
        // Clsact twice: the second time there is nothing to do.
        socket.executeAll(
            FilterRequests.addClsact(index),
            FilterRequests.addClsact(index),
            FilterRequests.put(place, program.number(), "first"),
            FilterRequests.put(other, program.number(), "other"));
        int id = filter(place).orElseThrow().programId().orElseThrow();
        assertThat(Witness.tc(ns, "filter show dev br " + hook))
            .contains(
                "protocol all pref 83 bpf",
                "handle 0x7ffffff1 first direct-action not_in_hw id " + id,
                "handle 0x2 other direct-action not_in_hw id " + id);
        socket.executeAll(FilterRequests.put(place, next.number(), "second"));
        FilterMessage seen = filter(place).orElseThrow();
        assertThat(seen.name()).contains("second");
        assertThat(seen.isDirect()).isTrue();
        assertThat(seen.programId().orElseThrow()).isNotEqualTo(id);
        assertThat(filter(other).orElseThrow().programId()).hasValue(id);
      }
      socket.executeAll(FilterRequests.delete(place));
      assertThat(filter(place)).isEmpty();
      assertThat(filter(other)).as("it stays when the program is closed").isPresent();
      assertThatThrownBy(() -> socket.executeAll(FilterRequests.delete(place)))
          .isInstanceOf(NetlinkException.class)
          .matches(e -> ((NetlinkException) e).errno().is(Errno.ENOENT));
    }
  }

  private Optional<FilterMessage> filter(Place place) {
    return socket.filters(place.index(), place.parent()).stream()
        .filter(f -> f.priority() == place.priority() && f.handle() == place.handle())
        .findFirst();
  }

  @Test
  void hooksOfAnotherSortAreLeftAlone() {
    int index = bridge("br");
    Witness.tc(ns, "qdisc add dev br ingress");
    assertThatThrownBy(() -> socket.executeAll(FilterRequests.addClsact(index)))
        .isInstanceOf(NetlinkException.class)
        .matches(e -> ((NetlinkException) e).errno().is(Errno.EINVAL))
        .hasMessageContaining("add clsact of index " + index);
    assertThat(Witness.tc(ns, "qdisc show dev br")).contains("qdisc ingress ffff:");
  }

  @Test
  void aFailureInTheMiddleStopsNothingAndTheKernelSaysWhy() {
    int index = bridge("br");
    BatchResult result =
        socket.execute(
            List.of(
                LinkRequests.addBridge("one", MAC, 1500, GROUP),
                LinkRequests.change(LinkChange.of(index).mtu(1)),
                LinkRequests.addBridge("one", MAC, 1500, GROUP),
                RouteRequests.add(
                    NewRoute.via(Cidr.parse("10.9.0.0/16"), IpAddress.parse("10.0.0.1"), index)),
                LinkRequests.addBridge("two", MAC, 1500, GROUP)));
    assertThat(names()).contains("one", "two");
    assertThat(result.failures()).extracting(BatchResult.Failure::index).containsExactly(1, 2, 3);
    assertThat(result.failures().get(0).error())
        .hasMessage(
            "change link index "
                + index
                + ": EINVAL (Invalid argument): kernel says \"mtu less than device minimum\"");
    assertThat(result.failures().get(1).error())
        .hasMessageStartingWith("create bridge one: EEXIST (File exists)");
    NetlinkException noRouter = result.failures().get(2).error();
    assertThat(noRouter)
        .hasMessageContaining("ENETUNREACH (Network is unreachable)")
        .hasMessageContaining("kernel says \"Nexthop has invalid gateway\"");
    assertThatThrownBy(result::orThrow).isSameAs(result.failures().get(0).error());
  }

  @Test
  void theAttributeAtFaultIsNamed() {
    assertThatThrownBy(
            () ->
                socket.executeAll(
                    LinkRequests.add(NewLink.named("a-name-that-is-too-long"), BridgeKind.plain())))
        .isInstanceOf(NetlinkException.class)
        .hasMessageStartingWith("create bridge a-name-that-is-too-long: ")
        .hasMessageEndingWith("(at IFLA_IFNAME)");
  }

  @Test
  void aThousandRequestsSucceedOrFailOneByOne() {
    int bridge = bridge("br");
    List<Request> requests =
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    AddressRequests.add(
                        new NewAddress(
                            bridge,
                            IpAddress.parse("10.1.0.0").plus(i),
                            32,
                            AddressRequests.QUIET,
                            PROTOCOL)))
            .toList();
    assertThat(socket.execute(requests)).isEqualTo(new BatchResult(List.of()));
    assertThat(socket.addresses().stream().filter(a -> a.protocol() == PROTOCOL)).hasSize(1000);
    BatchResult again = socket.execute(requests);
    assertThat(again.failures()).hasSize(1000);
    assertThat(again.failures())
        .allMatch(f -> f.error().errno().is(Errno.EEXIST))
        .extracting(BatchResult.Failure::index)
        .isSorted();
  }
}
