package dev.sluice.backend.ebpf;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.DropReason;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The topology that the tables of the programs are about, and the words that they are written in: a
 * and b in network red, c in blue, d in both; s in red hears only what its policy says, t in blue
 * sends only what its policy says.
 */
final class ProgramCases {

  static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: programs}
      spec:
        networks:
          - {name: red,  subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"], mtu: 1280}
        endpoints:
          - {name: a, netns: a, labels: {app: a}, interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]}
          - {name: b, netns: b, labels: {app: b}, interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]}
          - {name: c, netns: c, labels: {app: c}, interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]}
          - name: d
            netns: d
            labels: {app: d}
            ports: [{port: 80, publish: 8080}]
            interfaces:
              - {network: red, name: eth0, addresses: [10.0.1.4, "fd00:0:0:1::4"]}
              - {network: blue, name: eth1, addresses: [10.0.2.4, "fd00:0:0:2::4"]}
          - {name: s, netns: s, labels: {app: s}, interfaces: [{network: red, name: eth0, addresses: [10.0.1.5, "fd00:0:0:1::5"]}]}
          - {name: t, netns: t, labels: {app: t}, interfaces: [{network: blue, name: eth0, addresses: [10.0.2.6, "fd00:0:0:2::6"]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: hears}
      spec:
        podSelector: {matchLabels: {app: s}}
        ingress:
          - {from: [{podSelector: {matchLabels: {app: a}}}], ports: [{port: 80, endPort: 82}]}
          - {ports: [{port: 53, protocol: UDP}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: sends}
      spec:
        podSelector: {matchLabels: {app: t}}
        policyTypes: [Egress]
        egress:
          - {to: [{podSelector: {matchLabels: {app: c}}}]}
          - {to: [{ipBlock: {cidr: 203.0.113.0/24}}], ports: [{port: 443}]}
      """;

  static final DesiredState DESIRED = ProgramBed.desired(TOPOLOGY);

  static final MacAddress A = ProgramBed.mac(DESIRED, "a", "eth0");
  static final MacAddress B = ProgramBed.mac(DESIRED, "b", "eth0");
  static final MacAddress C = ProgramBed.mac(DESIRED, "c", "eth0");
  static final MacAddress D = ProgramBed.mac(DESIRED, "d", "eth0");
  static final MacAddress S = ProgramBed.mac(DESIRED, "s", "eth0");
  static final MacAddress T = ProgramBed.mac(DESIRED, "t", "eth0");
  static final MacAddress RED = GatewayRender.mac(DESIRED, "red");
  static final MacAddress BLUE = GatewayRender.mac(DESIRED, "blue");
  static final MacAddress STRANGER = MacAddress.parse("02:00:00:00:00:77");

  static final IpAddress A4 = ip("10.0.1.2");
  static final IpAddress B4 = ip("10.0.1.3");
  static final IpAddress C4 = ip("10.0.2.2");
  static final IpAddress D4 = ip("10.0.1.4");
  static final IpAddress S4 = ip("10.0.1.5");
  static final IpAddress T4 = ip("10.0.2.6");
  static final IpAddress RED4 = ip("10.0.1.1");
  static final IpAddress WORLD4 = ip("203.0.113.9");
  static final IpAddress NOBODY4 = ip("10.0.1.77");
  static final IpAddress A6 = ip("fd00:0:0:1::2");
  static final IpAddress B6 = ip("fd00:0:0:1::3");
  static final IpAddress C6 = ip("fd00:0:0:2::2");
  static final IpAddress D6 = ip("fd00:0:0:1::4");
  static final IpAddress S6 = ip("fd00:0:0:1::5");
  static final IpAddress T6 = ip("fd00:0:0:2::6");
  static final IpAddress RED6 = ip("fd00:0:0:1::1");
  static final IpAddress WORLD6 = ip("2001:db8::9");
  static final IpAddress NOBODY6 = ip("fd00:0:0:1::77");
  static final IpAddress A_LINK = IpAddress.linkLocal(A);
  static final IpAddress B_LINK = IpAddress.linkLocal(B);
  static final IpAddress C_LINK = IpAddress.linkLocal(C);
  static final IpAddress T_LINK = IpAddress.linkLocal(T);
  static final IpAddress RED_LINK = IpAddress.linkLocal(RED);
  static final IpAddress BLUE_LINK = IpAddress.linkLocal(BLUE);

  /** So that no case meets another one's flow. */
  private static final AtomicInteger NEXT_PORT = new AtomicInteger(20_000);

  private ProgramCases() {}

  /** A frame, and where it is met: an endpoint by its name, or the node's link of a network. */
  record Sent(String place, Ethernet frame) {}

  /**
   * One row of a table.
   *
   * @param before sent first, all redirected
   * @param out how the frame looks when it is redirected; empty: it is dropped
   * @param reason that its drop is counted under; empty: it is for nobody, which is not counted
   */
  record Case(
      String what,
      List<Sent> before,
      Sent sent,
      Optional<Ethernet> out,
      Optional<DropReason> reason) {

    Case after(Sent... earlier) {
      return new Case(what, List.of(earlier), sent, out, reason);
    }

    @Override
    public String toString() {
      return what + " from " + sent.place;
    }
  }

  /** The frame is redirected, and looks like {@code out}. */
  static Case redirects(String what, String place, Ethernet frame, Ethernet out) {
    return new Case(what, List.of(), new Sent(place, frame), Optional.of(out), Optional.empty());
  }

  /** The frame is redirected as it is. */
  static Case passes(String what, String place, Ethernet frame) {
    return redirects(what, place, frame, frame);
  }

  static Case drops(DropReason reason, String what, String place, Ethernet frame) {
    return new Case(what, List.of(), new Sent(place, frame), Optional.empty(), Optional.of(reason));
  }

  /** The frame is for nobody: it gets nowhere and is not counted. */
  static Case ignores(String what, String place, Ethernet frame) {
    return new Case(what, List.of(), new Sent(place, frame), Optional.empty(), Optional.empty());
  }

  static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  static Layer3 packet(IpAddress from, IpAddress to, Layer4 payload) {
    return to.isV4() ? Ipv4.of(from, to, payload) : Ipv6.of(from, to, payload);
  }

  static Ethernet frame(MacAddress from, MacAddress to, Layer3 payload) {
    return new Ethernet(to, from, payload);
  }

  static Ethernet frame(
      MacAddress from, MacAddress to, IpAddress source, IpAddress destination, Layer4 payload) {
    return frame(from, to, packet(source, destination, payload));
  }

  /** What a router makes of it: other MACs, and a hop less. */
  static Ethernet routed(Ethernet frame, MacAddress from, MacAddress to) {
    Layer3 packet =
        frame.payload() instanceof Ipv4 v4
            ? v4.withTtl(v4.ttl() - 1)
            : ((Ipv6) frame.payload()).withHopLimit(((Ipv6) frame.payload()).hopLimit() - 1);
    return frame(from, to, packet);
  }

  /** The MAC of an IPv6 multicast group (RFC 2464). */
  static MacAddress group(IpAddress ip) {
    byte[] b = ip.bytes();
    return MacAddress.of(new byte[] {0x33, 0x33, b[12], b[13], b[14], b[15]});
  }

  static Ethernet to(MacAddress mac, Ethernet frame) {
    return new Ethernet(mac, frame.source(), frame.payload());
  }

  static Layer4 udp(int port) {
    return Udp.of(port(), port, Bytes.ofText("a datagram"));
  }

  static Layer4 syn(int port) {
    return Tcp.syn(port(), port, 1);
  }

  static Layer4 segment(int from, int to, int flags) {
    return Tcp.of(from, to, 1, 1, flags, Bytes.ofText("a segment"));
  }

  static Layer4 echo(boolean v4) {
    return v4
        ? Icmp.echoRequest(port(), 1, Bytes.ofText("echo"))
        : Icmpv6.echoRequest(port(), 1, Bytes.ofText("echo"));
  }

  /** Any other protocol. */
  static Layer4 gre() {
    return new Layer4.Opaque(47, Bytes.ofHex("0000080045000000"));
  }

  static int port() {
    return NEXT_PORT.incrementAndGet();
  }
}
