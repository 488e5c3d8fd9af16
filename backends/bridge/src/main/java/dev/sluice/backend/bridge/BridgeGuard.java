package dev.sluice.backend.bridge;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.GatewayRender;
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

/**
 * The source guard (POLICY rules 9 and 13): a {@code netdev} table with a base chain at the ingress
 * of each port, where frames come from an endpoint. It sees a frame before the bridge does, VLAN
 * tag and all. Who may send what is in sets keyed by port, so that a port costs one rule and a
 * frame one look. Another is at the egress of each port: somebody may put a VLAN device on it,
 * whose frames do not pass the bridge.
 *
 * <p>Base chains accept at their end and say {@code drop} by a rule: the policy of a chain would be
 * in force as soon as a transaction is being prepared, its rules only with the commit.
 */
final class BridgeGuard {

  static final String FAMILY = "netdev";

  /** What it drops for. */
  static final List<DropReason> REASONS =
      List.of(
          DropReason.ETHERTYPE,
          DropReason.SPOOFED_MAC,
          DropReason.SPOOFED_IP,
          DropReason.SPOOFED_ARP,
          DropReason.SPOOFED_ND,
          DropReason.MULTICAST,
          DropReason.ADVERTISEMENT,
          DropReason.MISDIRECTED,
          DropReason.FRAGMENT_TINY);

  /** Before whatever else hooks the device. */
  private static final int PRIORITY = -500;

  private static final String REJECTED = "rejected";
  private static final String ARP = "valid/arp";
  private static final String ND = "valid/nd";
  private static final String DETECTION = "valid/nd/detection";
  private static final String FRAGMENT = "valid/fragment";

  /** Type and length of an option: a nonce of six bytes. */
  private static final String NONCE = "0x0e01";

  private static final String MACS = "macs";
  private static final String TARGETS = "nd/targets";
  private static final String SOURCE_OPTIONS = "nd/source-options";
  private static final String TARGET_OPTIONS = "nd/target-options";

  /** Groups and the limited broadcast; each subnet adds its own. */
  private static final String GROUPS_V4 = "224.0.0.0/4, 255.255.255.255";

  private final DesiredState desired;
  private final Topology topology;
  private final List<NftChain> chains = new ArrayList<>();
  private final Map<String, Set<String>> elements = new TreeMap<>();
  private final Map<String, String> declarations = new TreeMap<>();
  private final Set<String> ports = new TreeSet<>();

  private BridgeGuard(DesiredState desired) {
    this.desired = desired;
    this.topology = desired.topology();
  }

  static NftTable render(DesiredState desired) {
    return new BridgeGuard(desired).table();
  }

  private NftTable table() {
    declare(MACS, "type ifname . ether_addr;");
    declare(TARGETS, "typeof iifname . @th,64,128;");
    declare(SOURCE_OPTIONS, "typeof iifname . @th,192,64;");
    declare(TARGET_OPTIONS, "typeof iifname . @th,192,64;");
    for (Network network : topology.networks()) {
      declare(senders(network, true), "type ifname . ether_addr . ipv4_addr;");
      declare(hosts(network, true), "type ipv4_addr . ether_addr;");
      declare(senders(network, false), "type ifname . ether_addr . ipv6_addr;");
      declare(hosts(network, false), "type ipv6_addr . ether_addr;");
      chains.add(destinationsV4(network));
      chains.add(destinationsV6(network));
      chains.add(sources(network));
    }
    chains.add(arp());
    chains.add(neighbourDiscovery());
    chains.add(duplicateDetection());
    chains.add(fragment());
    chains.add(rejected());
    for (Endpoint endpoint : topology.endpoints()) {
      endpoint.interfaces().forEach(iface -> port(endpoint, iface));
    }
    return new NftTable(
        NetnsRef.NODE,
        FAMILY,
        Derived.TABLE_PREFIX + topology.name(),
        REASONS.stream().map(BridgeGuard::counter).toList(),
        declarations.keySet().stream()
            .map(set -> NftSet.of(set, declarations.get(set), elements.get(set)))
            .toList(),
        chains,
        ports);
  }

  private void declare(String set, String declaration) {
    declarations.put(set, declaration);
    elements.put(set, new TreeSet<>());
  }

  static String counter(DropReason reason) {
    return "drop/" + reason.label();
  }

  private static String drop(DropReason reason) {
    return "counter name \"" + counter(reason) + "\" drop";
  }

  private static String senders(Network network, boolean v4) {
    return "senders/" + network.name() + (v4 ? "/v4" : "/v6");
  }

  private static String hosts(Network network, boolean v4) {
    return "hosts/" + network.name() + (v4 ? "/v4" : "/v6");
  }

  private static String destinations(Network network, boolean v4) {
    return "to/" + network.name() + (v4 ? "/v4" : "/v6");
  }

  private static String sources(String network) {
    return "from/" + network;
  }

  private void port(Endpoint endpoint, Interface iface) {
    Network network = topology.network(iface.network());
    String port = BridgeDatapath.portName(topology, endpoint, iface);
    MacAddress mac = desired.mac(endpoint, iface);
    String hex = HexFormat.of().formatHex(mac.bytes());
    String sender = "\"" + port + "\" . ";
    elements.get(MACS).add(sender + mac);
    elements.get(SOURCE_OPTIONS).add(sender + "0x0101" + hex);
    elements.get(TARGET_OPTIONS).add(sender + "0x0201" + hex);
    // What comes in by one interface may be answered by another.
    for (IpAddress ip : desired.addresses(endpoint)) {
      elements.get(senders(network, ip.isV4())).add(sender + mac + " . " + ip);
      if (ip.isV6()) {
        elements.get(TARGETS).add(sender + "0x" + HexFormat.of().formatHex(ip.bytes()));
      }
    }
    for (IpAddress ip : desired.addresses(endpoint, iface)) {
      elements.get(hosts(network, ip.isV4())).add(ip + " . " + mac);
    }
    ports.add(port);
    chains.add(
        new NftChain(
            port,
            Optional.of(
                "type filter hook ingress device \"%s\" priority %d; policy accept"
                    .formatted(port, PRIORITY)),
            List.of("goto " + sources(network.name()))));
    chains.add(
        new NftChain(
            "out/" + port,
            Optional.of(
                "type filter hook egress device \"%s\" priority %d; policy accept"
                    .formatted(port, PRIORITY)),
            // Who receives one for VLAN 0 takes it as if it had no tag.
            List.of("ether type { 8021q, 8021ad } " + drop(DropReason.ETHERTYPE))));
  }

  /** What a port of the network sends. Data first; ND and ARP have their own chains. */
  private NftChain sources(Network network) {
    String own4 = "@" + senders(network, true);
    String own6 = "iifname . ether saddr . ip6 saddr @" + senders(network, false);
    return new NftChain(
        sources(network.name()),
        Optional.empty(),
        List.of(
            // The type in the frame itself: that of a tagged frame is the tag's.
            "ether type ip iifname . ether saddr . ip saddr %s goto %s"
                .formatted(own4, destinations(network, true)),
            "ether type ip6 %s jump %s".formatted(own6, destinations(network, false)),
            "iifname . ether saddr != @" + MACS + " " + drop(DropReason.SPOOFED_MAC),
            "ether type arp iifname . arp saddr ether . arp saddr ip %s goto %s"
                .formatted(own4, ARP),
            "ether type arp iifname . arp saddr ether . arp daddr ip %s arp saddr ip 0.0.0.0"
                    .formatted(own4)
                + " arp operation request goto "
                + ARP,
            "ether type ip6 %s goto %s".formatted(own6, ND),
            "ether type ip6 ip6 saddr :: ip6 nexthdr 58 icmpv6 type nd-neighbor-solicit"
                + " iifname . @th,64,128 @%s goto %s".formatted(TARGETS, DETECTION),
            // A kernel tells of its groups before it has an address to tell it from (RFC 3590).
            "ether type ip6 ip6 saddr :: icmpv6 type { 131, 132, 143 } goto "
                + destinations(network, false),
            "goto " + REJECTED));
  }

  private NftChain destinationsV4(Network network) {
    List<String> rules = new ArrayList<>();
    String broadcasts =
        topology.networks().stream()
            .flatMap(n -> n.subnets().stream())
            .map(Subnet::cidr)
            .filter(c -> c.isV4() && c.prefix() < 31)
            .map(c -> ", " + c.last())
            .collect(Collectors.joining());
    // A client takes an offer from whatever port.
    rules.add("udp dport 68 " + drop(DropReason.ADVERTISEMENT));
    rules.add("udp sport 67 udp dport 67 " + drop(DropReason.ADVERTISEMENT));
    rules.add("icmp type redirect " + drop(DropReason.ADVERTISEMENT));
    rules.add("ip daddr { %s } %s".formatted(GROUPS_V4 + broadcasts, drop(DropReason.MULTICAST)));
    rules.addAll(neighbours(network, true));
    return new NftChain(destinations(network, true), Optional.empty(), rules);
  }

  /** Returns for ND. */
  private NftChain destinationsV6(Network network) {
    List<String> rules = new ArrayList<>();
    rules.add("ip6 nexthdr { 0, 43, 44, 51, 60 } jump " + FRAGMENT);
    rules.add("icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } return");
    rules.add("icmpv6 type { nd-router-advert, nd-redirect } " + drop(DropReason.ADVERTISEMENT));
    rules.add("udp dport 546 " + drop(DropReason.ADVERTISEMENT));
    rules.add("udp sport 547 udp dport 547 " + drop(DropReason.ADVERTISEMENT));
    rules.add("icmpv6 type { 131, 132, 143 } ip6 daddr ff02::/16 ip6 hoplimit 1 accept");
    // What policy does not judge must not be a way to carry anything else.
    rules.add("icmpv6 type { 131, 132, 143 } " + drop(DropReason.MULTICAST));
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
        "ether daddr " + GatewayRender.mac(desired, network.name()) + " accept",
        "%s daddr . ether daddr @%s accept".formatted(v4 ? "ip" : "ip6", hosts(network, v4)),
        "ether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 " + drop(DropReason.MULTICAST),
        drop(DropReason.MISDIRECTED));
  }

  /**
   * From the port's own MAC and address, or its question whether somebody has the address. The last
   * condition holds of whatever target, but not without one.
   */
  private static NftChain arp() {
    return new NftChain(
        ARP,
        Optional.empty(),
        List.of(
            "arp htype 1 arp ptype ip arp hlen 6 arp plen 4 arp operation { request, reply }"
                + " arp daddr ip & 0.0.0.0 == 0.0.0.0 accept",
            drop(DropReason.SPOOFED_ARP)));
  }

  /**
   * Neighbour and router solicitations and advertisements from the port's own addresses (RFC 4861,
   * section 4). The first option, where there is one, has to be the port's link-layer address, and
   * what follows it is no more than a nonce: the kernel of whoever receives it takes the first of a
   * sort. Behind extension headers there is no ND (RFC 6980), nor with a hop limit but 255.
   */
  private static NftChain neighbourDiscovery() {
    String target = "iifname . @th,64,128 @" + TARGETS;
    return new NftChain(
        ND,
        Optional.empty(),
        List.of(
            "ip6 nexthdr != 58 goto " + REJECTED,
            "ip6 hoplimit != 255 goto " + REJECTED,
            "icmpv6 type nd-router-solicit ip6 length 16 iifname . @th,64,64 @%s accept"
                .formatted(SOURCE_OPTIONS),
            "icmpv6 type nd-router-solicit ip6 length 8 accept",
            "ip6 length != { 24, 32, 40 } goto " + REJECTED,
            "ip6 length 40 @th,256,16 != %s goto %s".formatted(NONCE, REJECTED),
            "icmpv6 type nd-neighbor-solicit iifname . @th,192,64 @%s accept"
                .formatted(SOURCE_OPTIONS),
            "icmpv6 type nd-neighbor-solicit ip6 length 24 accept",
            "icmpv6 type nd-neighbor-advert %s iifname . @th,192,64 @%s accept"
                .formatted(target, TARGET_OPTIONS),
            "icmpv6 type nd-neighbor-advert %s ip6 length 24 accept".formatted(target),
            "goto " + REJECTED));
  }

  /** Whether anybody has one of the port's own addresses; with no option but a nonce (RFC 7527). */
  private static NftChain duplicateDetection() {
    return new NftChain(
        DETECTION,
        Optional.empty(),
        List.of(
            "ip6 hoplimit != 255 goto " + REJECTED,
            "ip6 length 24 accept",
            "ip6 length 32 @th,192,16 %s accept".formatted(NONCE),
            "goto " + REJECTED));
  }

  /**
   * Returns unless it is a first fragment that does not tell what it carries, which the rules
   * behind could not read; put together by the receiver it may be anything (RFC 7112).
   */
  private static NftChain fragment() {
    return new NftChain(
        FRAGMENT,
        Optional.empty(),
        List.of(
            "exthdr frag missing return",
            "frag frag-off > 0 return",
            // Whatever is there, if it is there.
            "@th,0,64 & 0 == 0 return",
            drop(DropReason.FRAGMENT_TINY)));
  }

  /** Finds the reason for what nothing else has taken. */
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
}
