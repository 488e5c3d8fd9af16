package dev.sluice.backend.ebpf;

import dev.sluice.backend.macvlan.MacvlanDatapath;
import dev.sluice.bpf.render.FilteringDatapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;

/** The objects of programs that decide what goes from where to where, each as a node gets it. */
enum Programs {
  /** Of veth pairs, and of ipvlan. */
  ENDPOINT("endpoint", "from_endpoint", "to_endpoint", false),
  NETKIT("netkit", "from_endpoint", "to_endpoint", true),
  /** Of macvlan. */
  PARENT("parent", "from_slaves", "to_slaves", true);

  private final String file;
  private final String fromEndpoint;
  private final String toEndpoint;
  private final boolean hidesDrops;

  Programs(String file, String fromEndpoint, String toEndpoint, boolean hidesDrops) {
    this.file = file;
    this.fromEndpoint = fromEndpoint;
    this.toEndpoint = toEndpoint;
    this.hidesDrops = hidesDrops;
  }

  String file() {
    return file;
  }

  /** The program that meets what endpoints send. */
  String fromEndpoint() {
    return fromEndpoint;
  }

  /** The program that meets what goes to endpoints. */
  String toEndpoint() {
    return toEndpoint;
  }

  /** Whether who is denied is not to learn of it: a drop is a redirect to a device nobody has. */
  boolean hidesDrops() {
    return hidesDrops;
  }

  /** A datapath that has them. */
  FilteringDatapath datapath() {
    return switch (this) {
      case ENDPOINT -> new EbpfDatapath();
      case NETKIT -> new NetkitOnVeth();
      case PARENT -> new MacvlanDatapath();
    };
  }

  /** The node's link at which frames of an endpoint's interface are met. */
  String link(DesiredState desired, Endpoint endpoint, Interface iface) {
    return datapath().render(desired).objects().stream()
        .filter(Macvlan.class::isInstance)
        .map(Macvlan.class::cast)
        .filter(m -> m.netns().equals(NetnsRef.named(endpoint.netns())))
        .filter(m -> m.name().equals(iface.name()))
        .map(Macvlan::parent)
        .findFirst()
        .orElseGet(() -> PortRender.link(desired.topology(), endpoint, iface));
  }
}
