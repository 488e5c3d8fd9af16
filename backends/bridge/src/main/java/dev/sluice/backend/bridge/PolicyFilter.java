package dev.sluice.backend.bridge;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.PublishedPort;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.ChainChange;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.Side;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Established;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Policy on the node's {@code inet} hooks, which bridged frames pass too (br_netfilter). A flow
 * that was admitted bears a conntrack mark made of all that decides a verdict: its packets need one
 * comparison, and with another policy the mark is another, so that every flow is judged again. The
 * mark changes last, and while the rest changes none is given: a flow that bears it was judged by
 * what it stands for.
 *
 * <p>A flow is judged by its connection and not by the packet at hand, which may be a reply: from
 * the source before translation (the source of the original direction) to the destination after it
 * (the source of the reply direction), POLICY rule 11. What has no connection is judged by what it
 * bears. Each direction that is isolated has its own chains, {@link SideChains}, found by address.
 */
final class PolicyFilter {

  static final String FAMILY = "inet";

  private static final String JUDGE = "judge/connection";
  private static final String JUDGE_INGRESS = "judge/connection/ingress";
  private static final String JUDGE_PACKET = "judge/packet";
  private static final String JUDGE_PACKET_INGRESS = "judge/packet/ingress";
  private static final String ADMIT = "admit";

  /** The counter of what is denied as its endpoint's chain was not found. */
  static final String UNFOUND = BridgeGuard.counter(DropReason.POLICY);

  /** Of its own, so that another policy changes the smallest of rules. */
  private static final String ESTABLISHED = "established";

  private final DesiredState desired;
  private final Topology topology;
  private final Map<Direction, Map<Side, SideChains>> sides = new LinkedHashMap<>();

  private PolicyFilter(DesiredState desired) {
    this.desired = desired;
    this.topology = desired.topology();
    Map<String, List<IpAddress>> addresses = new LinkedHashMap<>();
    topology.endpoints().forEach(e -> addresses.put(e.name(), desired.addresses(e)));
    names(desired)
        .forEach(
            (direction, names) -> {
              Map<Side, SideChains> chains = new LinkedHashMap<>();
              names.forEach(
                  (side, name) ->
                      chains.put(
                          side,
                          new SideChains(
                              name,
                              direction,
                              side,
                              addresses::get,
                              afterwards(direction, false),
                              afterwards(direction, true))));
              sides.put(direction, chains);
            });
  }

  /** What becomes of what a direction lets through. */
  private static String afterwards(Direction direction, boolean ofPacket) {
    if (direction == Direction.EGRESS) {
      return "goto " + (ofPacket ? JUDGE_PACKET_INGRESS : JUDGE_INGRESS);
    }
    return ofPacket ? "accept" : "goto " + ADMIT;
  }

  /** A name for each isolated side, which its chains and its counter bear. */
  static Map<Direction, Map<Side, String>> names(DesiredState desired) {
    Map<Direction, Map<Side, String>> out = new LinkedHashMap<>();
    for (Direction direction : List.of(Direction.EGRESS, Direction.INGRESS)) {
      Map<Side, String> bySide = new LinkedHashMap<>();
      Set<String> names = new LinkedHashSet<>();
      for (Endpoint endpoint : desired.topology().endpoints()) {
        Side side = desired.policies().side(endpoint.name(), direction);
        if (side.isIsolated() && !bySide.containsKey(side)) {
          String name = SideChains.name(direction, side);
          // Endpoints of the same policies differ where a named port is another number at each.
          bySide.put(side, names.add(name) ? name : name + "/" + endpoint.name());
        }
      }
      out.put(direction, bySide);
    }
    return out;
  }

  /**
   * The table; empty where no policy isolates anybody and none that comes will have to know which
   * flows there were before it.
   */
  static Optional<NftTable> render(DesiredState desired) {
    boolean keeps = desired.topology().established() == Established.KEEP;
    return desired.policies().isEmpty() && !keeps
        ? Optional.empty()
        : Optional.of(new PolicyFilter(desired).table());
  }

  /**
   * Sequence windows are not judged, and a segment in the middle of a connection that nobody has
   * seen begin is judged as new (POLICY rule 7).
   */
  static List<KernelObject> settings() {
    return List.of(
        new Sysctl(
            NetnsRef.NODE, "net/netfilter/nf_conntrack_tcp_be_liberal", Optional.empty(), "1"),
        new Sysctl(NetnsRef.NODE, "net/netfilter/nf_conntrack_tcp_loose", Optional.empty(), "1"));
  }

  private NftTable table() {
    List<NftSet> sets = new ArrayList<>();
    List<NftChain> chains = new ArrayList<>();
    Set<String> counters = new LinkedHashSet<>(Set.of(UNFOUND));
    sides.values().stream()
        .flatMap(byDirection -> byDirection.values().stream())
        .forEach(
            side -> {
              counters.addAll(side.counters());
              sets.addAll(side.sets());
              chains.addAll(side.chains());
            });
    List<String> connection = new ArrayList<>();
    // Between neighbours only: a router has counted the hop limit down before this hook.
    connection.add("icmpv6 type { 133, 135, 136 } ip6 hoplimit 255 accept");
    connection.add("icmpv6 type { 131, 132, 143 } ip6 daddr ff02::/16 ip6 hoplimit 1 accept");
    connection.add("ct state invalid,untracked goto " + JUDGE_PACKET);
    for (boolean v4 : new boolean[] {true, false}) {
      NftSet self = self(v4);
      if (!self.elements().isEmpty()) {
        sets.add(self);
        String ip = v4 ? "ip" : "ip6";
        connection.add(
            "ct original %s saddr . ct reply %s saddr @%s goto %s"
                .formatted(ip, ip, self.name(), ADMIT));
      }
    }
    for (Direction direction : sides.keySet()) {
      for (boolean v4 : new boolean[] {true, false}) {
        NftSet isolated = isolated(direction, v4);
        if (!isolated.elements().isEmpty()) {
          sets.add(isolated);
          sets.add(byAddress(direction, v4, false));
          sets.add(byAddress(direction, v4, true));
        }
      }
    }
    connection.addAll(lookups(Direction.EGRESS, false));
    chains.add(new NftChain(JUDGE_INGRESS, Optional.empty(), lookups(Direction.INGRESS, false)));
    chains.add(new NftChain(JUDGE_PACKET, Optional.empty(), lookups(Direction.EGRESS, true)));
    chains.add(
        new NftChain(JUDGE_PACKET_INGRESS, Optional.empty(), lookups(Direction.INGRESS, true)));
    String mark = "0x%08x".formatted(mark(sets, chains, connection));
    chains.add(
        new NftChain(
            ADMIT,
            Optional.empty(),
            List.of("ct mark set " + mark + " accept"),
            ChainChange.ACCEPTING_MEANWHILE));
    chains.add(new NftChain(JUDGE, Optional.empty(), connection));
    chains.add(
        new NftChain(
            ESTABLISHED,
            Optional.empty(),
            List.of(
                topology.established() == Established.KEEP
                    ? "ct state established,related accept"
                    : "ct mark " + mark + " accept"),
            ChainChange.AFTERWARDS));
    String bridges =
        topology.networks().stream()
            .map(n -> "\"" + BridgeDatapath.bridgeName(topology, n.name()) + "\"")
            .collect(Collectors.joining(", ", "{ ", " }"));
    // Nobody comes back from being judged, but for who has met a chain before its rules: a packet
    // that began under the old rules sees new elements as soon as they are there, and what they
    // lead to as it was (Linux 6.18, nft_do_chain).
    String unjudged = "counter name \"" + UNFOUND + "\" drop";
    chains.add(
        new NftChain(
            "forward",
            Optional.of("type filter hook forward priority 0; policy accept"),
            List.of(
                "jump " + ESTABLISHED,
                "iifname " + bridges + " jump " + JUDGE,
                "oifname " + bridges + " jump " + JUDGE,
                "iifname " + bridges + " " + unjudged,
                "oifname " + bridges + " " + unjudged)));
    // What the node itself began passes whatever policy says: that is seen here as its replies.
    chains.add(
        new NftChain(
            "input",
            Optional.of("type filter hook input priority 0; policy accept"),
            List.of(
                "jump " + ESTABLISHED,
                "iifname != " + bridges + " accept",
                "ct direction reply accept",
                "jump " + JUDGE,
                unjudged)));
    // What no socket of the node has sent is a tunnel's, which may be of another namespace (a
    // workload's), or what the kernel says of itself by TCP and ICMP.
    chains.add(
        new NftChain(
            "output",
            Optional.of("type filter hook output priority 0; policy accept"),
            List.of(
                "oifname != " + bridges + " accept",
                "meta l4proto { tcp, icmp, ipv6-icmp } accept",
                "meta skuid != 4294967295 accept",
                "ct direction reply accept",
                "jump " + ESTABLISHED,
                "jump " + JUDGE,
                unjudged)));
    return new NftTable(
        NetnsRef.NODE,
        FAMILY,
        Derived.TABLE_PREFIX + topology.name(),
        List.copyOf(counters),
        sets,
        chains,
        Set.of());
  }

  /** An endpoint reaches itself by its own published port, whatever policy says (rule 8). */
  private NftSet self(boolean v4) {
    Set<String> pairs = new TreeSet<>();
    for (PublishedPort port : PublishedPort.of(topology)) {
      if (port.address().isV4() == v4) {
        port.own().forEach(own -> pairs.add(own + " . " + port.address()));
      }
    }
    String type = v4 ? "ipv4_addr" : "ipv6_addr";
    return NftSet.of("self/" + (v4 ? "v4" : "v6"), "type " + type + " . " + type + ";", pairs);
  }

  /**
   * To the chain of an isolated endpoint. Who is isolated and has no chain in the map is denied: of
   * a table that is being replaced the kernel takes the elements of maps away before the rules that
   * look for them (Linux 6.18, {@code nft_map_deactivate}).
   */
  private List<String> lookups(Direction direction, boolean ofPacket) {
    boolean egress = direction == Direction.EGRESS;
    List<String> out = new ArrayList<>();
    for (boolean v4 : new boolean[] {true, false}) {
      NftSet isolated = isolated(direction, v4);
      if (!isolated.elements().isEmpty()) {
        String ip = v4 ? "ip" : "ip6";
        String key =
            ofPacket
                ? ip + (egress ? " saddr" : " daddr")
                : "ct %s %s saddr".formatted(egress ? "original" : "reply", ip);
        out.add(key + " vmap @" + byAddress(direction, v4, ofPacket).name());
        out.add("%s @%s counter name \"%s\" drop".formatted(key, isolated.name(), UNFOUND));
      }
    }
    out.add(afterwards(direction, ofPacket));
    return out;
  }

  /** The addresses of the isolated endpoints. */
  private NftSet isolated(Direction direction, boolean v4) {
    return NftSet.of(
        "isolated/%s/%s".formatted(SideChains.word(direction), v4 ? "v4" : "v6"),
        "type " + (v4 ? "ipv4_addr;" : "ipv6_addr;"),
        byAddress(direction, v4, false).elements().keySet());
  }

  /** To the chain of each isolated endpoint, by its addresses. */
  private NftSet byAddress(Direction direction, boolean v4, boolean ofPacket) {
    Map<String, String> elements = new TreeMap<>();
    for (Endpoint endpoint : topology.endpoints()) {
      Side side = desired.policies().side(endpoint.name(), direction);
      if (side.isIsolated()) {
        SideChains chains = sides.get(direction).get(side);
        String chain = ofPacket ? chains.packetChain() : chains.connectionChain();
        for (IpAddress ip : desired.addresses(endpoint)) {
          if (ip.isV4() == v4) {
            elements.put(ip.toString(), "goto " + chain);
          }
        }
      }
    }
    String name =
        "by-address/%s/%s%s"
            .formatted(SideChains.word(direction), v4 ? "v4" : "v6", ofPacket ? "/packet" : "");
    return NftSet.map(name, "type " + (v4 ? "ipv4_addr" : "ipv6_addr") + " : verdict;", elements);
  }

  private int mark(List<NftSet> sets, List<NftChain> chains, List<String> judge) {
    return Derived.mark(desired.epoch() + " " + topology.name() + sets + chains + judge);
  }
}
