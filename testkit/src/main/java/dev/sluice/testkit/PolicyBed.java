package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.topology.Topology.Protocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Endpoints under policies: a and b in network red, c in blue, d in both, each labelled with its
 * name. Sends packets that the kernel would not, by the routes that the endpoints have.
 */
final class PolicyBed implements AutoCloseable {

  static final String NAME = "policed";

  static final List<String> ENDPOINTS = List.of("a", "b", "c", "d");

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: policed}
      spec:
        established: ESTABLISHED
        namespaces: [{name: default, labels: {team: one}}, {name: other, labels: {team: two}}]
        networks:
          - {name: red,  subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"], mtu: 1280}
        endpoints:
          - name: a
            netns: a
            labels: {app: a, tier: front}
            ports: [{name: http, port: 80}, {name: query, port: 53, protocol: UDP}]
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: b
            netns: b
            labels: {app: b, tier: back}
            ports: [{name: http, port: 8080}, {name: query, port: 5353, protocol: UDP}]
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]
          - name: c
            netns: c
            labels: {app: c}
            ports: [{name: http, port: 8000}, {name: query, port: 8000, protocol: UDP}]
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
          - name: d
            netns: d
            namespace: other
            labels: {app: d, tier: back}
            interfaces:
              - {network: red, name: eth0, addresses: [10.0.1.4, "fd00:0:0:1::4"]}
              - {network: blue, name: eth1, addresses: [10.0.2.4, "fd00:0:0:2::4"]}
      """;

  private static final Map<String, String> HOSTS =
      Map.of("a", "1.2", "b", "1.3", "c", "2.2", "d", "1.4", Witnesses.NODE, "1.1");

  /** Below the range that the kernel gives to workloads and that checks use. */
  private static final int FIRST_PORT = 20_000;

  /** A raw socket that only sends (raw(7)). */
  private static final int IPPROTO_RAW = 255;

  private final Node node;
  private final Witnesses witnesses;
  private final Supplier<Counts> counts;
  private final AtomicInteger next = new AtomicInteger();
  private Batch batch = new Batch();

  /** On a node where {@link #topology} runs. */
  PolicyBed(Node node, Witnesses witnesses, Supplier<Counts> counts) {
    this.node = node;
    this.witnesses = witnesses;
    this.counts = counts;
  }

  /** The topology with policies, each as the flow mapping of its metadata's name and its spec. */
  static String topology(String... policies) {
    return established("revoke", policies);
  }

  /** As {@link #topology}; what becomes of flows that a change denies. */
  static String established(String established, String... policies) {
    StringBuilder out = new StringBuilder(TOPOLOGY.replace("ESTABLISHED", established));
    for (String policy : policies) {
      out.append("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n").append(policy);
      if (!policy.endsWith("\n")) {
        out.append('\n');
      }
    }
    return out.toString();
  }

  /** As {@link #established}, with another endpoint in network red. */
  static String withEndpoint(String name, String established, String... policies) {
    return established(established, policies)
        .replace(
            "  endpoints:\n",
            "  endpoints:\n    - {name: %1$s, netns: %1$s, interfaces: [{network: red, name: eth0}]}\n"
                .formatted(name));
  }

  /** A policy that isolates the endpoint called {@code app} in both directions, with no rule. */
  static String denyAll(String app) {
    return policy("deny-" + app, app, "policyTypes: [Ingress, Egress]");
  }

  /** A policy for the endpoint called {@code app} with the rest of its spec as given. */
  static String policy(String name, String app, String rest) {
    return "metadata: {name: %s}\nspec: {podSelector: {matchLabels: {app: %s}}, %s}\n"
        .formatted(name, app, rest);
  }

  /** The first address of an endpoint, or of the node. */
  static IpAddress address(String place, boolean v6) {
    String[] host = HOSTS.get(place).split("\\.", -1);
    return IpAddress.parse(
        v6 ? "fd00:0:0:%s::%s".formatted(host[0], host[1]) : "10.0." + HOSTS.get(place));
  }

  static NetnsRef netns(String place) {
    return place.equals(Witnesses.NODE) ? NetnsRef.NODE : NetnsRef.named(place);
  }

  /** A number that no other packet of this bed has. */
  int number() {
    return next.incrementAndGet();
  }

  /** Words that no other packet of this bed has. */
  Bytes text() {
    return Bytes.ofText("judged packet %d.".formatted(number()));
  }

  int sourcePort() {
    return FIRST_PORT + number();
  }

  Tcp syn(int port) {
    return Tcp.syn(sourcePort(), port, number());
  }

  Tcp segment(int flags, int port) {
    return Tcp.of(sourcePort(), port, number(), number(), flags, Bytes.EMPTY);
  }

  Udp datagram(int port) {
    return datagram(sourcePort(), port);
  }

  Udp datagram(int from, int to) {
    return Udp.of(from, to, text());
  }

  Sctp init(int port) {
    return Sctp.init(sourcePort(), port, 0x1000 + number());
  }

  /** What opens a connection of that protocol. */
  Layer4 opening(Protocol protocol, int port) {
    return switch (protocol) {
      case TCP -> syn(port);
      case UDP -> datagram(port);
      case SCTP -> init(port);
    };
  }

  Layer4 echo(boolean v6) {
    return echo(v6, number(), text());
  }

  static Layer4 echo(boolean v6, int identifier, Bytes data) {
    return v6 ? Icmpv6.echoRequest(identifier, 1, data) : Icmp.echoRequest(identifier, 1, data);
  }

  static Layer4 echoReply(boolean v6, int identifier, Bytes data) {
    return v6 ? Icmpv6.echoReply(identifier, 1, data) : Icmp.echoReply(identifier, 1, data);
  }

  static Layer3 packet(String from, String to, boolean v6, Layer4 payload) {
    return GuardBed.packet(address(from, v6), address(to, v6), payload);
  }

  PolicyBed passes(String what, String from, String to, boolean v6, Layer4 payload) {
    Layer3 packet = packet(from, to, v6, payload);
    return passes(title(what, from, to, v6), Set.of(to), Batch.mark(packet), from, packet);
  }

  /** As {@link #passes}, and {@code mark} of it is seen at the sender again. */
  PolicyBed isAnswered(
      String what, String from, String to, boolean v6, Layer4 payload, Bytes mark) {
    return passes(
        title(what, from, to, v6), Set.of(from, to), mark, from, packet(from, to, v6, payload));
  }

  /** The packet is seen at these places. */
  PolicyBed passes(String what, Set<String> places, Bytes mark, String from, Layer3... packets) {
    batch.passes(what, places, mark, () -> send(from, packets));
    return this;
  }

  PolicyBed denies(String what, String from, String to, boolean v6, Layer4 payload) {
    Layer3 packet = packet(from, to, v6, payload);
    return denies(title(what, from, to, v6), Batch.mark(packet), from, packet);
  }

  /** None of the packets gets anywhere; at least one of them is counted. */
  PolicyBed denies(String what, Bytes mark, String from, Layer3... packets) {
    batch.drops(DropReason.POLICY, 1, packets.length, what, mark, () -> send(from, packets));
    return this;
  }

  /** It gets nowhere, and is counted under another reason than policy. */
  PolicyBed drops(
      DropReason reason, String what, String from, String to, boolean v6, Layer4 payload) {
    Layer3 packet = packet(from, to, v6, payload);
    batch.drops(
        reason, 1, 1, title(what, from, to, v6), Batch.mark(packet), () -> send(from, packet));
    return this;
  }

  private static String title(String what, String from, String to, boolean v6) {
    return "%s from %s to %s, IPv%d".formatted(what, from, to, v6 ? 6 : 4);
  }

  /** A fragment gets nowhere; it is counted where the datapath sees such. */
  PolicyBed tolerates(DropReason reason, int most) {
    batch.tolerates(reason, most);
    return this;
  }

  PolicyBed orphans(String what, Bytes mark, String from, Layer3 packet) {
    batch.drops(DropReason.FRAGMENT_ORPHAN, 0, 1, what, mark, () -> send(from, packet));
    return this;
  }

  /** Sends something of which other marks tell what becomes of it. */
  PolicyBed sends(String from, Layer3... packets) {
    batch.sends(() -> send(from, packets));
    return this;
  }

  /** As {@link #passes}, or {@link #denies}, through the gateway though it need not be. */
  PolicyBed turnedRound(
      boolean passes, Wire from, String to, boolean v6, MacAddress gateway, Layer4 payload) {
    Layer3 packet = packet("a", to, v6, payload);
    Ethernet frame = new Ethernet(gateway, from.link().mac().orElseThrow(), packet);
    String what = title("turned round", "a", to, v6);
    if (passes) {
      batch.passes(what, Set.of(to), Batch.mark(packet), () -> from.send(frame));
    } else {
      batch.drops(DropReason.POLICY, what, Batch.mark(packet), () -> from.send(frame));
    }
    return this;
  }

  /** Something of what is sent gets nowhere. */
  PolicyBed neverSeen(String what, Bytes mark) {
    batch.neverSeen(what, mark);
    return this;
  }

  /** Sends packets as they are from an endpoint, or from the node. */
  void send(String from, Layer3... packets) {
    for (Layer3 packet : packets) {
      boolean v6 = packet instanceof Ipv6;
      IpAddress to = packet instanceof Ipv4 v4 ? v4.destination() : ((Ipv6) packet).destination();
      try (RawSocket raw =
          Shell.call(node, netns(from), () -> RawSocket.ip(v6, IPPROTO_RAW, true))) {
        raw.sendTo(packet.encode(), to);
      }
    }
  }

  /** Sends what has been said, and sees that all became of it that has to. */
  void run() {
    batch.run(witnesses, counts);
    batch = new Batch();
  }

  /** As {@link #run}, for packets that a kernel may have dropped before anybody counts. */
  void runUncounted() {
    batch.run(witnesses);
    batch = new Batch();
  }

  /** As the other; what must not arrive is awaited so long. */
  void runUncounted(Duration never) {
    batch.run(witnesses, never);
    batch = new Batch();
  }

  @Override
  public void close() {
    witnesses.close();
  }
}
