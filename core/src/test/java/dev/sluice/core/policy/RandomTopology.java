package dev.sluice.core.policy;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Operator;
import dev.sluice.core.topology.NetworkPolicy.Peer;
import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.Requirement;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Established;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.PolicyNamespace;
import dev.sluice.core.topology.Topology.Port;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Small random topologies with policies of few words, so that selectors, blocks, ports and names
 * meet: what a reader would take, without networks, which policy does not look at. Each change
 * gives the next topology.
 */
final class RandomTopology {

  /** Endpoint {@code n} has {@code 10.0.0.n}, and {@code fd00::n}; more where it has two homes. */
  static final IpAddress FIRST_V4 = IpAddress.parse("10.0.0.0");

  static final IpAddress FIRST_V6 = IpAddress.parse("fd00::");

  /** Numbers at the ends of the ranges that rules have. */
  static final List<Integer> PORTS = List.of(1, 79, 80, 81, 443, 8080, 65535);

  private static final int ENDPOINTS = 7;
  private static final int POLICIES = 12;
  private static final List<String> NAMESPACES = List.of("default", "x");
  private static final List<String> KEYS = List.of("app", "tier");
  private static final List<String> VALUES = List.of("a", "b", "");
  private static final List<String> PORT_NAMES = List.of("http", "dns");
  private static final List<Cidr> BLOCKS =
      List.of(
          Cidr.parse("0.0.0.0/0"),
          Cidr.parse("::/0"),
          Cidr.parse("10.0.0.0/29"),
          Cidr.parse("10.0.0.2/31"),
          Cidr.parse("10.0.0.4/32"),
          Cidr.parse("fd00::/125"),
          Cidr.parse("fd00::2/127"),
          Cidr.parse("192.0.2.0/24"),
          Cidr.parse("2001:db8::/32"));

  private final Random random;
  private List<PolicyNamespace> namespaces = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<NetworkPolicy> policies = new ArrayList<>();

  RandomTopology(Random random) {
    this.random = random;
    NAMESPACES.forEach(name -> namespaces.add(new PolicyNamespace(name, labels())));
    int count = 2 + random.nextInt(ENDPOINTS - 1);
    for (int n = 1; n <= count; n++) {
      endpoints.add(endpoint(n));
    }
    int policyCount = random.nextInt(POLICIES + 1);
    for (int n = 0; n < policyCount; n++) {
      policies.add(policy(n));
    }
  }

  Topology topology() {
    return new Topology(
        "random",
        "bridge",
        namespaces,
        List.of(),
        endpoints,
        List.of(),
        Established.REVOKE,
        policies);
  }

  /** Changes one thing of a kind that policy looks at, or the order of all. */
  void change() {
    switch (random.nextInt(8)) {
      case 0 -> {
        int i = random.nextInt(namespaces.size());
        namespaces.set(i, new PolicyNamespace(namespaces.get(i).name(), labels()));
      }
      case 1 -> replaceEndpoint();
      case 2 -> {
        if (endpoints.size() > 1) {
          endpoints.remove(random.nextInt(endpoints.size()));
        }
      }
      case 3 -> addEndpoint();
      case 4 -> {
        if (!policies.isEmpty()) {
          policies.remove(random.nextInt(policies.size()));
        }
      }
      case 5 -> {
        Collections.shuffle(policies, random);
        Collections.shuffle(endpoints, random);
      }
      default -> putPolicy(policy(random.nextInt(POLICIES)));
    }
  }

  /** Some endpoints go, and others come with names that were not there before. */
  void replaceEndpoints(int generation) {
    while (endpoints.size() > 1) {
      endpoints.remove(random.nextInt(endpoints.size()));
    }
    for (int n = 0; n < 40; n++) {
      endpoints.add(endpoint(1000 * (generation + 1) + n));
    }
  }

  private void replaceEndpoint() {
    int i = random.nextInt(endpoints.size());
    endpoints.set(i, endpoint(number(endpoints.get(i))));
  }

  private void addEndpoint() {
    int n = 1 + random.nextInt(ENDPOINTS);
    if (endpoints.stream().noneMatch(e -> number(e) == n)) {
      endpoints.add(random.nextInt(endpoints.size() + 1), endpoint(n));
    }
  }

  private void putPolicy(NetworkPolicy policy) {
    for (int i = 0; i < policies.size(); i++) {
      NetworkPolicy other = policies.get(i);
      if (other.name().equals(policy.name()) && other.namespace().equals(policy.namespace())) {
        policies.set(i, policy);
        return;
      }
    }
    policies.add(policy);
  }

  private static int number(Endpoint endpoint) {
    return Integer.parseInt(endpoint.name().substring(1));
  }

  private Endpoint endpoint(int n) {
    List<Interface> interfaces = new ArrayList<>();
    interfaces.add(link("eth0", FIRST_V4.plus(n), FIRST_V6.plus(n)));
    if (random.nextInt(3) == 0) {
      interfaces.add(link("eth1", IpAddress.parse("10.0.1.0").plus(n % 256)));
    }
    List<Port> ports = new ArrayList<>();
    for (String name : PORT_NAMES) {
      if (random.nextBoolean()) {
        ports.add(new Port(Optional.of(name), oneOf(PORTS), protocol(), Optional.empty()));
      }
    }
    ports.add(new Port(Optional.empty(), 80, Protocol.TCP, Optional.of(8080)));
    return new Endpoint("e" + n, "ns" + n, oneOf(NAMESPACES), labels(), interfaces, ports);
  }

  private static Interface link(String name, IpAddress... addresses) {
    return new Interface("red", name, Optional.empty(), List.of(addresses), Optional.empty());
  }

  private NetworkPolicy policy(int n) {
    Set<Direction> types = EnumSet.noneOf(Direction.class);
    types.add(oneOf(List.of(Direction.values())));
    types.add(oneOf(List.of(Direction.values())));
    return new NetworkPolicy(
        NAMESPACES.get(n % NAMESPACES.size()),
        "p" + n,
        selector(),
        types,
        several(3, () -> rule(Direction.INGRESS)),
        several(3, () -> rule(Direction.EGRESS)));
  }

  private Rule rule(Direction direction) {
    List<Peer> peers = several(3, this::peer);
    boolean named =
        direction == Direction.INGRESS
            || (!peers.isEmpty() && peers.stream().allMatch(Peer.Selected.class::isInstance));
    return new Rule(peers, several(3, () -> port(named)));
  }

  private Peer peer() {
    if (random.nextInt(3) == 0) {
      Cidr block = oneOf(BLOCKS);
      return new Peer.Block(
          block,
          BLOCKS.stream()
              .filter(hole -> hole.prefix() > block.prefix() && block.overlaps(hole))
              .filter(hole -> random.nextInt(3) == 0)
              .toList());
    }
    return switch (random.nextInt(3)) {
      case 0 -> new Peer.Selected(Optional.empty(), Optional.of(selector()));
      case 1 -> new Peer.Selected(Optional.of(selector()), Optional.empty());
      default -> new Peer.Selected(Optional.of(selector()), Optional.of(selector()));
    };
  }

  private PortMatch port(boolean named) {
    if (named && random.nextInt(3) == 0) {
      return new PortMatch.Named(protocol(), oneOf(PORT_NAMES));
    }
    if (random.nextInt(6) == 0) {
      return new PortMatch.Range(protocol(), 0, PortRange.MAX);
    }
    int from = oneOf(PORTS);
    int to = random.nextBoolean() ? from : Math.max(from, oneOf(PORTS));
    return new PortMatch.Range(protocol(), from, to);
  }

  private LabelSelector selector() {
    return new LabelSelector(
        several(
            2,
            () -> {
              Operator operator = oneOf(List.of(Operator.values()));
              boolean compares = operator == Operator.IN || operator == Operator.NOT_IN;
              List<String> values = new ArrayList<>();
              if (compares) {
                values.add(oneOf(VALUES));
                values.add(oneOf(VALUES));
              }
              return new Requirement(oneOf(KEYS), operator, values);
            }));
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    for (String key : KEYS) {
      if (random.nextInt(3) != 0) {
        labels.put(key, oneOf(VALUES));
      }
    }
    return labels;
  }

  private Protocol protocol() {
    return random.nextInt(2) == 0 ? Protocol.TCP : oneOf(List.of(Protocol.values()));
  }

  private <T> List<T> several(int most, Supplier<T> one) {
    List<T> out = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      out.add(one.get());
    }
    return out;
  }

  private <T> T oneOf(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
