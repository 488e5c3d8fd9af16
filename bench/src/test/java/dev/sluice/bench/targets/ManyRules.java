package dev.sluice.bench.targets;

import dev.sluice.core.topology.Topology.Protocol;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text of a topology with many policy rules: a client and a server in two subnets, the given
 * number of rules on the server's ingress and half as many on the client's egress, in policies of
 * {@value #RULES_PER_POLICY}. The same arguments give the same text.
 *
 * <p>Rules come in fives, each five about a /24 of its own:
 *
 * <ol>
 *   <li>one address, a TCP and a UDP port
 *   <li>a /28, a range of ports of both protocols
 *   <li>a named port: in ingress from one address, in egress to whoever has the server's label
 *   <li>the /24 except its first /26, one TCP port: over the /28 of the second
 *   <li>a /30 within that /28, a range of UDP ports that overlaps that of the second
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
 */
record ManyRules(int rules, int generation, int open, Set<Protocol> protocols) {

  static final int FIRST_OPEN = 5200;
  static final int LAST_OPEN = 5360;
  static final int OPEN_PORTS = 40;

  static final String CLIENT_ADDRESS = "10.0.1.2";
  static final String SERVER_ADDRESS = "10.0.2.2";

  private static final int GROUP = 5;
  private static final int RULES_PER_POLICY = 100;

  /** Of each generation; the first begins at 1024. */
  private static final int PORTS = 4000;

  ManyRules {
    if (rules < 2 * GROUP || rules % (2 * GROUP) != 0) {
      throw new IllegalArgumentException("a positive multiple of 10 rules, not " + rules);
    }
    if (open < FIRST_OPEN || open > LAST_OPEN || open % OPEN_PORTS != 0) {
      throw new IllegalArgumentException("no first open port: " + open);
    }
    protocols = Set.copyOf(protocols);
  }

  static ManyRules of(int rules) {
    return new ManyRules(rules, 0, FIRST_OPEN, EnumSet.of(Protocol.TCP, Protocol.UDP));
  }

  /** The same but for every rule; only the measured flows may be allowed by both. */
  ManyRules renewed(int newlyOpen) {
    return new ManyRules(rules, 1 - generation, newlyOpen, protocols);
  }

  /** The same but for one rule. */
  ManyRules opening(int newlyOpen) {
    return new ManyRules(rules, generation, newlyOpen, protocols);
  }

  /** The same, with UDP alone for the measured flows: their rule comes to one element of a set. */
  ManyRules ofUdp() {
    return new ManyRules(rules, generation, open, EnumSet.of(Protocol.UDP));
  }

  /** The endpoints without any policy. */
  static String withoutPolicy() {
    return topology("");
  }

  /** The file's text. */
  String text() {
    StringBuilder ports = new StringBuilder("\n      ports:\n");
    for (int i = 0; i < egressGroups(); i++) {
      ports.append(
          "        - {name: p%d, port: %d}\n".formatted(i, 20_000 + 10_000 * generation + i));
    }
    StringBuilder out = new StringBuilder(topology(ports.toString()));
    policies(out, true);
    policies(out, false);
    return out.toString();
  }

  private int ingressGroups() {
    return rules / GROUP;
  }

  private int egressGroups() {
    return ingressGroups() / 2;
  }

  private static String topology(String serverPorts) {
    return """
        apiVersion: sluice.dev/v1alpha1
        kind: Topology
        metadata: {name: rules}
        spec:
          networks:
            - {name: red, subnets: [10.0.1.0/24]}
            - {name: blue, subnets: [10.0.2.0/24]}
          endpoints:
            - name: client
              netns: client
              labels: {app: client}
              interfaces: [{network: red, name: eth0, addresses: [%s]}]
            - name: server
              netns: server
              labels: {app: server}
              interfaces: [{network: blue, name: eth0, addresses: [%s]}]"""
            .formatted(CLIENT_ADDRESS, SERVER_ADDRESS)
        + serverPorts;
  }

  private void policies(StringBuilder out, boolean ingress) {
    int groups = ingress ? ingressGroups() : egressGroups();
    int perPolicy = RULES_PER_POLICY / GROUP;
    for (int group = 0; group < groups; group++) {
      if (group % perPolicy == 0) {
        out.append(
            """

            ---
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: %s-%03d}
            spec:
              podSelector: {matchLabels: {app: %s}}
              policyTypes: [%s]
              %s:
            """
                .formatted(
                    ingress ? "in" : "out",
                    group / perPolicy,
                    ingress ? "server" : "client",
                    ingress ? "Ingress" : "Egress",
                    ingress ? "ingress" : "egress"));
      }
      group(out, ingress, group, group == groups / 2);
    }
  }

  private void group(StringBuilder out, boolean ingress, int group, boolean measured) {
    String net = net(ingress, group);
    int port = 1024 + 5000 * generation + group * 7 % (PORTS - 100);
    block(out, ingress, net + (10 + group % 40) + "/32");
    out.append("{port: %d}, {protocol: UDP, port: %d}]}\n".formatted(port, port + 1));
    if (measured) {
      measured(out, ingress);
    } else {
      block(out, ingress, net + "128/28");
      range(out, port, port + 49);
    }
    if (ingress) {
      block(out, true, net + "60/32");
    } else {
      out.append("    - {to: [{podSelector: {matchLabels: {app: server}}}], ports: [");
    }
    out.append("{port: p%d}]}\n".formatted(group % egressGroups()));
    block(out, ingress, net + "0/24, except: [" + net + "0/26]");
    out.append("{port: %d}]}\n".formatted(port + 60));
    block(out, ingress, net + "128/30");
    out.append("{protocol: UDP, port: %d, endPort: %d}]}\n".formatted(port + 20, port + 99));
  }

  /** Egress lets all ports through at which the server may hear the client. */
  private void measured(StringBuilder out, boolean ingress) {
    block(out, ingress, ingress ? "10.0.1.0/28" : "10.0.2.0/28");
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

  /** The /24 of a group, without the last number. */
  private String net(boolean ingress, int group) {
    int first = ingress ? 10 : 172;
    int second = (ingress ? 64 : 16) + 8 * generation + group / 256;
    return "%d.%d.%d.".formatted(first, second, group % 256);
  }
}
