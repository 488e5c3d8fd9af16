package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.topology.Drafts.EndpointDraft;
import dev.sluice.core.topology.Drafts.InterfaceDraft;
import dev.sluice.core.topology.Drafts.NetworkDraft;
import dev.sluice.core.topology.Drafts.SubnetDraft;
import dev.sluice.core.topology.Drafts.TopologyDraft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The addresses of one network: those that the file gives are checked against its subnets and one
 * another, then those that it leaves out are allocated, in the order of the file.
 */
final class AddressChecks {

  private final NetworkDraft network;
  private final Map<IpAddress, String> taken = new HashMap<>();
  private final Map<MacAddress, Located<MacAddress>> macs = new HashMap<>();

  /** One for each subnet, made once the given addresses are known. */
  private final Map<Cidr, AddressAllocator> allocators = new HashMap<>();

  private AddressChecks(NetworkDraft network) {
    this.network = network;
    for (SubnetDraft subnet : network.subnets()) {
      taken.put(subnet.gateway(), "is the gateway of " + subnet.cidr().value());
    }
  }

  /** The endpoints of {@code draft}, all addresses filled in as far as they could be. */
  static List<EndpointDraft> complete(TopologyDraft draft) {
    Map<String, AddressChecks> networks = new HashMap<>();
    Set<String> ambiguous = new HashSet<>();
    for (NetworkDraft network : draft.networks()) {
      String name = name(network.name());
      if (networks.put(name, new AddressChecks(network)) != null) {
        ambiguous.add(name);
      }
    }
    // Which of two networks of one name an interface means is unknown: nothing follows from it.
    networks.keySet().removeAll(ambiguous);
    for (EndpointDraft endpoint : draft.endpoints()) {
      for (InterfaceDraft link : endpoint.interfaces()) {
        link.network()
            .flatMap(n -> Optional.ofNullable(networks.get(n.value())))
            .ifPresent(n -> n.check(endpoint, link));
      }
    }
    List<EndpointDraft> complete = new ArrayList<>();
    for (EndpointDraft endpoint : draft.endpoints()) {
      List<InterfaceDraft> interfaces = new ArrayList<>();
      for (InterfaceDraft link : endpoint.interfaces()) {
        interfaces.add(
            link.network()
                .flatMap(n -> Optional.ofNullable(networks.get(n.value())))
                .map(n -> n.allocate(name(draft.name()), endpoint, link))
                .orElse(link));
      }
      complete.add(endpoint.withInterfaces(interfaces));
    }
    return complete;
  }

  private void check(EndpointDraft endpoint, InterfaceDraft link) {
    for (Located<IpAddress> address : link.addresses()) {
      check(
          address,
          "is the address of " + quote(name(endpoint.name())) + " in line " + address.line());
    }
    link.mac()
        .ifPresent(
            mac -> {
              Located<MacAddress> other = macs.putIfAbsent(mac.value(), mac);
              if (other != null) {
                mac.fault(
                    mac.value()
                        + " is given to an interface of this network in line "
                        + other.line()
                        + " already; give another, or leave it out");
              }
            });
  }

  private void check(Located<IpAddress> address, String owner) {
    IpAddress ip = address.value();
    Optional<Cidr> subnet =
        network.subnets().stream()
            .map(s -> s.cidr().value())
            .filter(c -> c.contains(ip))
            .findFirst();
    if (subnet.isEmpty()) {
      if (network.whole()) {
        address.fault(
            ip
                + " is outside network "
                + quote(name(network.name()))
                + "; give an"
                + " address of "
                + subnets());
      }
      return;
    }
    Optional<String> unusable =
        Addresses.reserved(subnet.get(), ip).or(() -> Optional.ofNullable(taken.get(ip)));
    unusable.ifPresent(
        why ->
            address.fault(
                ip
                    + " "
                    + why
                    + "; give another of "
                    + subnet.get()
                    + ", or leave"
                    + " addresses out"));
    taken.putIfAbsent(ip, owner);
  }

  private InterfaceDraft allocate(String topology, EndpointDraft endpoint, InterfaceDraft link) {
    if (!link.allocate()) {
      return link;
    }
    List<Located<IpAddress>> allocated = new ArrayList<>();
    for (SubnetDraft subnet : network.subnets()) {
      Cidr cidr = subnet.cidr().value();
      AddressAllocator allocator =
          allocators.computeIfAbsent(cidr, c -> new AddressAllocator(c, taken.keySet()));
      Optional<IpAddress> address =
          allocator.allocate(
              topology, name(network.name()), name(endpoint.name()), name(link.name()));
      if (address.isEmpty()) {
        link.at()
            .fault(
                "no address of "
                    + cidr
                    + " is free, all "
                    + allocator.usable()
                    + " are taken; give network "
                    + quote(name(network.name()))
                    + " a larger subnet");
      }
      address.ifPresent(ip -> allocated.add(new Located<>(ip, link.at())));
    }
    return link.withAddresses(allocated);
  }

  private String subnets() {
    return String.join(
        ", ", network.subnets().stream().map(s -> s.cidr().value().toString()).toList());
  }

  private static String name(Optional<Located<String>> name) {
    return name.map(Located::value).orElse("");
  }
}
