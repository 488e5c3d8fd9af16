package dev.sluice.core.topology;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.topology.Topology.Established;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.Topology.Rate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a topology as read, before they are checked against one another. A part whose text
 * is wrong is empty or has its default here: its fault is recorded, and no topology comes of it.
 */
final class Drafts {

  private Drafts() {}

  record NamespaceDraft(Optional<Located<String>> name, Map<String, String> labels) {}

  record SubnetDraft(Located<Cidr> cidr, IpAddress gateway, boolean onNode) {}

  /**
   * @param whole whether every subnet could be read, so that what lies in none lies outside
   */
  record NetworkDraft(
      Optional<Located<String>> name,
      List<SubnetDraft> subnets,
      boolean whole,
      int mtu,
      boolean masquerade,
      Optional<String> uplink,
      Optional<String> parent,
      Optional<IpvlanMode> ipvlan) {}

  /**
   * @param allocate whether the file leaves the addresses out
   */
  record InterfaceDraft(
      YamlValue at,
      Optional<Located<String>> network,
      Optional<Located<String>> name,
      Optional<Located<MacAddress>> mac,
      boolean allocate,
      List<Located<IpAddress>> addresses,
      Optional<Rate> rate) {

    InterfaceDraft withAddresses(List<Located<IpAddress>> allocated) {
      return new InterfaceDraft(at, network, name, mac, allocate, allocated, rate);
    }
  }

  record PortDraft(
      Optional<Located<String>> name,
      int port,
      Protocol protocol,
      Optional<Located<Integer>> publish) {}

  record EndpointDraft(
      Optional<Located<String>> name,
      Optional<Located<String>> netns,
      Optional<Located<String>> namespace,
      Map<String, String> labels,
      List<InterfaceDraft> interfaces,
      List<PortDraft> ports) {

    EndpointDraft withInterfaces(List<InterfaceDraft> complete) {
      return new EndpointDraft(name, netns, namespace, labels, complete, ports);
    }
  }

  /**
   * @param policy with the default namespace, or no name, where those are empty
   */
  record PolicyDraft(
      Optional<Located<String>> namespace, Optional<Located<String>> name, NetworkPolicy policy) {}

  record TopologyDraft(
      Optional<Located<String>> name,
      String datapath,
      List<NamespaceDraft> namespaces,
      List<NetworkDraft> networks,
      List<EndpointDraft> endpoints,
      List<Located<Cidr>> denyFrom,
      Established established) {}
}
