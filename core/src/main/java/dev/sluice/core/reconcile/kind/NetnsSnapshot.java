package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.LinkFilter;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.netlink.route.AddressMessage;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.NeighbourMessage;
import dev.sluice.core.netlink.route.RouteMessage;
import dev.sluice.core.netlink.route.RuleMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel's answers for one namespace, taken at one time. */
public final class NetnsSnapshot {

  private final NetnsRef netns;
  private final List<LinkMessage> links;
  private final List<AddressMessage> addresses;
  private final List<RouteMessage> routes;
  private final List<RuleMessage> rules;
  private final List<NeighbourMessage> neighbours;
  private final List<Sysctl> sysctls;
  private final List<LinkFilter> linkFilters;
  private final List<NftTable> tables;
  private final Map<NetnsRef, Integer> parents;
  private final Map<Integer, LinkMessage> byIndex = new HashMap<>();
  private final Map<String, LinkMessage> byName = new HashMap<>();

  /**
   * {@code sysctls}: the current value of each path that was asked for and exists; {@code
   * linkFilters} alike; {@code tables}: the nftables tables that have our name; {@code parents}:
   * the numbers by which this namespace knows others that parents of its links may be in.
   */
  public NetnsSnapshot(
      NetnsRef netns,
      List<LinkMessage> links,
      List<AddressMessage> addresses,
      List<RouteMessage> routes,
      List<RuleMessage> rules,
      List<NeighbourMessage> neighbours,
      List<Sysctl> sysctls,
      List<LinkFilter> linkFilters,
      List<NftTable> tables,
      Map<NetnsRef, Integer> parents) {
    this.netns = netns;
    this.links = links;
    this.addresses = addresses;
    this.routes = routes;
    this.rules = rules;
    this.neighbours = neighbours;
    this.sysctls = sysctls;
    this.linkFilters = linkFilters;
    this.tables = tables;
    this.parents = parents;
    for (LinkMessage link : links) {
      byIndex.put(link.index(), link);
      byName.put(link.name(), link);
    }
  }

  public NetnsRef netns() {
    return netns;
  }

  public List<LinkMessage> links() {
    return links;
  }

  public List<AddressMessage> addresses() {
    return addresses;
  }

  public List<RouteMessage> routes() {
    return routes;
  }

  public List<RuleMessage> rules() {
    return rules;
  }

  public List<NeighbourMessage> neighbours() {
    return neighbours;
  }

  public List<Sysctl> sysctls() {
    return sysctls;
  }

  public List<LinkFilter> linkFilters() {
    return linkFilters;
  }

  public List<NftTable> tables() {
    return tables;
  }

  /** Where the link's parent is (IFLA_LINK_NETNSID), if that is known. */
  public Optional<NetnsRef> parentNetns(LinkMessage link) {
    if (link.linkNetnsId().isEmpty()) {
      return Optional.of(netns);
    }
    return parents.entrySet().stream()
        .filter(e -> e.getValue() == link.linkNetnsId().getAsInt())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  public Optional<LinkMessage> link(int index) {
    return Optional.ofNullable(byIndex.get(index));
  }

  public Optional<LinkMessage> link(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The name of the link with that index, or {@code #index} for one that is not there. */
  public String linkName(int index) {
    return link(index).map(LinkMessage::name).orElse("#" + index);
  }
}
