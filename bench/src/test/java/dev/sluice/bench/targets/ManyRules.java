package dev.sluice.bench.targets;

import dev.sluice.bench.ManyPolicies;
import dev.sluice.bench.ManyPolicies.Side;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.EnumSet;
import java.util.Set;

/**
 * The text of a topology with many policy rules: a client and a server in two subnets, and {@link
 * ManyPolicies} between them, with ports by name. The same arguments give the same text.
 *
 * @param rules of the server's ingress; a multiple of 10
 * @param generation two different ones have no rule in common
 * @param open the first port at which the server hears the client
 * @param protocols of the ports at which it does
 */
record ManyRules(int rules, int generation, int open, Set<Protocol> protocols) {

  static final int FIRST_OPEN = ManyPolicies.FIRST_OPEN;
  static final int LAST_OPEN = ManyPolicies.LAST_OPEN;
  static final int OPEN_PORTS = ManyPolicies.OPEN_PORTS;

  static final String CLIENT_ADDRESS = "10.0.1.2";
  static final String SERVER_ADDRESS = "10.0.2.2";

  ManyRules {
    protocols = Set.copyOf(protocols);
    policies(rules, generation, open, protocols);
  }

  private static ManyPolicies policies(
      int rules, int generation, int open, Set<Protocol> protocols) {
    return new ManyPolicies(
        rules,
        generation,
        open,
        protocols,
        new Side("default", "{matchLabels: {app: server}}", "10.0.1.0/28"),
        new Side("default", "{matchLabels: {app: client}}", "10.0.2.0/28"),
        true);
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
    ManyPolicies policies = policies(rules, generation, open, protocols);
    StringBuilder ports = new StringBuilder("\n      ports:\n");
    for (int i = 0; i < policies.names(); i++) {
      ports.append("        - {name: p%d, port: %d}\n".formatted(i, policies.port(i)));
    }
    return topology(ports.toString()) + policies.text();
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
          interfaces: [{network: blue, name: eth0, addresses: [%s]}]\
    """
            .formatted(CLIENT_ADDRESS, SERVER_ADDRESS)
        + serverPorts;
  }
}
