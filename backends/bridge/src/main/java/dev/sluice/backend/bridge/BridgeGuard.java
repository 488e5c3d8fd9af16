package dev.sluice.backend.bridge;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The source guard (POLICY rules 9 and 13): a {@code netdev} table with a chain at the ingress of
 * each port, where frames come from an endpoint. It sees a frame before the bridge does, VLAN tag
 * and all. A port's chain knows the port's MAC and addresses; where a frame may go is the same for
 * all ports of a network.
 *
 * <p>Base chains accept at their end and say {@code drop} by a rule: the policy of a chain would be
 * in force as soon as a transaction is being prepared, its rules only with the commit.
 */
final class BridgeGuard {

  /** Before whatever else hooks the device. */
  private static final int PRIORITY = -500;

  private static final String REJECTED = "rejected";
  private static final String ARP = "valid/arp";

  private static final String GROUPS_V4 = "224.0.0.0/4, 255.255.255.255";

  private final DesiredState desired;
  private final Topology topology;
  private final List<NftChain> chains = new ArrayList<>();
  private final List<NftSet> sets = new ArrayList<>();
  private final Set<String> ports = new TreeSet<>();

  private BridgeGuard(DesiredState desired) {
    this.desired = desired;
    this.topology = desired.topology();
  }

  static NftTable render(DesiredState desired) {
    return new BridgeGuard(desired).table();
  }

  private NftTable table() {
    for (Network network : topology.networks()) {
      hosts(network);
      chains.add(destinationsV4(network));
      if (network.hasIpv6()) {
        chains.add(destinationsV6(network));
      }
    }
    chains.add(arp());
    chains.add(rejected());
    for (Endpoint endpoint : topology.endpoints()) {
      for (Interface iface : endpoint.interfaces()) {
        port(endpoint, iface);
      }
    }
    return new NftTable(
        NetnsRef.NODE,
        "netdev",
        Derived.TABLE_PREFIX + topology.name(),
        Stream.of(DropReason.values())
            .filter(r -> r != DropReason.POLICY && r != DropReason.FRAGMENT_ORPHAN)
            .map(BridgeGuard::counter)
            .toList(),
        sets,
        chains,
        ports,
        Set.of());
  }

  private static String counter(DropReason reason) {
    return "drop/" + reason.label();
  }

  private static String drop(DropReason reason) {
    return "counter name \"" + counter(reason) + "\" drop";
  }

  /** Who is where in a network. */
  private void hosts(Network network) {
    Map<String, String> v4 = new TreeMap<>();
    Map<String, String> v6 = new TreeMap<>();
    for (Endpoint endpoint : topology.endpoints()) {
      for (Interface iface : endpoint.interfaces()) {
        if (iface.network().equals(network.name())) {
          MacAddress mac = desired.mac(endpoint, iface);
          desired
              .addresses(endpoint, iface)
              .forEach(ip -> (ip.isV4() ? v4 : v6).put(ip + " . " + mac, ""));
        }
      }
    }
    sets.add(
        new NftSet(hosts(network, true), false, "type ipv4_addr . ether_addr;", new TreeMap<>(v4)));
    if (network.hasIpv6()) {
      sets.add(
          new NftSet(
              hosts(network, false), false, "type ipv6_addr . ether_addr;", new TreeMap<>(v6)));
    }
  }

  private static String hosts(Network network, boolean v4) {
    return "hosts/" + network.name() + (v4 ? "/v4" : "/v6");
  }

  private static String destinations(Network network, boolean v4) {
    return "to/" + network.name() + (v4 ? "/v4" : "/v6");
  }

  private NftChain destinationsV4(Network network) {
    List<String> rules = new ArrayList<>();
    String broadcasts =
        topology.networks().stream()
            .flatMap(n -> n.subnets().stream())
            .map(Subnet::cidr)
            .filter(c -> c.isV4() && c.prefix() < 31)
            .map(c -> c.last().toString())
            .collect(Collectors.joining(", "));
    rules.add(
        "ip daddr { %s } %s"
            .formatted(
                broadcasts.isEmpty() ? GROUPS_V4 : GROUPS_V4 + ", " + broadcasts,
                drop(DropReason.MULTICAST)));
    rules.add("udp sport 67 udp dport { 67, 68 } " + drop(DropReason.ADVERTISEMENT));
    rules.add("icmp type redirect " + drop(DropReason.ADVERTISEMENT));
    rules.addAll(neighbours(network, true));
    return new NftChain(destinations(network, true), Optional.empty(), rules);
  }

  /** Returns for ND, which the port's own chain has to judge. */
  private NftChain destinationsV6(Network network) {
    List<String> rules = new ArrayList<>();
    rules.add("icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } return");
    rules.add("icmpv6 type { nd-router-advert, nd-redirect } " + drop(DropReason.ADVERTISEMENT));
    rules.add("udp sport 547 udp dport { 546, 547 } " + drop(DropReason.ADVERTISEMENT));
    rules.add("icmpv6 type { 131, 132, 143 } ip6 daddr ff00::/8 accept");
    rules.add("ip6 daddr ff00::/8 " + drop(DropReason.MULTICAST));
    rules.addAll(neighbours(network, false));
    return new NftChain(destinations(network, false), Optional.empty(), rules);
  }

  /**
   * A frame goes to the gateway, or to the neighbour whose address it bears: what policy lets
   * through to one is not to be read by another.
   */
  private List<String> neighbours(Network network, boolean v4) {
    return List.of(
        "ether daddr " + BridgeDatapath.bridgeMac(desired, network.name()) + " accept",
        "%s daddr . ether daddr @%s accept".formatted(v4 ? "ip" : "ip6", hosts(network, v4)),
        "ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 " + drop(DropReason.MULTICAST),
        drop(DropReason.MISDIRECTED));
  }

  private static NftChain arp() {
    return new NftChain(
        ARP,
        Optional.empty(),
        List.of(
            "arp htype 1 arp ptype ip arp hlen 6 arp plen 4 arp operation { request, reply } accept",
            drop(DropReason.SPOOFED_ARP)));
  }

  /** Finds the reason for what no rule of a port has taken. */
  private static NftChain rejected() {
    return new NftChain(
        REJECTED,
        Optional.empty(),
        List.of(
            "ether type != { ip, ip6, arp } " + drop(DropReason.ETHERTYPE),
            "ether type arp " + drop(DropReason.SPOOFED_ARP),
            "icmpv6 type 133-137 " + drop(DropReason.SPOOFED_ND),
            drop(DropReason.SPOOFED_IP)));
  }

  private void port(Endpoint endpoint, Interface iface) {
    Network network = topology.network(iface.network());
    String port = BridgeDatapath.portName(topology, endpoint, iface);
    MacAddress mac = desired.mac(endpoint, iface);
    // What comes in by one interface may be answered by another.
    List<IpAddress> own = desired.addresses(endpoint);
    List<IpAddress> v4 = own.stream().filter(IpAddress::isV4).toList();
    List<IpAddress> v6 = own.stream().filter(IpAddress::isV6).toList();
    List<String> rules = new ArrayList<>();
    rules.add("ether saddr != " + mac + " " + drop(DropReason.SPOOFED_MAC));
    if (!v4.isEmpty()) {
      rules.add(
          "ether type ip ip saddr %s goto %s".formatted(oneOf(v4), destinations(network, true)));
    }
    if (!v6.isEmpty() && network.hasIpv6()) {
      rules.add(
          "ether type ip6 ip6 saddr %s jump %s".formatted(oneOf(v6), destinations(network, false)));
      rules.add("ether type ip6 ip6 saddr %s goto %s".formatted(oneOf(v6), nd(port)));
    }
    if (!v4.isEmpty()) {
      List<IpAddress> senders = new ArrayList<>(v4);
      senders.add(IpAddress.parse("0.0.0.0"));
      rules.add(
          "ether type arp arp saddr ether %s arp saddr ip %s goto %s"
              .formatted(mac, oneOf(senders), ARP));
    }
    if (!v6.isEmpty() && network.hasIpv6()) {
      rules.add(
          "ether type ip6 ip6 saddr :: ip6 nexthdr ipv6-icmp icmpv6 type nd-neighbor-solicit"
              + " @th,64,128 %s accept".formatted(targets(v6)));
      chains.add(new NftChain(nd(port), Optional.empty(), ndRules(mac, v6)));
    }
    rules.add("goto " + REJECTED);
    ports.add(port);
    chains.add(
        new NftChain(
            port,
            Optional.of(
                "type filter hook ingress device \"%s\" priority %d; policy accept"
                    .formatted(port, PRIORITY)),
            rules));
  }

  private static String nd(String port) {
    return "nd/" + port;
  }

  /**
   * Neighbour and router solicitations and advertisements from the port's own addresses (RFC 4861,
   * section 4). The first option, where there is one, has to be the port's link-layer address, and
   * what follows it is no more than a nonce: the kernel of whoever receives it takes the first of a
   * sort. Behind extension headers there is no ND (RFC 6980).
   */
  private static List<String> ndRules(MacAddress mac, List<IpAddress> own) {
    String hex = HexFormat.of().formatHex(mac.bytes());
    String target = "@th,64,128 " + targets(own);
    return List.of(
        "ip6 nexthdr != ipv6-icmp goto " + REJECTED,
        "ip6 length > 40 goto " + REJECTED,
        "icmpv6 type nd-neighbor-solicit @th,192,64 0x0101" + hex + " accept",
        "icmpv6 type nd-neighbor-solicit ip6 length 24 accept",
        "icmpv6 type nd-neighbor-advert " + target + " @th,192,64 0x0201" + hex + " accept",
        "icmpv6 type nd-neighbor-advert " + target + " ip6 length 24 accept",
        "icmpv6 type nd-router-solicit @th,64,64 0x0101" + hex + " accept",
        "icmpv6 type nd-router-solicit ip6 length 8 accept",
        "goto " + REJECTED);
  }

  private static String targets(List<IpAddress> own) {
    return oneOf(own.stream().map(ip -> "0x" + HexFormat.of().formatHex(ip.bytes())).toList());
  }

  private static String oneOf(List<?> values) {
    return values.size() == 1
        ? values.get(0).toString()
        : values.stream().map(Object::toString).collect(Collectors.joining(", ", "{ ", " }"));
  }
}
