package dev.sluice.cli.command;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.core.policy.Verdict;
import dev.sluice.core.topology.Suggestion;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Turns the words of a command line into flows of a topology, and has them judged. Pure. An end is
 * an endpoint's name, {@code node}, or an IP address: one that an endpoint has means that endpoint,
 * a gateway's the node, any other somebody outside.
 */
final class VerdictQuestion {

  static final String NODE = "node";

  private final Topology topology;
  private final Function<Endpoint, List<IpAddress>> addresses;

  /**
   * @param addresses all addresses of an endpoint, those included that it has without a declaration
   */
  VerdictQuestion(Topology topology, Function<Endpoint, List<IpAddress>> addresses) {
    this.topology = topology;
    this.addresses = addresses;
  }

  /** A flow, and what the reference evaluator says of it. */
  record Judged(Flow flow, Verdict verdict) {}

  /**
   * Every flow that is meant: one for each pair of addresses of one family, of which ICMP is for
   * IPv4 alone and ICMPv6 for IPv6. Bad input if there is none.
   */
  List<Judged> judge(String source, String destination, Service service) {
    End from = end(source);
    End to = end(destination);
    if (from.endpoint().isEmpty() && to.endpoint().isEmpty()) {
      throw bad(
          "neither %s nor %s is an endpoint of %s: policy judges what endpoints send and receive"
              .formatted(source, destination, topology.name()));
    }
    OptionalInt port = port(destination, to, service);
    List<Judged> out = new ArrayList<>();
    for (Party a : from.parties()) {
      for (Party b : to.parties()) {
        if (a.address().isV4() == b.address().isV4() && has(service, a.address())) {
          Flow flow = new Flow(a, b, service.protocol(), port);
          out.add(new Judged(flow, PolicyEvaluator.verdict(topology, flow)));
        }
      }
    }
    if (out.isEmpty()) {
      throw bad(
          "%s and %s have no addresses of one family%s"
              .formatted(source, destination, remark(service)));
    }
    return out;
  }

  private static boolean has(Service service, IpAddress address) {
    return switch (service.protocol()) {
      case Service.ICMP -> address.isV4();
      case Service.ICMPV6 -> address.isV6();
      default -> true;
    };
  }

  private static String remark(Service service) {
    return switch (service.protocol()) {
      case Service.ICMP -> " that has icmp; for IPv6 ask for icmpv6";
      case Service.ICMPV6 -> " that has icmpv6; for IPv4 ask for icmp";
      default -> "";
    };
  }

  private OptionalInt port(String destination, End to, Service service) {
    if (service.port().isEmpty() || service.number().isPresent()) {
      return service.number();
    }
    String name = service.port().get();
    Protocol protocol = service.withPorts().orElseThrow();
    Endpoint endpoint =
        to.endpoint()
            .orElseThrow(
                () ->
                    bad(
                        "%s is no endpoint, so it has no port named %s; give a number"
                            .formatted(destination, name)));
    List<Topology.Port> named =
        endpoint.ports().stream()
            .filter(p -> p.protocol() == protocol && p.name().isPresent())
            .toList();
    return OptionalInt.of(
        named.stream()
            .filter(p -> p.name().equals(Optional.of(name)))
            .findFirst()
            .orElseThrow(
                () ->
                    bad(
                        "%s has no port %s of %s%s"
                            .formatted(
                                endpoint.name(),
                                name,
                                Service.word(service.protocol()),
                                Suggestion.instead(
                                    name, named.stream().map(p -> p.name().get()).toList()))))
            .port());
  }

  private End end(String word) {
    Optional<Endpoint> named = endpoint(e -> e.name().equals(word));
    if (named.isPresent()) {
      return End.of(named.get(), declared(named.get()));
    }
    if (word.equals(NODE)) {
      return End.ofNode(gateways());
    }
    IpAddress address =
        IpAddress.tryParse(word)
            .orElseThrow(
                () ->
                    bad(
                        "no endpoint %s in %s%s"
                            .formatted(
                                word,
                                topology.name(),
                                Suggestion.instead(
                                    word,
                                    topology.endpoints().stream().map(Endpoint::name).toList()))));
    Optional<Endpoint> owner = endpoint(e -> addresses.apply(e).contains(address));
    if (owner.isPresent()) {
      return End.of(owner.get(), List.of(address));
    }
    return gateways().contains(address)
        ? End.ofNode(List.of(address))
        : new End(Optional.empty(), List.of(new Party.Outside(address)));
  }

  private Optional<Endpoint> endpoint(Predicate<Endpoint> which) {
    return topology.endpoints().stream().filter(which).findFirst();
  }

  /** The declared addresses of an endpoint. */
  static List<IpAddress> declared(Endpoint endpoint) {
    return endpoint.interfaces().stream().flatMap(i -> i.addresses().stream()).toList();
  }

  private List<IpAddress> gateways() {
    return topology.networks().stream()
        .flatMap(n -> n.subnets().stream())
        .filter(Subnet::onNode)
        .map(Subnet::gateway)
        .toList();
  }

  private static SluiceException bad(String message) {
    return new SluiceException(Category.USER, message);
  }

  /**
   * One end of the question.
   *
   * @param parties whom it stands for, each with one address
   */
  private record End(Optional<Endpoint> endpoint, List<Party> parties) {

    private static End of(Endpoint endpoint, List<IpAddress> addresses) {
      return new End(
          Optional.of(endpoint),
          addresses.stream()
              .<Party>map(ip -> new Party.EndpointParty(endpoint.name(), ip))
              .toList());
    }

    private static End ofNode(List<IpAddress> addresses) {
      return new End(
          Optional.empty(), addresses.stream().<Party>map(Party.NodeParty::new).toList());
    }
  }
}
