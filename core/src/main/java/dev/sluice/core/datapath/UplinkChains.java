package dev.sluice.core.datapath;

import static dev.sluice.core.datapath.NatTable.drop;
import static dev.sluice.core.datapath.NatTable.ip;
import static dev.sluice.core.datapath.NatTable.links;
import static dev.sluice.core.datapath.NatTable.oneOf;
import static dev.sluice.core.datapath.NatTable.quoted;
import static dev.sluice.core.datapath.NatTable.subnets;

import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The ways out and in by uplinks. What an endpoint sends is marked if the node, were it the sender,
 * would send it by the uplink of the endpoint's network; what comes in by an uplink, if it is for a
 * network that has it. Without the mark routing leads nowhere ({@link Uplinks}). The decision is
 * checked where packets are forwarded, by the interface that they are about to leave by.
 */
final class UplinkChains {

  private static final String MASQUERADED = "enter/masqueraded";
  private static final String SET_MARK =
      "meta mark set meta mark | 0x%08x".formatted(Derived.UPLINK_MARK);

  private final Topology topology;
  private final Function<Network, String> link;
  private final Map<String, List<Network>> uplinks;

  UplinkChains(Topology topology, Function<Network, String> link) {
    this.topology = topology;
    this.link = link;
    this.uplinks = Uplinks.of(topology);
  }

  boolean isEmpty() {
    return uplinks.isEmpty();
  }

  List<NftChain> chains() {
    if (isEmpty()) {
      return List.of();
    }
    List<NftChain> out = new ArrayList<>();
    out.add(
        new NftChain(
            "mark/uplink",
            // After published ports are translated: the address that routing will see.
            Optional.of("type filter hook prerouting priority -90; policy accept"),
            marks()));
    out.add(
        new NftChain(
            "forward/uplink",
            Optional.of("type filter hook forward priority -10; policy accept"),
            forward()));
    uplinks.values().forEach(n -> n.forEach(network -> out.add(leave(network))));
    if (topology.networks().stream().anyMatch(Network::masquerade)) {
      out.add(
          new NftChain(
              MASQUERADED,
              Optional.empty(),
              List.of(
                  "ct direction reply accept",
                  "ct status dnat accept",
                  drop(DropReason.NO_WAY_IN))));
    }
    return out;
  }

  private List<String> marks() {
    List<String> rules = new ArrayList<>();
    uplinks.forEach(
        (uplink, networks) -> {
          rules.add(
              "iifname %s fib daddr oifname %s %s"
                  .formatted(oneOf(links(networks, link)), quoted(uplink), SET_MARK));
          for (boolean v4 : new boolean[] {true, false}) {
            Set<String> subnets = subnets(networks, v4);
            if (!subnets.isEmpty()) {
              rules.add(
                  "iifname %s %s daddr { %s } %s"
                      .formatted(quoted(uplink), ip(v4), String.join(", ", subnets), SET_MARK));
            }
          }
        });
    return rules;
  }

  private List<String> forward() {
    List<String> rules = new ArrayList<>();
    uplinks.forEach(
        (uplink, networks) -> {
          networks.forEach(
              n ->
                  rules.add(
                      "iifname %s goto %s".formatted(quoted(link.apply(n)), leave(n.name()))));
          List<Network> masqueraded = networks.stream().filter(Network::masquerade).toList();
          if (!masqueraded.isEmpty()) {
            rules.add(
                "iifname %s oifname %s goto %s"
                    .formatted(quoted(uplink), oneOf(links(masqueraded, link)), MASQUERADED));
          }
        });
    return rules;
  }

  private NftChain leave(Network network) {
    List<String> rules = new ArrayList<>();
    rules.add("oifname " + oneOf(links(topology.networks(), link)) + " accept");
    if (network.masquerade()) {
      // What belongs to no connection keeps its source address.
      rules.add("ct state invalid,untracked " + drop(DropReason.NO_WAY_OUT));
    }
    rules.add("oifname " + quoted(network.uplink().orElseThrow()) + " accept");
    rules.add(drop(DropReason.NO_WAY_OUT));
    return new NftChain(leave(network.name()), Optional.empty(), rules);
  }

  private static String leave(String network) {
    return "leave/" + network;
  }

  /** What the postrouting hook has to do. */
  List<String> sourceRules() {
    List<String> rules = new ArrayList<>();
    uplinks.forEach(
        (uplink, networks) -> {
          List<Network> masqueraded = networks.stream().filter(Network::masquerade).toList();
          if (!masqueraded.isEmpty()) {
            rules.add(
                "iifname %s oifname %s masquerade"
                    .formatted(oneOf(links(masqueraded, link)), quoted(uplink)));
          }
        });
    return rules;
  }
}
