package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.reconcile.Topologies;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks that are parts of a wire ({@code parent}): what every datapath gives that honours them.
 */
@ExtendWith(NodeExtension.class)
public abstract class WireContract {

  private static final Duration SOON = Duration.ofSeconds(4);
  private static final Duration NEVER = Duration.ofMillis(300);
  private static final Udp DATAGRAM = Udp.of(9, 9, Bytes.ofText("is anybody there?"));
  private static final MacAddress STRANGER = MacAddress.parse("02:00:00:00:00:77");

  /** The datapath under test. */
  protected abstract Datapath datapath();

  private Topologies topologies(Node node) {
    return TestTopologies.on(node, datapath());
  }

  private void apply(Node node, String yaml) {
    topologies(node).apply(TestTopologies.declared(datapath(), yaml));
  }

  private long dropped(Node node, DropReason reason) {
    return CountsByMeaning.of(node, datapath(), WireBed.NAME).dropped(reason);
  }

  private static String gateway(boolean onNode) {
    return onNode ? WireBed.ON_NODE : WireBed.ROUTED;
  }

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
    IpAddress source = IpAddress.parse(from), destination = IpAddress.parse(to);
    return v4 ? Ipv4.of(source, destination, DATAGRAM) : Ipv6.of(source, destination, DATAGRAM);
  }

  private static boolean isOurs(Ethernet frame) {
    return (frame.payload() instanceof Ipv4 v4 && v4.payload().equals(DATAGRAM))
        || (frame.payload() instanceof Ipv6 v6 && v6.payload().equals(DATAGRAM));
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

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theDeviceIsLeftAsItWas(boolean onNode, Node node) {
    WireBed bed = WireBed.on(node);
    // A group that the node itself listens to, and endpoint a is asked at.
    Shell.inNode(node, "ip addr add 2001:db8:5::2/64 dev up0 nodad").orFail();
    NodeSnapshot before = NodeSnapshot.of(node);
    String device = bed.device();
    assertThat(device).contains("33:33:ff:00:00:02");
    apply(node, gateway(onNode));
    assertThat(bed.device()).isNotEqualTo(device);
    topologies(node).destroy(WireBed.NAME);
    assertThat(bed.device()).isEqualTo(device);
    before.assertUnchanged(node);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ip link del up0; there is no interface up0",
        "ip link set up0 down; up0 is down",
        "ip link add br0 type bridge && ip link set up0 master br0; is a port of another device",
        "ip link set up0 mtu 1400; has an MTU of 1400"
      })
  void aDeviceThatIsOfNoUseIsRefused(String damage, String message, Node node) {
    WireBed.on(node);
    Shell.inNode(node, damage).orFail();
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThatThrownBy(() -> apply(node, WireBed.ROUTED))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("spec.networks[0].parent")
        .hasMessageContaining(message);
    before.assertUnchanged(node);
  }

  @Test
  void aDeviceThatHasGoneIsToldAndDestroyWorks(Node node) {
    WireBed.on(node);
    apply(node, WireBed.ROUTED);
    Shell.inNode(node, "ip link del up0").orFail();
    assertThat(topologies(node).status()).singleElement().matches(s -> s.drift() > 0);
    assertThatThrownBy(
            () -> topologies(node).plan(TestTopologies.declared(datapath(), WireBed.ROUTED)))
        .hasMessageContaining("there is no interface up0");
    topologies(node).destroy(WireBed.NAME);
    assertThat(Shell.inNode(node, "ip -o link show").orFail().lines()).hasSize(1);
  }
}
