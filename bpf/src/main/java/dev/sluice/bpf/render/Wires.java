package dev.sluice.bpf.render;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.PublishedPort;
import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.LinkFilter;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Port;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Networks that are parts of a wire, by a device of the node there ({@code parent}). What is for
 * endpoints is taken at its ingress by the program {@code from_wire}; it has to take in frames for
 * their MACs, and for the groups that they are asked at by neighbour discovery. Nothing else of the
 * device is touched.
 */
final class Wires {

  private static final String FROM_WIRE = "from_wire";

  private Wires() {}

  /** What the device has, for each wire of a topology. */
  static List<KernelObject> render(DesiredState desired, BpfObject object, Hook ingress) {
    Topology topology = desired.topology();
    List<KernelObject> out = new ArrayList<>();
    for (Network network : topology.networks()) {
      network.parent().ifPresent(p -> out.add(BpfLink.of(object, FROM_WIRE, p, ingress)));
    }
    for (Endpoint endpoint : topology.endpoints()) {
      for (Interface iface : endpoint.interfaces()) {
        Optional<String> parent = topology.network(iface.network()).parent();
        parent.ifPresent(p -> filters(desired, endpoint, iface, p, out));
      }
    }
    return out;
  }

  private static void filters(
      DesiredState desired,
      Endpoint endpoint,
      Interface iface,
      String parent,
      List<KernelObject> out) {
    out.add(new LinkFilter(parent, desired.mac(endpoint, iface), true));
    desired.addresses(endpoint, iface).stream()
        .filter(IpAddress::isV6)
        .map(Wires::solicited)
        .distinct()
        .forEach(mac -> out.add(new LinkFilter(parent, mac, true)));
  }

  /** Of the group at which an address is asked for (RFC 4291, section 2.7.1; RFC 2464). */
  private static MacAddress solicited(IpAddress ip) {
    byte[] b = ip.bytes();
    return MacAddress.of(new byte[] {0x33, 0x33, (byte) 0xff, b[13], b[14], b[15]});
  }

  /** What cannot be together with a wire, field by field. */
  static List<Refusal> refusals(Topology topology) {
    List<Refusal> out = new ArrayList<>();
    Map<String, String> parents = new HashMap<>();
    for (int i = 0; i < topology.networks().size(); i++) {
      Network network = topology.networks().get(i);
      String path = "spec.networks[" + i + "]";
      if (network.parent().isPresent()) {
        String other = parents.putIfAbsent(network.parent().get(), network.name());
        if (other != null) {
          out.add(
              new Refusal(
                  path + ".parent",
                  "network %s has it already; give all subnets of a wire to one network"
                      .formatted(other)));
        }
        if (network.uplink().isPresent()) {
          out.add(
              new Refusal(
                  path + ".uplink",
                  "with a parent the way out is the wire; leave one of them out"));
        }
      }
    }
    for (PublishedPort port : PublishedPort.of(topology)) {
      if (!port.network().gatewayOnNode()) {
        out.add(published(topology, port.endpoint(), port.port()));
      }
    }
    return out.stream().distinct().toList();
  }

  private static Refusal published(Topology topology, Endpoint endpoint, Port port) {
    return new Refusal(
        "spec.endpoints[%d].ports[%d].publish"
            .formatted(topology.endpoints().indexOf(endpoint), endpoint.ports().indexOf(port)),
        "the node has no way to the endpoint, whose gateway is a router on the wire; it is reached"
            + " there by its own address");
  }
}
