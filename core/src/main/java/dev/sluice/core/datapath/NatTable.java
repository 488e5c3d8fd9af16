package dev.sluice.core.datapath;

import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The nftables table of a topology for all that goes between it and the world: published ports
 * ({@link PublishChains}), the ways out and in by uplinks ({@link UplinkChains}), and the guard
 * against endpoints' addresses that come from outside. The same on every datapath, but for the
 * names of the node's links.
 *
 * <p>Base chains accept at their end and say {@code drop} by a rule: the policy of a chain would be
 * in force as soon as a transaction is being prepared, its rules only with the commit.
 */
public final class NatTable {

  private static final String FAMILY = "inet";

  /** Before connections are tracked, and so before addresses are translated. */
  private static final int RAW = -300;

  private NatTable() {}

  /**
   * The table; empty where no port is published and no network has an uplink.
   *
   * @param link the node's link that packets from a network's endpoints come in by
   */
  public static Optional<NftTable> render(DesiredState desired, Function<Network, String> link) {
    Topology topology = desired.topology();
    PublishChains published = new PublishChains(topology, link);
    UplinkChains uplinks = new UplinkChains(topology, link);
    if (published.isEmpty() && uplinks.isEmpty()) {
      return Optional.empty();
    }
    List<NftSet> sets = new ArrayList<>(published.sets());
    List<NftChain> chains = new ArrayList<>();
    chains.add(fromOutside(topology, link, published, sets));
    chains.addAll(published.chains());
    chains.addAll(uplinks.chains());
    List<String> sources = new ArrayList<>(published.sourceRules());
    sources.addAll(uplinks.sourceRules());
    if (!sources.isEmpty()) {
      chains.add(
          new NftChain(
              "translate/source",
              Optional.of("type nat hook postrouting priority 100; policy accept"),
              sources));
    }
    return Optional.of(
        new NftTable(
            NetnsRef.NODE,
            FAMILY,
            name(topology),
            reasons(topology).stream().map(NatTable::counter).toList(),
            sets,
            chains,
            Set.of(),
            claims(topology)));
  }

  /** What the table's counters count; none where there is no table. Pure. */
  public static Map<NftCounter, Counted> counters(DesiredState desired) {
    Topology topology = desired.topology();
    Map<NftCounter, Counted> out = new LinkedHashMap<>();
    reasons(topology)
        .forEach(
            reason ->
                out.put(
                    new NftCounter(FAMILY, name(topology), counter(reason)),
                    new Counted.Dropped(reason)));
    return out;
  }

  /** What the table drops for. */
  private static List<DropReason> reasons(Topology topology) {
    List<DropReason> out = new ArrayList<>();
    boolean published = !PublishedPort.of(topology).isEmpty();
    boolean uplinks = !Uplinks.of(topology).isEmpty();
    if (published || uplinks) {
      out.add(DropReason.SPOOFED_IP);
    }
    if (published) {
      out.add(DropReason.MULTICAST);
    }
    if (uplinks) {
      out.add(DropReason.NO_WAY_OUT);
      out.add(DropReason.NO_WAY_IN);
    }
    return out;
  }

  /** No topology has a slash in its name: this is the name of no other's table. */
  private static String name(Topology topology) {
    return Derived.TABLE_PREFIX + topology.name() + "/nat";
  }

  private static Set<Key> claims(Topology topology) {
    Set<Key> claims =
        PublishedPort.of(topology).stream()
            .map(PublishedPort::port)
            .map(p -> Key.publishedPort(p.protocol().name(), p.publish().orElseThrow()))
            .collect(Collectors.toCollection(TreeSet::new));
    if (!topology.denyFrom().isEmpty()) {
      // Whatever denies on a datapath is for all that comes in by the link.
      Uplinks.of(topology).keySet().forEach(uplink -> claims.add(Key.denyList(uplink)));
    }
    return claims;
  }

  /** Nobody but endpoints speaks from their subnets. */
  private static NftChain fromOutside(
      Topology topology,
      Function<Network, String> link,
      PublishChains published,
      List<NftSet> sets) {
    List<String> own = new ArrayList<>(links(topology.networks(), link));
    own.add("lo");
    List<String> rules = new ArrayList<>();
    rules.addAll(published.toNobody());
    rules.add("iifname " + oneOf(own) + " accept");
    for (boolean v4 : new boolean[] {true, false}) {
      Set<String> subnets = own(topology, v4);
      if (!subnets.isEmpty()) {
        String name = "subnets/" + family(v4);
        sets.add(NftSet.of(name, "type " + type(v4) + "; flags interval;", subnets));
        rules.add("%s saddr @%s %s".formatted(ip(v4), name, drop(DropReason.SPOOFED_IP)));
      }
    }
    return new NftChain(
        "from/outside",
        Optional.of("type filter hook prerouting priority " + RAW + "; policy accept"),
        rules);
  }

  /** The subnets; of a network that is part of a wire the endpoints' addresses alone. */
  private static Set<String> own(Topology topology, boolean v4) {
    Set<String> out =
        subnets(topology.networks().stream().filter(n -> n.parent().isEmpty()).toList(), v4);
    topology.networks().stream()
        .filter(n -> n.parent().isPresent())
        .flatMap(n -> topology.addressesIn(n).stream())
        .filter(ip -> ip.isV4() == v4)
        .forEach(ip -> out.add(ip.toString()));
    return out;
  }

  static Set<String> subnets(Collection<Network> networks, boolean v4) {
    return networks.stream()
        .flatMap(n -> n.subnets().stream())
        .map(Subnet::cidr)
        .filter(c -> c.isV4() == v4)
        .map(Object::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Of those that have one: not where a router on the wire is the gateway. */
  static List<String> links(Collection<Network> networks, Function<Network, String> link) {
    return networks.stream().filter(Network::gatewayOnNode).map(link).toList();
  }

  /** A set of names in quotes. */
  static String oneOf(Collection<String> names) {
    return names.stream().map(NatTable::quoted).collect(Collectors.joining(", ", "{ ", " }"));
  }

  static String quoted(String name) {
    return "\"" + name + "\"";
  }

  static String counter(DropReason reason) {
    return "drop/" + reason.label();
  }

  static String drop(DropReason reason) {
    return "counter name \"" + counter(reason) + "\" drop";
  }

  /** For names: {@code v4}. */
  static String family(boolean v4) {
    return v4 ? "v4" : "v6";
  }

  /** The header: {@code ip}. */
  static String ip(boolean v4) {
    return v4 ? "ip" : "ip6";
  }

  /** The type of an address: {@code ipv4_addr}. */
  static String type(boolean v4) {
    return v4 ? "ipv4_addr" : "ipv6_addr";
  }
}
