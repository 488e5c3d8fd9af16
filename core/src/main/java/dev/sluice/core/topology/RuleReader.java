package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import dev.sluice.core.topology.NetworkPolicy.Peer;
import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.PortMatch.Named;
import dev.sluice.core.topology.NetworkPolicy.PortMatch.Range;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads one item of {@code ingress} or {@code egress} of a policy. */
final class RuleReader {

  private static final int MAX_PORT = 65535;

  private RuleReader() {}

  static Optional<Rule> ingress(YamlValue item) {
    return item.map(Shape.INGRESS_RULE).map(map -> new Rule(peers(map, "from"), ports(map)));
  }

  static Optional<Rule> egress(YamlValue item) {
    return item.map(Shape.EGRESS_RULE)
        .map(
            map -> {
              List<Peer> peers = peers(map, "to");
              List<PortMatch> ports = ports(map);
              resolvable(map, peers);
              return new Rule(peers, ports);
            });
  }

  private static List<Peer> peers(YamlMap rule, String key) {
    return items(rule, key).stream().map(PeerReader::read).flatMap(Optional::stream).toList();
  }

  /**
   * A named port is looked up at the endpoint that a packet goes to. A block of addresses has none,
   * and neither have some of those that a rule without {@code to} means.
   */
  private static void resolvable(YamlMap rule, List<Peer> peers) {
    boolean everybody =
        rule.get("to").map(to -> to.isList() && to.listOrEmpty().isEmpty()).orElse(true);
    boolean block = peers.stream().anyMatch(Peer.Block.class::isInstance);
    if (!everybody && !block) {
      return;
    }
    for (YamlValue item : items(rule, "ports")) {
      Optional<YamlValue> named = item.peek("port").filter(RuleReader::isName);
      named.ifPresent(
          port ->
              port.fault(
                  quote(port.text().orElse(""))
                      + (block
                          ? " is a name, and in an ipBlock there is no endpoint to look it up at;"
                              + " give a number, or the ipBlock a rule of its own"
                          : " is a name, and to whom no 'to' is given are not endpoints alone, at"
                              + " which it could be looked up; give a number, or 'to:"
                              + " [{namespaceSelector: {}}]' for every endpoint")));
    }
  }

  private static List<PortMatch> ports(YamlMap rule) {
    List<PortMatch> out = new ArrayList<>();
    for (YamlValue item : items(rule, "ports")) {
      item.map(Shape.POLICY_PORT).flatMap(RuleReader::port).ifPresent(out::add);
    }
    return out;
  }

  private static Optional<PortMatch> port(YamlMap map) {
    Protocol protocol =
        map.get("protocol").flatMap(v -> v.oneOf(EndpointReader.PROTOCOLS)).orElse(Protocol.TCP);
    Optional<YamlValue> port = map.get("port");
    Optional<YamlValue> end = map.get("endPort");
    Optional<Integer> last = end.flatMap(v -> v.integer(1, MAX_PORT));
    if (port.isEmpty()) {
      end.ifPresent(v -> v.fault("a range has no start; give 'port' too"));
      return Optional.of(new Range(protocol, 0, MAX_PORT));
    }
    if (isName(port.get())) {
      end.ifPresent(v -> v.fault("a named port has no range; give 'port' a number"));
      return port.get()
          .string(RuleReader::wrongName)
          .map(name -> new Named(protocol, name.value()));
    }
    return port.get()
        .integer(1, MAX_PORT)
        .map(
            first -> {
              if (last.isPresent() && last.get() < first) {
                end.get()
                    .fault(last.get() + " is below port " + first + "; give " + first + " or more");
                return new Range(protocol, first, first);
              }
              return new Range(protocol, first, last.orElse(first));
            });
  }

  private static boolean isName(YamlValue port) {
    return port.node().getTag().equals(Tag.STR);
  }

  private static Optional<String> wrongName(String name) {
    return name.matches("[0-9]+")
        ? Optional.of("is a number in quotes; leave out the quotes")
        : Names.portName(name);
  }

  private static List<YamlValue> items(YamlMap map, String key) {
    return map.get(key).map(YamlValue::listOrEmpty).orElse(List.of());
  }
}
