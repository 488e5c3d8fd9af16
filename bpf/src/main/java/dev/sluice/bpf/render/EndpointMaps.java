package dev.sluice.bpf.render;

import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.datapath.PublishedPort;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Established;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The maps that say who is where: {@code slots} and what leads to them. */
public final class EndpointMaps {

  /** In the place of a slot, as in maps.h. */
  private static final int BROADCAST = -1;

  /** Prefixes of IPv4 that have no broadcast address (RFC 3021). */
  private static final int NO_BROADCAST = 31;

  private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10");

  private final DesiredState desired;
  private final PolicyMaps policies;
  private final Topology topology;
  private final BiFunction<Endpoint, Interface, String> ways;
  private final SortedMap<MapValue, MapValue> links = new TreeMap<>();
  private final SortedMap<MapValue, MapValue> slots = new TreeMap<>();
  private final SortedMap<MapValue, MapValue> generations = new TreeMap<>();
  private final SortedMap<MapValue, MapValue> hosts = new TreeMap<>();
  private final SortedMap<MapValue, MapValue> gateways = new TreeMap<>();
  private final SortedMap<MapValue, MapValue> gatewayLinks = new TreeMap<>();
  private final SortedMap<MapValue, MapValue> wires = new TreeMap<>();
  private final SortedMap<MapValue, MapValue> published = new TreeMap<>();

  /**
   * @param ways the node's link by which frames get to an interface
   */
  public EndpointMaps(
      DesiredState desired, PolicyMaps policies, BiFunction<Endpoint, Interface, String> ways) {
    this.desired = desired;
    this.ways = ways;
    this.policies = policies;
    this.topology = desired.topology();
    topology.networks().forEach(this::network);
    for (PublishedPort port : PublishedPort.of(topology)) {
      published.put(
          Bytes.of(Layout.PUBLISHED_KEY)
              .be16("port", port.port().publish().orElseThrow())
              .u8("protocol", port.port().protocol().number())
              .u8("v4", port.address().isV4() ? 1 : 0)
              .value(),
          Bytes.u32Of(1));
    }
    for (Endpoint endpoint : topology.endpoints()) {
      endpoint.interfaces().forEach(iface -> slot(endpoint, iface));
    }
  }

  /** In the order in which they get what is new: what leads to a slot comes when it is there. */
  public List<MapContent> maps() {
    List<MapContent> out =
        new ArrayList<>(
            List.of(
                exact("gateways", gateways),
                exact("gateway_links", gatewayLinks),
                exact("published", published),
                exact("wires", wires),
                exact("slots", slots),
                exact("hosts", hosts),
                exact("links", links),
                MapContent.afterwards("generations", Sizes.of(generations.size()), generations)));
    // What policy let through is remembered too; of flows that may finish no generation tells that.
    long configuration = Ids.u64("configuration", out.toString(), judged());
    out.add(
        MapContent.afterwards(
            "configuration", 1, new TreeMap<>(Map.of(Bytes.u32Of(0), Bytes.u64Of(configuration)))));
    return out;
  }

  private String judged() {
    return topology.endpoints().stream()
        .map(
            e ->
                "%s: %s, %s"
                    .formatted(e.name(), policy(e, Direction.EGRESS), policy(e, Direction.INGRESS)))
        .sorted()
        .toList()
        .toString();
  }

  private static MapContent exact(String name, SortedMap<MapValue, MapValue> entries) {
    return MapContent.exact(name, Sizes.of(entries.size()), entries);
  }

  private void network(Network network) {
    int id = Ids.of(network);
    network.parent().ifPresent(parent -> wires.put(Bytes.linkOf(parent), Bytes.u32Of(id)));
    if (network.gatewayOnNode()) {
      gateways(network, id);
    }
    for (Subnet subnet : network.subnets()) {
      Cidr cidr = subnet.cidr();
      if (cidr.isV4() && cidr.prefix() < NO_BROADCAST) {
        hosts.put(host(cidr.last(), 0), Bytes.u32Of(BROADCAST));
      }
    }
  }

  private void gateways(Network network, int id) {
    gatewayLinks.put(Bytes.linkOf(GatewayRender.link(topology, network.name())), Bytes.u32Of(id));
    for (Subnet subnet : network.subnets()) {
      gateways.put(Bytes.addressOf(subnet.gateway()), Bytes.u32Of(id));
    }
    if (network.hasIpv6()) {
      IpAddress own = IpAddress.linkLocal(GatewayRender.mac(desired, network.name()));
      gateways.put(Bytes.addressOf(own), Bytes.u32Of(id));
    }
  }

  private static MapValue host(IpAddress ip, int network) {
    return Bytes.of(Layout.HOST_KEY).address("address", ip).u32("network", network).value();
  }

  private void slot(Endpoint endpoint, Interface iface) {
    Network network = topology.network(iface.network());
    int slot = Ids.of(endpoint, iface);
    String link = ways.apply(endpoint, iface);
    links.put(Bytes.linkOf(link), Bytes.u32Of(slot));
    Bytes value =
        Bytes.of(Layout.SLOT)
            .link("link", link)
            .u32("endpoint", Ids.of(endpoint))
            .u64s("sides", side(endpoint, Direction.EGRESS), side(endpoint, Direction.INGRESS))
            .u32("network", Ids.of(network))
            .u32("mtu", network.mtu())
            .mac("mac", desired.mac(endpoint, iface));
    if (network.gatewayOnNode()) {
      value
          .link("gateway_link", GatewayRender.link(topology, network.name()))
          .mac("gateway_mac", GatewayRender.mac(desired, network.name()));
    }
    network.parent().ifPresent(parent -> value.link("wire", parent));
    slots.put(Bytes.u32Of(slot), value.value());
    generations.put(Bytes.u32Of(slot), Bytes.u32Of(generation(endpoint)));
    for (IpAddress ip : desired.addresses(endpoint, iface)) {
      hosts.put(host(ip, isLinkLocal(ip) ? Ids.of(network) : 0), Bytes.u32Of(slot));
    }
  }

  private static boolean isLinkLocal(IpAddress ip) {
    return LINK_LOCAL.contains(ip);
  }

  private long side(Endpoint endpoint, Direction direction) {
    return policies.id(endpoint, direction);
  }

  /**
   * Of all that decides on the endpoint's flows: those that were let pass in another are judged
   * again. Not of its policies, where flows may finish that these deny.
   */
  private int generation(Endpoint endpoint) {
    boolean keep = topology.established() == Established.KEEP;
    return Ids.u32(
        "generation",
        Integer.toString(desired.epoch()),
        desired.addresses(endpoint).toString(),
        published.keySet().toString(),
        keep ? "" : policy(endpoint, Direction.EGRESS),
        keep ? "" : policy(endpoint, Direction.INGRESS));
  }

  private String policy(Endpoint endpoint, Direction direction) {
    return side(endpoint, direction) + " " + policies.content(endpoint, direction);
  }
}
