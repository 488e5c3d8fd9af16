package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.kernel.ConflictingWishesException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.packet.Vlan;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.topology.Topology;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.Service.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in by an uplink from a denied source gets no further, and nothing else is touched. */
abstract class DenyContract extends UplinkBed {

  private static final String NAME = "ways";
  private static final String BAD_V4 = "203.0.113.0/24";
  private static final String WORSE_V4 = "203.0.113.128/25";
  private static final String BAD_V6 = "2001:db8:bad::/48";
  private static final String WORSE_V6 = "2001:db8:bad:8000::/49";
  private static final String DENYING = denying(BAD_V4, WORSE_V4, BAD_V6, WORSE_V6);

  private static String denying(String... blocks) {
    return TOPOLOGY.replace(
        "spec:\n", "spec:\n  denyFrom: [\"" + String.join("\", \"", blocks) + "\"]\n");
  }

  private static IpAddress bad(boolean v4) {
    return ip(v4 ? "203.0.113.5" : "2001:db8:bad::5");
  }

  private static IpAddress worse(boolean v4) {
    return ip(v4 ? "203.0.113.200" : "2001:db8:bad:8000::5");
  }

  /** The outside with addresses that are denied, and such as are just beside them. */
  private static Outside world(Node node) {
    Outside outside = outside(node);
    outside.run(
        """
        ip addr add 203.0.113.5/32 dev lo
        ip addr add 203.0.114.0/32 dev lo
        ip addr add 2001:db8:bad::5/128 dev lo
        ip addr add 2001:db8:bae::/128 dev lo
        """);
    return outside;
  }

  private Counts counts(Node node) {
    return topologies(node).counts(NAME).orElseThrow();
  }

  private static long of(Counts counts, String block) {
    return counts.of(new Counted.Denied(Cidr.parse(block))).packets();
  }

  /** What each block has been counted for; 0 is left out. */
  private Map<String, Long> denied(Node node) {
    Counts counts = counts(node);
    Map<String, Long> out = new TreeMap<>();
    Topology topology = topologies(node).topology(NAME);
    for (Cidr block : topology.denyFrom()) {
      long packets = of(counts, block.toString());
      if (packets > 0) {
        out.put(block.toString(), packets);
      }
    }
    return out;
  }

  private long dropped(Node node) {
    return counts(node).of(new Counted.Dropped(DropReason.DENIED_SOURCE)).packets();
  }

  /** A frame on the wire of the uplink. */
  private static Ethernet frame(Outside outside, Layer3 payload) {
    return new Ethernet(mac(outside, NetnsRef.NODE, "up0"), mac(outside), payload);
  }

  private static MacAddress mac(Outside outside) {
    return mac(outside, outside.netns(), "eth0");
  }

  private static MacAddress mac(Outside outside, NetnsRef where, String link) {
    try (Wire wire = Wire.on(outside.node(), where, link)) {
      return wire.link().mac().orElseThrow();
    }
  }

  private static Layer3 packet(IpAddress from, boolean v4, Udp udp) {
    return v4 ? Ipv4.of(from, plain(true), udp) : Ipv6.of(from, plain(false), udp);
  }

  private static List<Layer3> fragments(IpAddress from, boolean v4) {
    Udp large = Udp.of(9, 9, Bytes.of(new byte[3000]));
    return List.copyOf(
        v4
            ? Ipv4.of(from, plain(true), large).fragments(1280, 77)
            : Ipv6.of(from, plain(false), large).fragments(1280, 77));
  }

  /** Behind all frames that were sent before it. */
  private static void afterAllOthers(Node node, Outside outside) {
    assertArrives(true, node, outside.netns(), outside.address(true), PLAIN, plain(true));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingFromADeniedSourceGetsToAnEndpointOrTheNode(boolean v4, Node node) {
    Outside outside = world(node);
    apply(node, DENYING);
    assertArrives(false, node, outside.netns(), bad(v4), PLAIN, plain(v4));
    assertArrives(false, node, outside.netns(), worse(v4), PLAIN, plain(v4));
    assertArrives(true, node, outside.netns(), outside.address(v4), PLAIN, plain(v4));
    IpAddress beside = ip(v4 ? "203.0.114.0" : "2001:db8:bae::");
    assertArrives(true, node, outside.netns(), beside, PLAIN, plain(v4));
    String from = " -I " + bad(v4);
    assertThat(vainPing(node, outside.netns(), from, outside.nodeAddress(v4).toString()))
        .matches(r -> r.status() != 0);
    assertAnswers(node, outside.netns(), outside.nodeAddress(v4).toString());
    assertThat(denied(node))
        .isEqualTo(v4 ? Map.of(BAD_V4, 2L, WORSE_V4, 1L) : Map.of(BAD_V6, 2L, WORSE_V6, 1L));
    assertThat(dropped(node)).isEqualTo(3);
  }

  /** What it answers is not heard, though it is asked. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void norDoesItsAnswer(boolean v4, Node node) {
    Outside outside = world(node);
    apply(node, DENYING);
    assertNoWay(node, PLAIN, outside.netns(), bad(v4));
    assertNoWay(node, HIDDEN, outside.netns(), bad(v4));
    assertThat(seenOutside(outside, PLAIN, v4)).contains(plain(v4));
    assertThat(of(counts(node), v4 ? BAD_V4 : BAD_V6)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPublishedPortIsClosedToIt(boolean v4, Node node) {
    Outside outside = world(node);
    apply(
        node,
        DENYING.replace(
            "netns: plain\n", "netns: plain\n      ports: [{port: 80, publish: 80}]\n"));
    Service service = new Service(node, PLAIN, plain(v4), 80);
    IpAddress published = outside.nodeAddress(v4);
    assertThat(service.tcp(new Client(outside.netns(), published, 80), Service.SOON))
        .contains(outside.address(v4));
    outside.run(
        "ip route replace %s/%d dev eth0 src %s".formatted(published, published.bits(), bad(v4)));
    assertThat(service.tcp(new Client(outside.netns(), published, 80), Service.NEVER)).isEmpty();
    assertThat(of(counts(node), v4 ? BAD_V4 : BAD_V6)).isPositive();
  }

  /** Each bears the source; the later ones have no port. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void norAreItsFragments(boolean v4, Node node) {
    Outside outside = world(node);
    apply(node, DENYING);
    List<Layer3> bad = fragments(bad(v4), v4);
    try (Wire wire = Wire.on(node, outside.netns(), "eth0")) {
      bad.forEach(fragment -> wire.send(frame(outside, fragment)));
      fragments(outside.address(v4), v4).forEach(fragment -> wire.send(frame(outside, fragment)));
    }
    afterAllOthers(node, outside);
    assertThat(denied(node)).isEqualTo(Map.of(v4 ? BAD_V4 : BAD_V6, (long) bad.size()));
  }

  /** Whatever VLAN they are in, and in whatever order they come. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void norAreFramesWithTags(boolean v4, Node node) {
    Outside outside = world(node);
    apply(node, DENYING);
    List<Layer3> tagged = new ArrayList<>();
    for (IpAddress from : new IpAddress[] {bad(v4), outside.address(v4)}) {
      Layer3 packet = packet(from, v4, DATAGRAM);
      for (int type : new int[] {Vlan.CUSTOMER, Vlan.SERVICE}) {
        tagged.add(new Vlan(type, 7, packet));
        tagged.add(new Vlan(type, 0, new Vlan(Vlan.CUSTOMER, 9, packet)));
      }
    }
    try (Wire wire = Wire.on(node, outside.netns(), "eth0")) {
      tagged.forEach(payload -> wire.send(frame(outside, payload)));
    }
    afterAllOthers(node, outside);
    assertThat(dropped(node)).isEqualTo(4);
    assertThat(of(counts(node), v4 ? BAD_V4 : BAD_V6)).isBetween(2L, 4L);
  }

  /** Any number of tags with VLAN 0 is only a priority to the kernel, which takes them off. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void norAreFramesWithManyTags(boolean v4, Node node) {
    Outside outside = world(node);
    apply(node, TOPOLOGY);
    int[] numbers = {1, 2, 3, 4, 20};
    try (Wire wire = Wire.on(node, outside.netns(), "eth0");
        Wire plain = Wire.on(node, PLAIN, "eth0")) {
      Layer3 packet = packet(bad(v4), v4, DATAGRAM);
      for (int tags : numbers) {
        wire.send(frame(outside, tagged(tags, packet)));
        assertThat(plain.await(UplinkContract::isOurs, Service.SOON))
            .as("with %d tags, nobody denied", tags)
            .isPresent();
      }
      apply(node, DENYING);
      for (int tags : numbers) {
        wire.send(frame(outside, tagged(tags, packet)));
      }
      assertThat(plain.await(UplinkContract::isOurs, Service.NEVER)).isEmpty();
    }
    assertThat(dropped(node)).isEqualTo(numbers.length);
  }

  private static Layer3 tagged(int tags, Layer3 packet) {
    return tags == 0 ? packet : new Vlan(Vlan.CUSTOMER, 0, tagged(tags - 1, packet));
  }

  /** With all sources denied the node still finds its neighbours, and they find it. */
  @Test
  void neighboursAreFoundAllTheSame(Node node) {
    Outside outside = world(node);
    apply(node, denying("0.0.0.0/0", "::/0"));
    for (boolean v4 : new boolean[] {true, false}) {
      assertSilent(node, NetnsRef.NODE, outside.address(v4).toString());
      assertThat(Shell.inNode(node, "ip neigh show dev up0 to " + outside.address(v4)).orFail())
          .contains("lladdr " + mac(outside));
      outside.run("ip neigh flush dev eth0");
      assertThat(vainPing(node, outside.netns(), "", outside.nodeAddress(v4).toString()))
          .matches(r -> r.status() != 0);
      assertThat(
              Shell.in(
                      node, outside.netns(), "ip neigh show dev eth0 to " + outside.nodeAddress(v4))
                  .orFail())
          .contains("lladdr " + mac(outside, NetnsRef.NODE, "up0"));
    }
    assertThat(denied(node)).containsOnlyKeys("0.0.0.0/0", "::/0");
  }

  /** What looks like discovery, but came through a router, is none. */
  @Test
  void whatOnlyLooksLikeDiscoveryIsDenied(Node node) {
    Outside outside = world(node);
    apply(node, DENYING);
    Icmpv6 question = Icmpv6.solicitation(outside.nodeAddress(false), mac(outside));
    Ipv6 near = Ipv6.of(bad(false), outside.nodeAddress(false), question);
    try (Wire wire = Wire.on(node, outside.netns(), "eth0")) {
      wire.send(frame(outside, near.withHopLimit(254)));
      wire.send(frame(outside, near.withHopLimit(255)));
      wire.send(frame(outside, new Vlan(Vlan.SERVICE, 1, near.withHopLimit(255))));
      wire.send(
          frame(
              outside,
              new Vlan(Vlan.SERVICE, 1, new Vlan(Vlan.CUSTOMER, 1, near.withHopLimit(255)))));
    }
    afterAllOthers(node, outside);
    assertThat(dropped(node)).isEqualTo(1);
    assertThat(denied(node)).isEqualTo(Map.of(BAD_V6, 1L));
  }

  /** Not a packet of others is lost while the list changes, and what was counted stays. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theListChangesInPlace(boolean v4, Node node) {
    Outside outside = world(node);
    apply(node, DENYING);
    Flow good = flow(outside, outside.address(v4), v4);
    Flow bad = flow(outside, bad(v4), v4);
    try (FrameStream stream = new FrameStream(node, List.of(good, bad))) {
      assertThat(stream.arrives(good, 0)).isTrue();
      int from = stream.next();
      stream.more(100);
      assertThat(stream.arrived(bad, 0)).isZero();
      long counted = of(counts(node), v4 ? BAD_V4 : BAD_V6);
      assertThat(counted).isPositive();
      // The block that it was in is not denied any more, but one beside it, and one about that.
      apply(node, denying(WORSE_V4, WORSE_V6, "203.0.112.0/24", "2001:db8:ba::/47"));
      assertThat(stream.arrives(bad, stream.next())).isTrue();
      apply(node, DENYING);
      int again = stream.next() + 20;
      stream.more(100);
      apply(node, denying(BAD_V4, BAD_V6));
      stream.more(100);
      int until = stream.next();
      stream.end();
      assertThat(stream.arrived(bad, again)).isZero();
      assertThat(stream.arrived(good, from)).isGreaterThanOrEqualTo(until - 1 - from);
    }
  }

  private static Flow flow(Outside outside, IpAddress source, boolean v4) {
    return new Flow(
        "outside",
        mac(outside),
        source,
        "plain",
        mac(outside, NetnsRef.NODE, "up0"),
        plain(v4),
        4711);
  }

  @Test
  void itGoesWithoutATrace(Node node) {
    world(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(node, TOPOLOGY);
    NodeSnapshot without = NodeSnapshot.of(node);
    apply(node, DENYING);
    assertThat(apply(node, DENYING).steps()).isEmpty();
    apply(node, TOPOLOGY);
    without.assertUnchanged(node);
    apply(node, DENYING);
    topologies(node).destroy(NAME);
    before.assertUnchanged(node);
  }

  /** Who comes in by an uplink is of no topology yet: there is one list for it, of one of them. */
  @Test
  void anUplinkHasOneList(Node node) {
    Outside outside = world(node);
    apply(node, DENYING);
    apply(node, OTHER);
    assertArrives(false, node, outside.netns(), bad(true), NetnsRef.named("other"), ip("10.0.9.2"));
    NodeSnapshot before = NodeSnapshot.of(node);
    String denyingToo = OTHER.replace("spec:\n", "spec:\n  denyFrom: [198.51.100.0/24]\n");
    assertThatThrownBy(() -> apply(node, denyingToo))
        .isInstanceOf(ConflictingWishesException.class)
        .hasMessageContaining("deny list of uplink up0 in the node: by other and by ways");
    before.assertUnchanged(node);
    apply(node, TOPOLOGY);
    apply(node, denyingToo);
    assertArrives(true, node, outside.netns(), bad(true), PLAIN, plain(true));
  }
}
