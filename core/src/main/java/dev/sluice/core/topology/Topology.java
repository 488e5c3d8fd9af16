package dev.sluice.core.topology;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One declared topology, checked and complete: every reference resolves, every interface has its
 * addresses. The YAML form and the meaning of each field are in {@code docs/topology.md}.
 *
 * @param datapath the declared datapath; a command line may override it
 * @param established what happens to flows that a changed policy denies
 * @param policies the policies of the same file, in its order
 */
public record Topology(
    String name,
    String datapath,
    List<PolicyNamespace> namespaces,
    List<Network> networks,
    List<Endpoint> endpoints,
    List<Cidr> denyFrom,
    Established established,
    List<NetworkPolicy> policies) {

  /** The policy namespace of an endpoint that names none. */
  public static final String DEFAULT_NAMESPACE = "default";

  public Topology {
    namespaces = List.copyOf(namespaces);
    networks = List.copyOf(networks);
    endpoints = List.copyOf(endpoints);
    denyFrom = List.copyOf(denyFrom);
    policies = List.copyOf(policies);
  }

  /** The declared network of that name; the reader has checked that it exists. */
  public Network network(String network) {
    return networks.stream()
        .filter(n -> n.name().equals(network))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no network " + network + " in " + name));
  }

  /** The addresses that endpoints have in {@code network}. */
  public List<IpAddress> addressesIn(Network network) {
    return endpoints.stream()
        .flatMap(e -> e.interfaces().stream())
        .filter(i -> i.network().equals(network.name()))
        .flatMap(i -> i.addresses().stream())
        .toList();
  }

  /** A policy namespace and its labels; not a network namespace. */
  public record PolicyNamespace(String name, Map<String, String> labels) {
    public PolicyNamespace {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * A layer-2 network with one or more subnets, routed to the topology's other networks by its
   * gateways.
   *
   * @param mtu in bytes, of every interface in it
   * @param masquerade whether flows that leave by an uplink take the node's address
   * @param uplink the node's interface that leads out, for L3
   * @param parent the node's device on the wire that the network is a part of; empty: it is on the
   *     node alone
   * @param ipvlan the mode, where the datapath is ipvlan
   */
  public record Network(
      String name,
      List<Subnet> subnets,
      int mtu,
      boolean masquerade,
      Optional<String> uplink,
      Optional<String> parent,
      Optional<IpvlanMode> ipvlan) {
    public Network {
      subnets = List.copyOf(subnets);
    }

    /** Whether any subnet is of IPv6; without one a network has no link-local addresses either. */
    public boolean hasIpv6() {
      return subnets.stream().anyMatch(s -> s.cidr().address().isV6());
    }

    /** Whether the gateways' addresses are the node's; else a router on the wire has them. */
    public boolean gatewayOnNode() {
      return subnets.stream().allMatch(Subnet::onNode);
    }

    /** Whether any subnet is of IPv4. */
    public boolean hasIpv4() {
      return subnets.stream().anyMatch(s -> s.cidr().isV4());
    }

    /** The subnet that holds {@code ip}; the reader has checked that there is one. */
    public Subnet subnetOf(IpAddress ip) {
      return subnets.stream()
          .filter(s -> s.cidr().contains(ip))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(ip + " is in no subnet of " + name));
    }
  }

  /**
   * A subnet and its gateway.
   *
   * @param onNode true: the gateway's address is the node's (the default without a real parent);
   *     false: a router on the parent's wire has it
   */
  public record Subnet(Cidr cidr, IpAddress gateway, boolean onNode) {}

  /**
   * One workload: a network namespace of the node with its interfaces.
   *
   * @param netns the name of its network namespace on the node; several endpoints never share one
   * @param namespace its policy namespace
   */
  public record Endpoint(
      String name,
      String netns,
      String namespace,
      Map<String, String> labels,
      List<Interface> interfaces,
      List<Port> ports) {
    public Endpoint {
      labels = Map.copyOf(labels);
      interfaces = List.copyOf(interfaces);
      ports = List.copyOf(ports);
    }
  }

  /**
   * An endpoint's interface in a network.
   *
   * @param mac the declared MAC; empty: derived from machine id, topology, endpoint and interface
   * @param addresses at least one, each in a subnet of the network; declared or allocated
   */
  public record Interface(
      String network,
      String name,
      Optional<MacAddress> mac,
      List<IpAddress> addresses,
      Optional<Rate> rate) {
    public Interface {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * Limits in bits per second: of what the endpoint sends (shaped) and of what it receives
   * (policed).
   */
  public record Rate(Optional<Long> egress, Optional<Long> ingress) {}

  /** A port that has a name, is published on the node, or both. */
  public record Port(
      Optional<String> name, int port, Protocol protocol, Optional<Integer> publish) {}

  /** The transport protocols that policy and ports know. */
  public enum Protocol {
    TCP(6),
    UDP(17),
    SCTP(132);

    private final int number;

    Protocol(int number) {
      this.number = number;
    }

    /** The IP protocol number (IANA). */
    public int number() {
      return number;
    }
  }

  /** What happens to established flows that a changed policy denies: POLICY rule 14. */
  public enum Established {
    REVOKE,
    KEEP
  }

  /** The modes of the kernel's ipvlan driver ({@code Documentation/networking/ipvlan.rst}). */
  public enum IpvlanMode {
    L2,
    L3,
    L3S
  }
}
