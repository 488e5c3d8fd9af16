package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.packet.Vlan;
import dev.sluice.core.policy.DropReason;
import dev.sluice.testkit.Service.Client;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes between endpoints and the wire that their network is a part of. */
public abstract class WireContract extends WireSuite {

  private static final Duration SOON = Duration.ofSeconds(4);
  private static final Duration NEVER = Duration.ofMillis(300);
  private static final Udp DATAGRAM = Udp.of(9, 9, Bytes.ofText("is anybody there?"));
  private static final MacAddress STRANGER = MacAddress.parse("02:00:00:00:00:77");

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void endpointsAndHostsOfTheWireReachEachOther(boolean v4, boolean onNode, Node node) {
    WireBed bed = WireBed.on(node);
    apply(node, gateway(onNode));
    NetnsRef router = bed.router().netns();
    Contract.assertAnswers(node, WireBed.A, WireBed.router(v4));
    Contract.assertAnswers(node, router, WireBed.b(v4));
    Contract.assertAnswers(node, WireBed.A, WireBed.b(v4));
    Conversation conversation = new Conversation(node);
    IpAddress there = IpAddress.parse(WireBed.router(v4));
    assertThat(conversation.tcp(WireBed.A, router, there, 1 << 18))
        .isEqualTo(IpAddress.parse(WireBed.a(v4)));
    assertThat(conversation.tcp(router, WireBed.A, IpAddress.parse(WireBed.a(v4)), 1 << 18))
        .isEqualTo(there);
    assertThat(conversation.udp(WireBed.A, router, there)).isTrue();
    Contract.assertAnswers(node, NetnsRef.NODE, bed.router().address(v4).toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theRouterOfTheWireLeadsBeyond(boolean v4, Node node) {
    WireBed.on(node);
    apply(node, WireBed.ROUTED);
    Contract.assertAnswers(node, WireBed.A, WireBed.behind(v4));
    Contract.assertAnswers(node, WireBed.BEHIND, WireBed.a(v4));
    // The node is no party to it: it has no way to the endpoints, nor they to it.
    Contract.assertSilent(node, NetnsRef.NODE, WireBed.a(v4));
    Contract.assertSilent(node, WireBed.A, v4 ? "192.0.2.1" : "2001:db8::1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNodeAsGatewayReachesEndpointsAndTheRestOfTheWire(boolean v4, Node node) {
    WireBed.on(node);
    Shell.inNode(
            node, "ip addr add 10.0.1.9/24 dev up0; ip addr add fd00:0:0:1::9/64 dev up0 nodad")
        .orFail();
    apply(node, WireBed.ON_NODE);
    Contract.assertAnswers(node, NetnsRef.NODE, WireBed.a(v4));
    Contract.assertAnswers(node, WireBed.A, v4 ? "10.0.1.254" : "fd00:0:0:1::fe");
    Contract.assertAnswers(node, NetnsRef.NODE, WireBed.router(v4));
  }

  @Test
  void nobodyAnswersForTheRouter(Node node) {
    WireBed bed = WireBed.on(node);
    apply(node, WireBed.ROUTED);
    bed.router().run("ip addr del 10.0.1.1/24 dev eth0");
    try (Wire wire = Wire.on(node, bed.router().netns(), "eth0")) {
      MacAddress mac = wire.link().mac().orElseThrow();
      IpAddress asking = IpAddress.parse("10.0.1.77");
      assertThat(wire.resolve(asking, IpAddress.parse(WireBed.a(true)))).isNotEqualTo(mac);
      IpAddress router = IpAddress.parse(WireBed.router(true));
      wire.send(new Ethernet(Ethernet.BROADCAST, mac, Arp.request(mac, asking, router)));
      assertThat(wire.await(f -> isArp(f, Arp.REPLY, router), NEVER)).isEmpty();
    }
    Contract.assertSilent(node, WireBed.A, WireBed.router(true));
  }

  private static boolean isArp(Ethernet frame, int operation, IpAddress sender) {
    return frame.payload() instanceof Arp arp
        && arp.operation() == operation
        && arp.senderIp().equals(sender);
  }

  private static final String POLICY =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: served}
      spec:
        podSelector: {}
        policyTypes: [Ingress, Egress]
        ingress: [{from: [{ipBlock: {cidr: PEER4/32}}, {ipBlock: {cidr: "PEER6/128"}}]}]
        egress: [{to: [{ipBlock: {cidr: PEER4/32}}, {ipBlock: {cidr: "PEER6/128"}}]}]
      """;

  private static String policy(String v4, String v6) {
    return POLICY.replace("PEER4", v4).replace("PEER6", v6);
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void policyIsJudgedTowardsTheWire(boolean v4, boolean onNode, Node node) {
    WireBed bed = WireBed.on(node);
    NetnsRef router = bed.router().netns();
    apply(node, gateway(onNode) + policy("10.0.1.1", "fd00:0:0:1::1"));
    Contract.assertAnswers(node, WireBed.A, WireBed.router(v4));
    Contract.assertAnswers(node, router, WireBed.a(v4));
    assertThat(dropped(node, DropReason.POLICY)).isZero();
    apply(node, gateway(onNode) + policy("10.0.1.99", "fd00:0:0:1::99"));
    Contract.assertSilent(node, WireBed.A, WireBed.router(v4));
    Contract.assertSilent(node, router, WireBed.a(v4));
    assertThat(dropped(node, DropReason.POLICY)).isGreaterThanOrEqualTo(2);
  }

  private static Layer3 packet(boolean v4, String from, String to) {
    return packet(v4, from, to, DATAGRAM);
  }

  private static Layer3 packet(boolean v4, String from, String to, Udp datagram) {
    IpAddress source = IpAddress.parse(from), destination = IpAddress.parse(to);
    return v4 ? Ipv4.of(source, destination, datagram) : Ipv6.of(source, destination, datagram);
  }

  private static boolean isOurs(Ethernet frame) {
    return (frame.payload() instanceof Ipv4 v4 && v4.payload().equals(DATAGRAM))
        || (frame.payload() instanceof Ipv6 v6 && v6.payload().equals(DATAGRAM));
  }

  private static boolean contains(Ethernet frame, Bytes part) {
    return Bytes.of(frame.encode()).toString().contains(part.toString());
  }

  /** Frames with a tag are for devices of the node's own, VLAN 0 (a priority) too. */
  @ParameterizedTest
  @CsvSource({"true, 5", "false, 5", "true, 0", "false, 0"})
  void aFrameWithATagPassesNeitherWay(boolean v4, int vlan, Node node) {
    WireBed bed = WireBed.on(node);
    apply(node, WireBed.ROUTED);
    try (Wire a = Wire.on(node, WireBed.A, "eth0");
        Wire wire = Wire.on(node, bed.router().netns(), "eth0")) {
      MacAddress own = a.link().mac().orElseThrow(), router = wire.link().mac().orElseThrow();
      wire.send(new Ethernet(own, router, packet(v4, WireBed.router(v4), WireBed.a(v4))));
      a.send(new Ethernet(router, own, packet(v4, WireBed.a(v4), WireBed.router(v4))));
      assertThat(a.await(WireContract::isOurs, SOON)).isPresent();
      assertThat(wire.await(WireContract::isOurs, SOON)).isPresent();
      Udp tagged = Udp.of(10, 10, Bytes.ofText("behind a tag"));
      Layer3 in = packet(v4, WireBed.router(v4), WireBed.a(v4), tagged);
      Layer3 out = packet(v4, WireBed.a(v4), WireBed.router(v4), tagged);
      for (int type : new int[] {Vlan.CUSTOMER, Vlan.SERVICE}) {
        wire.send(new Ethernet(own, router, new Vlan(type, vlan, in)));
        a.send(new Ethernet(router, own, new Vlan(type, vlan, out)));
      }
      assertThat(a.await(f -> contains(f, tagged.payload()), NEVER)).isEmpty();
      assertThat(wire.await(f -> contains(f, tagged.payload()), NEVER)).isEmpty();
      assertThat(dropped(node, DropReason.ETHERTYPE)).isEqualTo(2);
    }
  }

  /** To port 53 alone, both ways. */
  private static final String QUERIES =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: queries}
      spec:
        podSelector: {}
        policyTypes: [Ingress, Egress]
        ingress: [{ports: [{protocol: UDP, port: 53}]}]
        egress: [{ports: [{protocol: UDP, port: 53}]}]
      """;

  private static final int FRAGMENT = 1280;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void fragmentsShareTheFateOfTheirFirst(boolean v4, Node node) {
    WireBed bed = WireBed.on(node);
    apply(node, WireBed.ROUTED + QUERIES);
    try (Wire a = Wire.on(node, WireBed.A, "eth0");
        Wire wire = Wire.on(node, bed.router().netns(), "eth0")) {
      assertFragmentsPass(v4, a, WireBed.a(v4), wire, WireBed.router(v4));
      assertFragmentsPass(v4, wire, WireBed.router(v4), a, WireBed.a(v4));
      assertThat(dropped(node, DropReason.POLICY)).isGreaterThanOrEqualTo(2);
    }
  }

  private static void assertFragmentsPass(
      boolean v4, Wire sender, String from, Wire receiver, String to) {
    for (int port : new int[] {54, 53}) {
      byte[] content = new byte[3000];
      Arrays.fill(content, (byte) (port + from.length()));
      Layer3 whole = packet(v4, from, to, Udp.of(9, port, Bytes.of(content)));
      List<? extends Layer3> fragments =
          whole instanceof Ipv4 v4Whole
              ? v4Whole.fragments(FRAGMENT, port)
              : ((Ipv6) whole).fragments(FRAGMENT, port);
      assertThat(fragments).hasSize(3);
      Bytes part = Bytes.of(content).slice(0, 64);
      for (Layer3 fragment : fragments) {
        MacAddress there = receiver.link().mac().orElseThrow();
        sender.send(new Ethernet(there, sender.link().mac().orElseThrow(), fragment));
      }
      boolean passes = port == 53;
      for (int i = 0; i < (passes ? fragments.size() : 1); i++) {
        assertThat(receiver.await(f -> contains(f, part), passes ? SOON : NEVER).isPresent())
            .as("fragment to %s port %d", to, port)
            .isEqualTo(passes);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNodeAsGatewayPublishes(boolean v4, Node node) {
    WireBed bed = WireBed.on(node);
    apply(
        node,
        WireBed.ON_NODE.replace(
            "labels: {serves: udp}", "ports: [{name: http, port: 80, publish: 8080}]"));
    IpAddress b = IpAddress.parse(WireBed.b(v4));
    IpAddress gateway = IpAddress.parse(v4 ? "10.0.1.254" : "fd00:0:0:1::fe");
    Service service = new Service(node, WireBed.B, b, 80);
    assertThat(service.tcp(new Client(NetnsRef.NODE, gateway, 8080), Service.SOON))
        .contains(gateway);
    assertThat(service.tcp(new Client(WireBed.A, gateway, 8080), Service.SOON))
        .contains(IpAddress.parse(WireBed.a(v4)));
    // The wire is no uplink: who is there has the endpoint's own address.
    NetnsRef router = bed.router().netns();
    IpAddress ofNode = bed.router().nodeAddress(v4);
    assertThat(service.tcp(new Client(router, ofNode, 8080), Service.NEVER)).isEmpty();
    assertThat(service.tcp(new Client(router, b, 80), Service.SOON))
        .contains(IpAddress.parse(WireBed.router(v4)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobodyIsForgedTowardsTheWire(boolean v4, Node node) {
    WireBed bed = WireBed.on(node);
    apply(node, WireBed.ROUTED);
    try (Wire a = Wire.on(node, WireBed.A, "eth0");
        Wire wire = Wire.on(node, bed.router().netns(), "eth0")) {
      MacAddress own = a.link().mac().orElseThrow(), router = wire.link().mac().orElseThrow();
      a.send(new Ethernet(router, own, packet(v4, WireBed.a(v4), WireBed.router(v4))));
      assertThat(wire.await(WireContract::isOurs, SOON)).isPresent();
      a.send(new Ethernet(router, STRANGER, packet(v4, WireBed.a(v4), WireBed.router(v4))));
      a.send(new Ethernet(router, own, packet(v4, WireBed.b(v4), WireBed.router(v4))));
      a.send(new Ethernet(router, own, packet(v4, WireBed.behind(v4), WireBed.router(v4))));
      assertThat(wire.await(WireContract::isOurs, NEVER)).isEmpty();
      assertThat(dropped(node, DropReason.SPOOFED_MAC)).isEqualTo(1);
      assertThat(dropped(node, DropReason.SPOOFED_IP)).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobodyOfTheWireIsAnEndpoint(boolean v4, Node node) {
    WireBed bed = WireBed.on(node);
    apply(node, WireBed.ROUTED);
    try (Wire a = Wire.on(node, WireBed.A, "eth0");
        Wire wire = Wire.on(node, bed.router().netns(), "eth0")) {
      MacAddress to = a.link().mac().orElseThrow(), from = wire.link().mac().orElseThrow();
      wire.send(new Ethernet(to, from, packet(v4, WireBed.router(v4), WireBed.a(v4))));
      assertThat(a.await(WireContract::isOurs, SOON)).isPresent();
      wire.send(new Ethernet(to, from, packet(v4, WireBed.b(v4), WireBed.a(v4))));
      assertThat(a.await(WireContract::isOurs, NEVER)).isEmpty();
      assertThat(dropped(node, DropReason.SPOOFED_IP)).isEqualTo(1);
      // To one's MAC with another's address: for nobody of ours.
      wire.send(new Ethernet(to, from, packet(v4, WireBed.router(v4), WireBed.b(v4))));
      assertThat(a.await(WireContract::isOurs, NEVER)).isEmpty();
    }
  }

  /** Rule 8 is of what it sends to itself, and that comes by no wire. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void norTheEndpointItselfAtAnotherWire(boolean v4, Node node) {
    WireBed bed = WireBed.on(node);
    Shell.inNode(
            node,
            "ip link add up1 type veth peer name beyond1 && ip link set up1 up"
                + " && ip link set beyond1 up")
        .orFail();
    apply(node, WireBed.AT_TWO + QUERIES);
    try (Wire a = Wire.on(node, WireBed.A, "eth0");
        Wire wire = Wire.on(node, bed.router().netns(), "eth0")) {
      MacAddress to = a.link().mac().orElseThrow(), from = wire.link().mac().orElseThrow();
      String other = v4 ? "10.0.2.2" : "fd00:0:0:2::2";
      wire.send(new Ethernet(to, from, packet(v4, other, WireBed.a(v4))));
      assertThat(a.await(WireContract::isOurs, NEVER)).isEmpty();
      assertThat(dropped(node, DropReason.SPOOFED_IP)).isEqualTo(1);
    }
  }
}
