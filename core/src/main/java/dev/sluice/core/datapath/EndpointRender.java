package dev.sluice.core.datapath;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Loopback;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What an endpoint holds on every datapath alike: its namespace, loopback, addresses and routes.
 * Its links are the backend's to render.
 */
public final class EndpointRender {

  private EndpointRender() {}

  /**
   * Each subnet that the endpoint has an address in is on-link; everything else goes by the gateway
   * of its first interface that has the family.
   */
  public static List<KernelObject> render(Topology topology, Endpoint endpoint) {
    NetnsRef netns = NetnsRef.named(endpoint.netns());
    List<KernelObject> out = new ArrayList<>();
    out.add(new Namespace(endpoint.netns(), true));
    out.add(new Loopback(netns, true));
    Set<Cidr> routed = new HashSet<>();
    for (Interface iface : endpoint.interfaces()) {
      out.addAll(LinkSettings.ofEndpoint(endpoint, iface, topology.network(iface.network())));
      for (IpAddress ip : iface.addresses()) {
        Subnet subnet = topology.network(iface.network()).subnetOf(ip);
        out.add(new Address(netns, iface.name(), ip, subnet.cidr().prefix()));
        if (routed.add(subnet.cidr())) {
          out.add(Routes.onLink(netns, Route.MAIN, subnet.cidr(), iface.name(), ip));
        }
        Cidr any = Cidr.any(ip.isV4());
        if (routed.add(any)) {
          out.add(new Route(netns, Route.MAIN, any, new Route.Via(iface.name(), subnet.gateway())));
        }
      }
    }
    return out;
  }
}
