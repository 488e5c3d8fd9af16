package dev.sluice.bench.targets;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.PolicyResolver;
import dev.sluice.core.policy.Resolution;
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
import dev.sluice.core.topology.Topology.PolicyNamespace;
import dev.sluice.core.topology.Topology.Port;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * How long policies take to resolve: 10,000 rules over 1,000 endpoints, a quarter each of exact
 * ports, CIDR blocks, port ranges and named ports. Prints each pass in ns: {@code all} from
 * nothing; {@code label} and {@code policy} a step of a resolver that has seen the topology before
 * one endpoint's labels, or one policy, changed. Run it with {@code java -cp
 * core/target/classes:bench/target/test-classes dev.sluice.bench.targets.ResolveManyRules 40}; the
 * first passes warm the JVM up.
 */
final class ResolveManyRules {

  private static final int ENDPOINTS = 1000;
  private static final int POLICIES = 1000;
  private static final int RULES = 10;
  private static final int NAMESPACES = 10;
  private static final int APPS = 50;

  private final Random random = new Random(1);
  private final List<PolicyNamespace> namespaces = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<NetworkPolicy> policies = new ArrayList<>();

  private ResolveManyRules() {
    for (int i = 0; i < NAMESPACES; i++) {
      namespaces.add(new PolicyNamespace("n" + i, Map.of("team", "t" + i % 3)));
    }
    for (int i = 0; i < ENDPOINTS; i++) {
      endpoints.add(endpoint(i, i % APPS));
    }
    for (int i = 0; i < POLICIES; i++) {
      policies.add(policy(i));
    }
  }

  public static void main(String[] args) {
    int passes = Integer.parseInt(args[0]);
    ResolveManyRules rules = new ResolveManyRules();
    Topology topology = rules.topology();
    PolicyResolver resolver = new PolicyResolver();
    resolver.next(topology);
    for (int i = 0; i < passes; i++) {
      time("all", () -> new PolicyResolver().next(topology));
      rules.endpoints.set(i, rules.endpoint(i, (i + 1) % APPS));
      Topology labelled = rules.topology();
      time("label", () -> resolver.next(labelled));
      rules.policies.set(i, rules.policy(i));
      Topology changed = rules.topology();
      time("policy", () -> resolver.next(changed));
    }
  }

  private static void time(String what, Supplier<Resolution> step) {
    long from = System.nanoTime();
    Resolution resolution = step.get();
    long took = System.nanoTime() - from;
    System.out.printf("%s %d (%d sides changed)%n", what, took, resolution.changed().size());
  }

  private Topology topology() {
    return new Topology(
        "many",
        "bridge",
        namespaces,
        List.of(),
        endpoints,
        List.of(),
        Established.REVOKE,
        policies);
  }

  private Endpoint endpoint(int i, int app) {
    return new Endpoint(
        "e" + i,
        "ns" + i,
        "n" + i % NAMESPACES,
        Map.of("app", "a" + app, "tier", "t" + i % 4),
        List.of(),
        List.of(new Port(Optional.of("http"), 8000 + i % 3, Protocol.TCP, Optional.empty())));
  }

  /** Selects the endpoints of an app, or half a namespace. */
  private NetworkPolicy policy(int i) {
    LabelSelector selector =
        i % 10 == 0
            ? selector("tier", Operator.IN, "t0", "t1")
            : selector("app", Operator.IN, "a" + random.nextInt(APPS));
    List<Rule> ingress = new ArrayList<>();
    List<Rule> egress = new ArrayList<>();
    for (int r = 0; r < RULES; r++) {
      (r % 2 == 0 ? ingress : egress).add(rule());
    }
    return new NetworkPolicy(
        "n" + i % NAMESPACES, "p" + i, selector, EnumSet.allOf(Direction.class), ingress, egress);
  }

  private Rule rule() {
    Peer selected =
        new Peer.Selected(
            Optional.of(selector("team", Operator.NOT_IN, "t" + random.nextInt(4))),
            Optional.of(
                selector(
                    "app", Operator.IN, "a" + random.nextInt(APPS), "a" + random.nextInt(APPS))));
    Peer block =
        new Peer.Block(
            new Cidr(IpAddress.parse("10.0.0.0").plus(256L * random.nextInt(1 << 16)), 24),
            List.of());
    int port = 1 + random.nextInt(60_000);
    return switch (random.nextInt(4)) {
      case 0 -> rule(selected, new PortMatch.Range(Protocol.TCP, port, port));
      case 1 -> rule(block, new PortMatch.Range(Protocol.TCP, port, port));
      case 2 -> rule(selected, new PortMatch.Range(Protocol.UDP, port, port + 1000));
      default -> rule(selected, new PortMatch.Named(Protocol.TCP, "http"));
    };
  }

  private static Rule rule(Peer peer, PortMatch port) {
    return new Rule(List.of(peer), List.of(port));
  }

  private static LabelSelector selector(String key, Operator operator, String... values) {
    return new LabelSelector(List.of(new Requirement(key, operator, List.of(values))));
  }
}
