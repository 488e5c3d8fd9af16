package dev.sluice.testkit.cyclonus;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.EndpointRender;
import dev.sluice.core.datapath.LinkSettings;
import dev.sluice.core.datapath.Routes;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A datapath that lets everything through: all networks on one bridge, routed by the node. */
final class OpenBridge implements Datapath {

  private static final String BRIDGE = "open";

  @Override
  public String name() {
    return BRIDGE;
  }

  @Override
  public String summary() {
    return "one bridge, no policy";
  }

  @Override
  public Support support(KernelFeatures features) {
    return Support.of(features, Set.of(), List.of());
  }

  @Override
  public KernelState render(DesiredState desired) {
    Topology topology = desired.topology();
    List<KernelObject> out = new ArrayList<>();
    out.add(new Bridge(BRIDGE, mac(desired, BRIDGE), 1500, true, "", true));
    for (Network network : topology.networks()) {
      out.addAll(LinkSettings.ofGateway(desired.node().features(), BRIDGE, network));
      for (Subnet subnet : network.subnets()) {
        out.add(new Address(NetnsRef.NODE, BRIDGE, subnet.gateway(), subnet.cidr().prefix()));
        out.add(Routes.onLink(NetnsRef.NODE, Route.MAIN, subnet.cidr(), BRIDGE, subnet.gateway()));
      }
    }
    for (Endpoint endpoint : topology.endpoints()) {
      out.addAll(EndpointRender.render(topology, endpoint));
      for (Interface iface : endpoint.interfaces()) {
        String port = "p" + endpoint.name();
        out.add(
            new VethPair(
                new LinkPair.End(port, mac(desired, port), 1500, true),
                Optional.of(BRIDGE),
                false,
                "",
                NetnsRef.named(endpoint.netns()),
                new LinkPair.End(iface.name(), desired.mac(endpoint, iface), 1500, true)));
      }
    }
    return KernelState.of(topology.name(), out);
  }

  private static MacAddress mac(DesiredState desired, String link) {
    return MacAddress.derive(desired.node().machineId(), link);
  }
}
