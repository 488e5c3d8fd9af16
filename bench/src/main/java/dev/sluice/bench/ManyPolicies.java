package dev.sluice.bench;

import dev.sluice.core.topology.Topology.Protocol;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text of many NetworkPolicies: the given number of rules on the server's ingress and half as
 * many on the client's egress, in policies of {@value #RULES_PER_POLICY}. The same arguments give
 * the same text.
 *
 * <p>Rules come in fives, each five about a block of 256 addresses of its own, of the family of the
 * measured flow:
 *
 * <ol>
 *   <li>one address, a TCP and a UDP port
 *   <li>16 addresses, a range of ports of both protocols
 *   <li>one port, by name if there are names: in ingress from one address, in egress to endpoints
 *   <li>the block except its first quarter, one TCP port: over the 16 addresses of the second
 *   <li>4 of these 16 addresses, a range of UDP ports that overlaps that of the second
 * </ol>
 *
 * The rule that lets the measured flows through is the second of the five in the middle.
 *
 * @param rules of the server's ingress; a multiple of 10
 * @param generation two different ones have no rule in common
 * @param open the first of {@value #OPEN_PORTS} ports at which the server hears the client; a
 *     multiple of {@value #OPEN_PORTS} from {@value #FIRST_OPEN} to {@value #LAST_OPEN}. All others
 *     of these are denied.
 * @param protocols of the ports at which it does
 * @param server whom ingress isolates, and the block that the client is in
 * @param client whom egress isolates, and the block that the server is in
 * @param named whether the server gives its ports the names {@code p0}, {@code p1} and so on, a
 *     name for each five of egress, with the numbers of {@link #port}
 */
public record ManyPolicies(
    int rules,
    int generation,
    int open,
    Set<Protocol> protocols,
    Side server,
    Side client,
    boolean named) {

  public static final int FIRST_OPEN = 5200;
  public static final int LAST_OPEN = 5360;
  public static final int OPEN_PORTS = 40;

  private static final int GROUP = 5;
  private static final int RULES_PER_POLICY = 100;
  private static final int IPV6_MORE = 128 - 32;

  /** Of each generation; the first begins at 1024. */
  private static final int PORTS = 4000;

  /**
   * One end of the measured flows.
   *
   * @param namespace of the policies
   * @param selector of the endpoints that they isolate, in YAML
   * @param peers the CIDR that the other end is in
   */
  public record Side(String namespace, String selector, String peers) {}

  public ManyPolicies {
    if (rules < 2 * GROUP || rules % (2 * GROUP) != 0) {
      throw new IllegalArgumentException("a positive multiple of 10 rules, not " + rules);
    }
    if (open < FIRST_OPEN || open > LAST_OPEN || open % OPEN_PORTS != 0) {
      throw new IllegalArgumentException("no first open port: " + open);
    }
    protocols = Set.copyOf(protocols);
  }

  /** For the measured flows of any topology: policies isolate the namespaces of its two ends. */
  static ManyPolicies of(Pair pair, int rules) {
    return new ManyPolicies(
        rules,
        0,
        FIRST_OPEN,
        EnumSet.of(Protocol.TCP, Protocol.UDP),
        new Side(
            pair.server().namespace(),
            "{}",
            pair.clientAddress() + "/" + pair.clientAddress().bits()),
        new Side(
            pair.client().namespace(),
            "{}",
            pair.serverAddress() + "/" + pair.serverAddress().bits()),
        false);
  }

  /** Documents, each with its separator before it. */
  public String text() {
    StringBuilder out = new StringBuilder();
    policies(out, true);
    policies(out, false);
    return out.toString();
  }

  /** How many fives there are in egress, and names of ports. */
  public int names() {
    return ingressGroups() / 2;
  }

  /** The number that the port of a name has. */
  public int port(int name) {
    return 20_000 + 10_000 * generation + name;
  }

  private int ingressGroups() {
    return rules / GROUP;
  }

  private void policies(StringBuilder out, boolean ingress) {
    Side side = ingress ? server : client;
    int groups = ingress ? ingressGroups() : names();
    int perPolicy = RULES_PER_POLICY / GROUP;
    for (int group = 0; group < groups; group++) {
      if (group % perPolicy == 0) {
        out.append(
            """

            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: %s-%03d, namespace: %s}
            spec:
              podSelector: %s
              policyTypes: [%s]
              %s:
            """
                .formatted(
                    ingress ? "in" : "out",
                    group / perPolicy,
                    side.namespace,
                    side.selector,
                    ingress ? "Ingress" : "Egress",
                    ingress ? "ingress" : "egress"));
      }
      group(out, ingress, group, group == groups / 2);
    }
  }

  private void group(StringBuilder out, boolean ingress, int group, boolean measured) {
    int port = 1024 + 5000 * generation + group * 7 % (PORTS - 100);
    block(out, ingress, cidr(ingress, group, 10 + group % 40, 32));
    out.append("{port: %d}, {protocol: UDP, port: %d}]}\n".formatted(port, port + 1));
    if (measured) {
      measured(out, ingress);
    } else {
      block(out, ingress, cidr(ingress, group, 128, 28));
      range(out, port, port + 49);
    }
    if (ingress) {
      block(out, true, cidr(true, group, 60, 32));
    } else {
      out.append("    - {to: [{podSelector: %s}], ports: [".formatted(server.selector));
    }
    int name = group % names();
    out.append("{port: %s}]}\n".formatted(named ? "p" + name : Integer.toString(port(name))));
    block(
        out,
        ingress,
        cidr(ingress, group, 0, 24) + ", except: [" + cidr(ingress, group, 0, 26) + "]");
    out.append("{port: %d}]}\n".formatted(port + 60));
    block(out, ingress, cidr(ingress, group, 128, 30));
    out.append("{protocol: UDP, port: %d, endPort: %d}]}\n".formatted(port + 20, port + 99));
  }

  /** Egress lets all ports through at which the server may hear the client. */
  private void measured(StringBuilder out, boolean ingress) {
    block(out, ingress, ingress ? server.peers : client.peers);
    int first = ingress ? open : FIRST_OPEN;
    int last = (ingress ? open : LAST_OPEN) + OPEN_PORTS - 1;
    range(out, first, last, ingress ? protocols : EnumSet.of(Protocol.TCP, Protocol.UDP));
  }

  private static void block(StringBuilder out, boolean ingress, String cidr) {
    out.append(
        "    - {%s: [{ipBlock: {cidr: %s}}], ports: [".formatted(ingress ? "from" : "to", cidr));
  }

  private static void range(StringBuilder out, int from, int to) {
    range(out, from, to, EnumSet.of(Protocol.TCP, Protocol.UDP));
  }

  private static void range(StringBuilder out, int from, int to, Set<Protocol> protocols) {
    out.append(
        protocols.stream()
            .sorted()
            .map(p -> "{protocol: %s, port: %d, endPort: %d}".formatted(p, from, to))
            .collect(Collectors.joining(", ", "", "]}\n")));
  }

  /** Within the 256 addresses of a five; {@code bits} as if of IPv4. */
  private String cidr(boolean ingress, int group, int last, int bits) {
    int first = ingress ? 10 : 172;
    int second = (ingress ? 64 : 16) + 8 * generation + group / 256;
    return server.peers.contains(":")
        ? "fd%02x:%x:%x::%x/%d".formatted(first, second, group % 256, last, bits + IPV6_MORE)
        : "%d.%d.%d.%d/%d".formatted(first, second, group % 256, last, bits);
  }
}
