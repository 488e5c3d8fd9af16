package dev.sluice.backend.ebpf;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who is where in a topology, looked up by what frames bear. */
final class FuzzHomes {

  private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10");

  /** An interface of an endpoint; the link-local address is the last of its own. */
  record Home(
      String endpoint, String iface, String network, MacAddress mac, List<IpAddress> addresses) {}

  /** The node's part of a network. */
  record Gateway(String network, MacAddress mac, Set<IpAddress> addresses) {}

  private final List<Home> homes = new ArrayList<>();
  private final Map<String, Gateway> gateways = new LinkedHashMap<>();
  private final Set<IpAddress> broadcasts = new HashSet<>();
  private final Map<IpAddress, Home> global = new HashMap<>();
  private final Map<String, Map<IpAddress, Home>> local = new HashMap<>();

  FuzzHomes(DesiredState desired) {
    for (Network network : desired.topology().networks()) {
      MacAddress mac = GatewayRender.mac(desired, network.name());
      Set<IpAddress> own = new HashSet<>(Set.of(IpAddress.linkLocal(mac)));
      for (Subnet subnet : network.subnets()) {
        own.add(subnet.gateway());
        if (subnet.cidr().isV4()) {
          broadcasts.add(subnet.cidr().last());
        }
      }
      gateways.put(network.name(), new Gateway(network.name(), mac, own));
      local.put(network.name(), new HashMap<>());
    }
    for (Endpoint endpoint : desired.topology().endpoints()) {
      for (Interface iface : endpoint.interfaces()) {
        Home home =
            new Home(
                endpoint.name(),
                iface.name(),
                iface.network(),
                desired.mac(endpoint, iface),
                desired.addresses(endpoint, iface));
        homes.add(home);
        home.addresses()
            .forEach(ip -> (isLocal(ip) ? local.get(home.network()) : global).put(ip, home));
      }
    }
  }

  static boolean isLocal(IpAddress ip) {
    return LINK_LOCAL.contains(ip);
  }

  List<Home> homes() {
    return homes;
  }

  List<Gateway> gateways() {
    return List.copyOf(gateways.values());
  }

  Set<String> networks() {
    return gateways.keySet();
  }

  Gateway gateway(String network) {
    return gateways.get(network);
  }

  /** Who has the address, seen from a network. */
  Optional<Home> find(IpAddress ip, String network) {
    return Optional.ofNullable((isLocal(ip) ? local.get(network) : global).get(ip));
  }

  /** Who has the address in a network itself. */
  Optional<Home> at(IpAddress ip, String network) {
    return find(ip, network).filter(home -> home.network().equals(network));
  }

  /** Whether nobody on the wire that a network alone is on may call the address his own. */
  boolean isOurs(IpAddress ip, String network) {
    return broadcasts.contains(ip)
        || find(ip, network).isPresent()
        || gateways.values().stream()
            .anyMatch(g -> !g.network().equals(network) && g.addresses().contains(ip));
  }

  Party party(IpAddress ip, String network) {
    return find(ip, network)
        .<Party>map(home -> new Party.EndpointParty(home.endpoint(), ip))
        .orElse(new Party.Outside(ip));
  }

  /** Whether it is for more than one. */
  boolean isGroup(IpAddress ip) {
    int first = ip.bytes()[0] & 0xff;
    return ip.isV4()
        ? first >> 4 == 14
            || broadcasts.contains(ip)
            || ip.equals(IpAddress.parse("255.255.255.255"))
        : first == 0xff;
  }
}
