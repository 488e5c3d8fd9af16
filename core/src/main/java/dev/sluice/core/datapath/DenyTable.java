package dev.sluice.core.datapath;

import static dev.sluice.core.datapath.NatTable.counter;
import static dev.sluice.core.datapath.NatTable.drop;
import static dev.sluice.core.datapath.NatTable.family;
import static dev.sluice.core.datapath.NatTable.ip;
import static dev.sluice.core.datapath.NatTable.quoted;
import static dev.sluice.core.datapath.NatTable.type;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.DeniedBlocks.Range;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.topology.Topology;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The deny list of a topology ({@code spec.denyFrom}) as an nftables table: a {@code netdev} chain
 * at the ingress of each uplink, before anything else of nftables. A block has a counter of its
 * own; of a frame with two VLAN tags only the reason is counted, for nft (1.0.6) has no map from a
 * source that far in to counters. With more tags nothing passes: of those with VLAN 0 the kernel
 * takes off any number.
 */
public final class DenyTable {

  private static final String FAMILY = "netdev";

  /** Before whatever else hooks the device. */
  private static final int PRIORITY = -1000;

  private static final String DENY = "deny";
  private static final String TWICE_TAGGED = "deny/tagged";

  /**
   * Of a frame with two tags the kernel has taken the first, and the network header begins behind
   * the type of the second: offsets from there on, in bits.
   */
  private static final int INNER = 32;

  private static final int SOURCE_V4 = INNER + 96;
  private static final int SOURCE_V6 = INNER + 64;

  private DenyTable() {}

  /** The table; empty where nobody is denied. */
  public static Optional<NftTable> render(DesiredState desired) {
    Topology topology = desired.topology();
    if (topology.denyFrom().isEmpty()) {
      return Optional.empty();
    }
    Set<String> uplinks = new TreeSet<>(Uplinks.of(topology).keySet());
    List<NftSet> sets = new ArrayList<>();
    List<NftChain> chains = new ArrayList<>();
    for (boolean v4 : new boolean[] {true, false}) {
      sets.addAll(sets(topology, v4));
      chains.add(new NftChain(chain(v4), Optional.empty(), rules(v4)));
    }
    chains.add(new NftChain(TWICE_TAGGED, Optional.empty(), twiceTagged()));
    chains.add(
        new NftChain(
            DENY,
            Optional.empty(),
            List.of(
                "meta protocol vmap { ip : goto %s, ip6 : goto %s, 8021q : goto %s, 8021ad : goto %s }"
                    .formatted(chain(true), chain(false), TWICE_TAGGED, TWICE_TAGGED))));
    for (String uplink : uplinks) {
      chains.add(
          new NftChain(
              "from/" + uplink,
              Optional.of(
                  "type filter hook ingress device %s priority %d; policy accept"
                      .formatted(quoted(uplink), PRIORITY)),
              List.of("goto " + DENY)));
    }
    return Optional.of(
        new NftTable(
            NetnsRef.NODE, FAMILY, name(topology), counters(topology), sets, chains, uplinks));
  }

  /** What the table's counters count; none where there is no table. Pure. */
  public static Map<NftCounter, Counted> counters(DesiredState desired) {
    Topology topology = desired.topology();
    Map<NftCounter, Counted> out = new LinkedHashMap<>();
    if (!topology.denyFrom().isEmpty()) {
      out.put(
          new NftCounter(FAMILY, name(topology), counter(DropReason.DENIED_SOURCE)),
          new Counted.Dropped(DropReason.DENIED_SOURCE));
      topology
          .denyFrom()
          .forEach(
              block ->
                  out.put(
                      new NftCounter(FAMILY, name(topology), counterOf(block)),
                      new Counted.Denied(block)));
    }
    return out;
  }

  /** No topology has a slash in its name: this is the name of no other's table. */
  private static String name(Topology topology) {
    return Derived.TABLE_PREFIX + topology.name() + "/deny";
  }

  private static List<String> counters(Topology topology) {
    List<String> out = new ArrayList<>();
    out.add(counter(DropReason.DENIED_SOURCE));
    topology.denyFrom().stream().sorted().map(DenyTable::counterOf).forEach(out::add);
    return out;
  }

  /** A name of nft's has no colon. */
  private static String counterOf(Cidr block) {
    return "source/" + block.toString().replace(':', '-');
  }

  private static String chain(boolean v4) {
    return "deny/" + family(v4);
  }

  private static String sources(boolean v4) {
    return "sources/" + family(v4);
  }

  private static String inner(boolean v4) {
    return "inner-sources/" + family(v4);
  }

  private static List<NftSet> sets(Topology topology, boolean v4) {
    Map<String, String> counted = new TreeMap<>();
    Set<String> numbers = new TreeSet<>();
    List<Cidr> blocks = topology.denyFrom().stream().filter(b -> b.isV4() == v4).toList();
    for (Range range : DeniedBlocks.ranges(blocks)) {
      boolean one = range.from().equals(range.to());
      counted.put(range.from() + (one ? "" : "-" + range.to()), quoted(counterOf(range.block())));
      numbers.add(number(range.from()) + (one ? "" : "-" + number(range.to())));
    }
    String source = v4 ? "@nh,%d,32".formatted(SOURCE_V4) : "@nh,%d,128".formatted(SOURCE_V6);
    return List.of(
        NftSet.map(sources(v4), "type " + type(v4) + " : counter; flags interval;", counted),
        NftSet.of(inner(v4), "typeof " + source + "; flags interval;", numbers));
  }

  private static String number(IpAddress ip) {
    return "0x" + HexFormat.of().formatHex(ip.bytes());
  }

  /** A map that does not have the source ends the rule. */
  private static List<String> rules(boolean v4) {
    List<String> rules = new ArrayList<>();
    if (!v4) {
      // Neighbour discovery, which comes from the link itself (RFC 4861, section 7.1).
      rules.add("ip6 nexthdr 58 ip6 hoplimit 255 icmpv6 type 133-136 accept");
    }
    rules.add(
        "counter name %s saddr map @%s %s"
            .formatted(ip(v4), sources(v4), drop(DropReason.DENIED_SOURCE)));
    return rules;
  }

  private static List<String> twiceTagged() {
    String drop = drop(DropReason.DENIED_SOURCE);
    return List.of(
        "@nh,16,16 0x8100 " + drop,
        "@nh,16,16 0x88a8 " + drop,
        "@nh,16,16 0x0800 @nh,%d,32 @%s %s".formatted(SOURCE_V4, inner(true), drop),
        // Neighbour discovery: next header and hop limit, and the type.
        "@nh,16,16 0x86dd @nh,%d,16 0x3aff @nh,%d,8 133-136 accept"
            .formatted(INNER + 48, INNER + 320),
        "@nh,16,16 0x86dd @nh,%d,128 @%s %s".formatted(SOURCE_V6, inner(false), drop));
  }
}
