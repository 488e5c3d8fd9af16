package dev.sluice.backend.ebpf;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random policies of few words on the same endpoints, as text, so that selectors, blocks, ports and
 * names meet: e1 to e3 in network red, e4 and e5 in blue, e6 in both.
 */
final class FuzzTopology {

  /** Numbers at the ends of the ranges that rules have, and beside them. */
  static final List<Integer> PORTS =
      List.of(1, 2, 79, 80, 81, 82, 442, 443, 8080, 8081, 65534, 65535);

  private static final List<String> BLOCKS =
      List.of(
          "0.0.0.0/0",
          "'::/0'",
          "10.0.1.0/29",
          "10.0.1.2/31",
          "10.0.0.0/8",
          "203.0.113.0/24",
          "'fd00:0:0:1::/125'",
          "'fd00:0:0:1::2/127'",
          "'fd00::/16'",
          "'2001:db8::/32'");
  private static final List<String> PROTOCOLS = List.of("TCP", "TCP", "UDP", "SCTP");
  private static final List<String> VALUES = List.of("x", "y", "z");

  private final Random random;
  private final StringBuilder out = new StringBuilder();

  private FuzzTopology(Random random) {
    this.random = random;
  }

  static String yaml(Random random) {
    return new FuzzTopology(random).text();
  }

  private String text() {
    out.append(
        """
        apiVersion: sluice.dev/v1alpha1
        kind: Topology
        metadata: {name: fuzz}
        spec:
          networks:
            - {name: red,  subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
            - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"], mtu: 1280}
          endpoints:
        """);
    for (int n = 1; n <= 6; n++) {
      out.append(
          "    - {name: e%1$d, netns: e%1$d, labels: {app: %2$s, tier: %3$s},"
              .formatted(n, oneOf(VALUES), oneOf(VALUES)));
      out.append(" ports: [{name: http, port: %d}],".formatted(oneOf(PORTS)));
      String red = iface("red", n == 6 ? "eth1" : "eth0", 1, n);
      String blue = iface("blue", "eth0", 2, n);
      out.append(
          " interfaces: [%s]}%n".formatted(n <= 3 ? red : n <= 5 ? blue : blue + ", " + red));
    }
    int policies = 2 + random.nextInt(7);
    for (int n = 0; n < policies; n++) {
      policy(n);
    }
    return out.toString();
  }

  private static String iface(String network, String name, int subnet, int n) {
    return "{network: %s, name: %s, addresses: [10.0.%d.%d, 'fd00:0:0:%d::%x']}"
        .formatted(network, name, subnet, n + 1, subnet, n + 1);
  }

  private void policy(int n) {
    out.append("---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n");
    out.append("metadata: {name: p%d}%n".formatted(n));
    out.append("spec: {podSelector: %s".formatted(selector()));
    int types = 1 + random.nextInt(3);
    List<String> named = new ArrayList<>();
    if ((types & 1) != 0) {
      named.add("Ingress");
      out.append(", ingress: ").append(several(3, () -> rule("from", true)));
    }
    if ((types & 2) != 0) {
      named.add("Egress");
      out.append(", egress: ").append(several(4, () -> rule("to", false)));
    }
    out.append(", policyTypes: %s}%n".formatted(named));
  }

  private String rule(String peers, boolean named) {
    List<String> fields = new ArrayList<>();
    if (random.nextInt(4) != 0) {
      fields.add(peers + ": " + some(3, this::peer));
    }
    if (random.nextInt(3) != 0) {
      fields.add("ports: " + some(3, () -> port(named)));
    }
    return "{" + String.join(", ", fields) + "}";
  }

  private String peer() {
    return random.nextBoolean()
        ? "{ipBlock: {cidr: %s}}".formatted(oneOf(BLOCKS))
        : "{podSelector: %s}".formatted(selector());
  }

  private String port(boolean named) {
    String protocol = oneOf(PROTOCOLS);
    if (named && random.nextInt(5) == 0) {
      return "{protocol: TCP, port: http}";
    }
    int from = oneOf(PORTS);
    int to = oneOf(PORTS);
    return random.nextBoolean() || to < from
        ? "{protocol: %s, port: %d}".formatted(protocol, from)
        : "{protocol: %s, port: %d, endPort: %d}".formatted(protocol, from, to);
  }

  private String selector() {
    return switch (random.nextInt(4)) {
      case 0 -> "{}";
      case 1 ->
          "{matchExpressions: [{key: tier, operator: NotIn, values: [%s]}]}"
              .formatted(oneOf(VALUES));
      default -> "{matchLabels: {app: %s}}".formatted(oneOf(VALUES));
    };
  }

  private List<String> several(int most, Supplier<String> one) {
    return random.nextInt(4) == 0 ? List.of() : some(most, one);
  }

  private List<String> some(int most, Supplier<String> one) {
    List<String> list = new ArrayList<>();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      list.add(one.get());
    }
    return list;
  }

  private <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
