package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.testkit.NodeExtension;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may do what is found where peers lie close together, so that they share blocks, and far
 * apart, and where a class of ports has many pages: at the ends of every range and beside them.
 */
@ExtendWith(NodeExtension.class)
@Timeout(120)
class PolicyLookupTest {

  private static final int UDP = 17;
  private static final int SCTP = 132;

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: lookup}
      spec:
        networks: [{name: red, subnets: [10.0.1.0/24, "2001:db8:1::/64"]}]
        endpoints:
          - {name: a, netns: a, interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "2001:db8:1::2"]}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: many}
      spec:
        podSelector: {}
        policyTypes: [Egress]
        egress:
      """;

  private final Random random = new Random(9);
  private final StringBuilder rules = new StringBuilder();
  private final Set<IpAddress> peers = new HashSet<>();
  private final Set<Integer> ports = new HashSet<>();
  private int sourcePort = 1024;

  private static List<String> blocks() {
    List<String> out = new ArrayList<>();
    // More than a block has room for, and the ends of what the last 32 bits are.
    IntStream.range(0, 40).forEach(i -> out.add("198.51.100.%d/32".formatted(5 * i)));
    IntStream.range(0, 40).forEach(i -> out.add("2001:db8:9::%x/127".formatted(0x10 * i)));
    out.addAll(
        List.of(
            "198.51.100.64/26",
            "198.51.0.0/17",
            "203.0.113.255/32",
            "192.0.2.0/31",
            "8.0.0.0/5",
            "2001:db8:9::/120",
            "2001:db8:a::ffff:ffff/128",
            "2001:db8:a::1:0:0/128",
            "2001:db8:b::/49",
            "2001:db8:c::/97",
            "2400::/12"));
    return out;
  }

  private void rule(String peer, List<String> allowed) {
    rules.append(
        "    - {%s}\n"
            .formatted(
                (peer + (allowed.isEmpty() ? "" : ", ports: " + allowed)).replaceFirst("^, ", "")));
  }

  /** Of one protocol each, single ones and ranges that overlap. */
  private List<String> ports(int count) {
    return IntStream.range(0, count).mapToObj(i -> port()).toList();
  }

  private String port() {
    int from = 2 + random.nextInt(60_000);
    int to = from + (random.nextBoolean() ? 0 : random.nextInt(2000));
    ports.addAll(Set.of(from - 1, from));
    ports.addAll(Set.of(to, to + 1));
    return "{protocol: %s, port: %d, endPort: %d}"
        .formatted(random.nextBoolean() ? "UDP" : "SCTP", from, to);
  }

  @Test
  void everyPeerMayDoAtEveryPortWhatPolicySays(Node node) {
    for (String block : blocks()) {
      Cidr cidr = Cidr.parse(block);
      rule("to: [{ipBlock: {cidr: \"%s\"}}]".formatted(block), ports(random.nextInt(6)));
      for (IpAddress end : List.of(cidr.address(), cidr.last())) {
        peers.addAll(List.of(end, beside(end, -1), beside(end, 1)));
      }
    }
    rule(
        "to: [{ipBlock: {cidr: 198.51.100.0/28}}, {ipBlock: {cidr: \"2001:db8:9::/122\"}}]",
        ports(60));
    rule("", ports(20));
    try (ProgramBed bed = new ProgramBed(node, TOPOLOGY + rules)) {
      bed.inNode(
          () -> {
            Set<Boolean> verdicts = new HashSet<>();
            for (IpAddress peer : peers) {
              probe(bed, peer, verdicts);
            }
            return assertThat(verdicts).containsExactlyInAnyOrder(true, false);
          });
    }
  }

  /**
   * RFC 4291, section 2.5.5.2: the programs write the addresses of IPv4 so, but no rule means them.
   */
  @ParameterizedTest
  @ValueSource(strings = {"::ffff:0:0/96", "::ffff:203.0.113.0/120"})
  void aBlockOfMappedAddressesSaysNothingOfIpv4(String block, Node node) {
    rule("to: [{ipBlock: {cidr: \"%s\"}}]".formatted(block), List.of());
    rule("to: [{ipBlock: {cidr: 192.0.2.0/24}}]", List.of());
    peers.addAll(List.of(IpAddress.parse("203.0.113.7"), IpAddress.parse("192.0.2.7")));
    ports.add(53);
    try (ProgramBed bed = new ProgramBed(node, TOPOLOGY + rules)) {
      bed.inNode(
          () -> {
            Set<Boolean> verdicts = new HashSet<>();
            for (IpAddress peer : peers) {
              probe(bed, peer, verdicts);
            }
            return assertThat(verdicts).containsExactlyInAnyOrder(true, false);
          });
    }
  }

  private void probe(ProgramBed bed, IpAddress peer, Set<Boolean> verdicts) {
    List<Integer> all = new ArrayList<>(ports);
    IpAddress own =
        bed.desired().topology().endpoints().get(0).interfaces().get(0).addresses().stream()
            .filter(a -> a.isV4() == peer.isV4())
            .findFirst()
            .orElseThrow();
    for (int i = 0; i < 60; i++) {
      int port = all.get(random.nextInt(all.size()));
      int protocol = random.nextBoolean() ? UDP : SCTP;
      boolean passes =
          PolicyEvaluator.verdict(
                  bed.desired().topology(),
                  new Flow(
                      new Party.EndpointParty("a", own),
                      new Party.Outside(peer),
                      protocol,
                      OptionalInt.of(port)))
              .allows();
      verdicts.add(passes);
      assertThat(bed.fromEndpoint("a", "eth0", frame(bed, own, peer, protocol, port)).verdict())
          .as("%d port %d of %s", protocol, port, peer)
          .isEqualTo(passes ? ProgramBed.REDIRECTED : ProgramBed.DROPPED);
    }
  }

  private byte[] frame(ProgramBed bed, IpAddress from, IpAddress to, int protocol, int port) {
    sourcePort = sourcePort == 65_535 ? 1024 : sourcePort + 1;
    Layer4 payload =
        protocol == UDP
            ? Udp.of(sourcePort, port, Bytes.ofText("x"))
            : Sctp.init(sourcePort, port, 1);
    return new Ethernet(
            GatewayRender.mac(bed.desired(), "red"),
            ProgramBed.mac(bed.desired(), "a", "eth0"),
            from.isV4() ? Ipv4.of(from, to, payload) : Ipv6.of(from, to, payload))
        .encode();
  }

  private static IpAddress beside(IpAddress ip, int by) {
    byte[] out = new byte[ip.bytes().length];
    byte[] number = new BigInteger(1, ip.bytes()).add(BigInteger.valueOf(by)).toByteArray();
    byte[] last =
        Arrays.copyOfRange(number, Math.max(0, number.length - out.length), number.length);
    System.arraycopy(last, 0, out, out.length - last.length, last.length);
    return IpAddress.of(out);
  }
}
