package dev.sluice.backend.bridge;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.policy.AllowCells;
import dev.sluice.core.policy.AllowCells.AddressCell;
import dev.sluice.core.policy.AllowCells.AddressPortCell;
import dev.sluice.core.policy.AllowCells.PortCell;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.policy.Side;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The chains and maps of one isolated side: return where a rule allows the flow, else drop. Single
 * addresses and ports are looked up in hash maps, ranges in interval maps; both lead to the counter
 * of the rule, and what is not found ends there, so that the cost is flat in the number of rules.
 * There is a chain for connections and one for packets that have none; they share their maps.
 */
final class SideChains {

  /** nft's names have at most 255 bytes; a policy's may have more. */
  private static final int LONGEST_NAME = 200;

  private final String name;
  private final Direction direction;
  private final Map<String, Map<String, String>> maps = new LinkedHashMap<>();
  private final Map<String, String> types = new LinkedHashMap<>();
  private final Set<String> counters = new LinkedHashSet<>();
  private final Map<RuleId, String> allowed = new HashMap<>();
  private final List<String> connection = new ArrayList<>();
  private final List<String> packet = new ArrayList<>();

  /**
   * @param addressesOf the addresses of an endpoint
   */
  SideChains(
      String name, Direction direction, Side side, Function<String, List<IpAddress>> addressesOf) {
    this.name = name;
    this.direction = direction;
    for (boolean v4 : new boolean[] {true, false}) {
      family(v4, AllowCells.of(side.entries(), v4, addressesOf));
    }
    counters.add(denyCounter(name));
    both("counter name \"" + denyCounter(name) + "\" drop");
  }

  /** Of all sides that the same policies isolate; the same when their rules change. */
  static String name(Direction direction, Side side) {
    return word(direction) + "/" + Derived.shortHash("side", side.isolatedBy().toString());
  }

  static String word(Direction direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }

  /** The counter of what a rule allows. */
  static String counter(RuleId rule) {
    String plain = "allow/" + rule.policy() + "/" + word(rule.direction()) + "/" + rule.index();
    return plain.length() <= LONGEST_NAME ? plain : "allow/" + Derived.shortHash("rule", plain);
  }

  /** The counter of what no rule of the side of that name allows. */
  static String denyCounter(String name) {
    return "deny/" + name;
  }

  Set<String> counters() {
    return counters;
  }

  List<NftSet> sets() {
    List<NftSet> out = new ArrayList<>();
    maps.forEach((map, elements) -> out.add(NftSet.map(map, types.get(map), elements)));
    return out;
  }

  List<NftChain> chains() {
    return List.of(
        new NftChain(connectionChain(), Optional.empty(), connection),
        new NftChain(packetChain(), Optional.empty(), packet));
  }

  String connectionChain() {
    return "connection/" + name;
  }

  String packetChain() {
    return "packet/" + name;
  }

  private void both(String rule) {
    connection.add(rule);
    packet.add(rule);
  }

  private void family(boolean v4, AllowCells cells) {
    if (cells.everybody().isPresent()) {
      both(
          "meta nfproto %s counter name %s return"
              .formatted(v4 ? "ipv4" : "ipv6", count(cells.everybody().get())));
      return;
    }
    String address = v4 ? "ipv4_addr" : "ipv6_addr";
    for (AddressCell cell : cells.addresses()) {
      boolean exact = cell.from().equals(cell.to());
      put(mapName(v4, "any", exact), address, exact, range(cell.from(), cell.to()), cell.rule());
    }
    for (PortCell cell : cells.ports()) {
      boolean exact = cell.from() == cell.to();
      put(
          mapName(v4, "everybody/" + word(cell.protocol()), exact),
          "inet_service",
          exact,
          range(cell.from(), cell.to()),
          cell.rule());
    }
    for (AddressPortCell cell : cells.both()) {
      boolean exact = cell.fromAddress().equals(cell.toAddress()) && cell.from() == cell.to();
      put(
          mapName(v4, word(cell.protocol()), exact),
          address + " . inet_service",
          exact,
          range(cell.fromAddress(), cell.toAddress()) + " . " + range(cell.from(), cell.to()),
          cell.rule());
    }
    lookups(v4);
  }

  private void put(String map, String type, boolean exact, String key, RuleId rule) {
    types.put(map, "type " + type + " : counter;" + (exact ? "" : " flags interval;"));
    maps.computeIfAbsent(map, m -> new TreeMap<>()).put(key, count(rule));
  }

  /** The counter of a rule in quotes. */
  private String count(RuleId rule) {
    return allowed.computeIfAbsent(
        rule,
        r -> {
          String counter = counter(r);
          counters.add(counter);
          return "\"" + counter + "\"";
        });
  }

  private void lookups(boolean v4) {
    String ip = v4 ? "ip" : "ip6";
    boolean egress = direction == Direction.EGRESS;
    String peer = "ct %s %s saddr".formatted(egress ? "reply" : "original", ip);
    String packetPeer = ip + (egress ? " daddr" : " saddr");
    for (boolean exact : new boolean[] {true, false}) {
      lookup(mapName(v4, "any", exact), "", "", peer, packetPeer);
      for (Protocol protocol : Protocol.values()) {
        String word = word(protocol);
        // Within a rule of one family: its map counts, and answers for, that family alone.
        String family = "meta nfproto " + (v4 ? "ipv4" : "ipv6") + " ";
        // By number, as a bare system has no /etc/protocols to look a name up in. Not the packet's
        // protocol: it may be an ICMP error about the connection.
        String match = family + "ct original protocol " + protocol.number() + " ";
        String packetMatch = family + "meta l4proto " + protocol.number() + " ";
        String everybody = mapName(v4, "everybody/" + word, exact);
        lookup(everybody, match, packetMatch, "ct reply proto-src", "th dport");
        lookup(
            mapName(v4, word, exact),
            match,
            packetMatch,
            peer + " . ct reply proto-src",
            packetPeer + " . th dport");
      }
    }
  }

  private void lookup(String map, String match, String packetMatch, String key, String packetKey) {
    if (maps.containsKey(map)) {
      connection.add("%scounter name %s map @%s return".formatted(match, key, map));
      packet.add("%scounter name %s map @%s return".formatted(packetMatch, packetKey, map));
    }
  }

  private String mapName(boolean v4, String what, boolean exact) {
    return name + (v4 ? "/v4/" : "/v6/") + what + (exact ? "/exact" : "/range");
  }

  private static String word(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT);
  }

  private static <T> String range(T from, T to) {
    return from.equals(to) ? from.toString() : from + "-" + to;
  }
}
