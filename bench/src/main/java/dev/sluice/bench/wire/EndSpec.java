package dev.sluice.bench.wire;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.PolicyNamespace;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.TopologyReader;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What one end of a wire is to bring up: a network's part on that host. It names no device, no
 * namespace and no port of the host, so that another host may be told it; where it goes is for the
 * host to say.
 *
 * @param gateways as of a router on the wire; nobody needs to be there
 * @param mtu in bytes
 * @param policies documents of YAML that hold in it; may be empty
 */
record EndSpec(
    String network,
    List<String> subnets,
    List<String> gateways,
    int mtu,
    List<PolicyNamespace> namespaces,
    List<Host> endpoints,
    String policies) {

  /** What every endpoint's interface is called. */
  static final String LINK = "eth0";

  private static final JsonMapper MAPPER = new JsonMapper();

  EndSpec {
    subnets = List.copyOf(subnets);
    gateways = List.copyOf(gateways);
    namespaces = List.copyOf(namespaces);
    endpoints = List.copyOf(endpoints);
  }

  /** An endpoint that is a host of the wire. */
  record Host(
      String name,
      String namespace,
      Map<String, String> labels,
      List<String> addresses,
      List<NamedPort> ports) {
    Host {
      labels = Map.copyOf(labels);
      addresses = List.copyOf(addresses);
      ports = List.copyOf(ports);
    }

    static Host of(Endpoint endpoint, Interface iface) {
      return new Host(
          endpoint.name(),
          endpoint.namespace(),
          endpoint.labels(),
          iface.addresses().stream().map(Object::toString).toList(),
          endpoint.ports().stream()
              .filter(port -> port.name().isPresent())
              .map(port -> new NamedPort(port.name().get(), port.port(), port.protocol()))
              .toList());
    }
  }

  /** A port that policies may name. */
  record NamedPort(String name, int port, Protocol protocol) {}

  static EndSpec of(Topology topology, Network network, List<Host> endpoints, String policies) {
    return new EndSpec(
        network.name(),
        network.subnets().stream().map(s -> s.cidr().toString()).toList(),
        network.subnets().stream().map(s -> s.gateway().toString()).toList(),
        network.mtu(),
        topology.namespaces(),
        endpoints,
        policies);
  }

  /**
   * The file that declares it.
   *
   * @param topology what it is called; its namespaces are called after it, so that they are nobody
   *     else's
   * @param parent the host's device on the wire
   */
  String document(String topology, String parent) {
    ObjectNode document = MAPPER.createObjectNode();
    document.put("apiVersion", TopologyReader.API_VERSION).put("kind", TopologyReader.KIND);
    document.putObject("metadata").put("name", topology);
    ObjectNode spec = document.putObject("spec");
    ArrayNode declared = spec.putArray("namespaces");
    namespaces.forEach(n -> labelled(declared.addObject().put("name", n.name()), n.labels()));
    ObjectNode net = spec.putArray("networks").addObject();
    net.put("name", network).put("mtu", mtu).put("parent", parent);
    strings(net.putArray("subnets"), subnets);
    strings(net.putArray("gateway"), gateways);
    ArrayNode hosts = spec.putArray("endpoints");
    endpoints.forEach(host -> write(host, netns(topology, host.name), hosts.addObject()));
    return document + "\n" + policies;
  }

  /** What the namespace of an endpoint is called. */
  static String netns(String topology, String endpoint) {
    return topology + "-" + endpoint;
  }

  private void write(Host host, String netns, ObjectNode out) {
    out.put("name", host.name).put("netns", netns).put("namespace", host.namespace);
    labelled(out, host.labels);
    ObjectNode iface = out.putArray("interfaces").addObject();
    iface.put("network", network).put("name", LINK);
    strings(iface.putArray("addresses"), host.addresses);
    if (!host.ports.isEmpty()) {
      ArrayNode ports = out.putArray("ports");
      host.ports.forEach(
          p ->
              ports
                  .addObject()
                  .put("name", p.name)
                  .put("port", p.port)
                  .put("protocol", p.protocol.name()));
    }
  }

  private static void labelled(ObjectNode out, Map<String, String> labels) {
    if (!labels.isEmpty()) {
      ObjectNode all = out.putObject("labels");
      labels.forEach(all::put);
    }
  }

  private static void strings(ArrayNode out, Collection<String> values) {
    values.forEach(out::add);
  }
}
