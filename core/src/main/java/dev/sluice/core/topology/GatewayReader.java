package dev.sluice.core.topology;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.topology.Drafts.SubnetDraft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code gateway} of a network: the gateway of each of its subnets, and who has it. */
final class GatewayReader {

  private GatewayReader() {}

  /**
   * The network's subnets with their gateways: those that {@code gateway} names, else the first
   * address of the subnet.
   *
   * @param whole whether {@code subnets} are all that the network has
   */
  static List<SubnetDraft> read(YamlMap network, List<Located<Cidr>> subnets, boolean whole) {
    Optional<YamlValue> parent = network.get("parent");
    Optional<YamlValue> gateway = network.get("gateway");
    boolean node = gateway.map(YamlValue::isMap).orElse(false);
    Optional<YamlValue> addresses =
        node ? gateway.flatMap(g -> g.map(Shape.GATEWAY)).flatMap(g -> g.get("node")) : gateway;
    Map<Cidr, Located<IpAddress>> given = new HashMap<>();
    int broken = 0;
    for (YamlValue value : addresses.map(GatewayReader::items).orElse(List.of())) {
      Optional<Located<IpAddress>> address = Addresses.address(value);
      broken += address.isPresent() ? 0 : 1;
      address.ifPresent(a -> place(a, subnets, whole, given));
    }
    List<SubnetDraft> drafts = new ArrayList<>();
    for (Located<Cidr> subnet : subnets) {
      Cidr cidr = subnet.value();
      if (!given.containsKey(cidr) && parent.isPresent() && broken == 0) {
        missing(gateway.orElse(network.at()), cidr);
      }
      IpAddress address =
          given.containsKey(cidr) ? given.get(cidr).value() : cidr.address().plus(1);
      drafts.add(new SubnetDraft(subnet, address, node || parent.isEmpty()));
    }
    return drafts;
  }

  private static List<YamlValue> items(YamlValue value) {
    return value.isList() ? value.list() : List.of(value);
  }

  private static void place(
      Located<IpAddress> address,
      List<Located<Cidr>> subnets,
      boolean whole,
      Map<Cidr, Located<IpAddress>> given) {
    IpAddress ip = address.value();
    Optional<Cidr> home =
        subnets.stream().map(Located::value).filter(c -> c.contains(ip)).findFirst();
    if (home.isEmpty()) {
      if (whole) {
        address.fault(
            ip + " is outside the network's subnets; give an address of " + list(subnets));
      }
      return;
    }
    Optional<String> reserved = Addresses.reserved(home.get(), ip);
    if (reserved.isPresent()) {
      address.fault(
          ip + " " + reserved.get() + "; give another, such as " + home.get().address().plus(1));
    }
    if (given.putIfAbsent(home.get(), address) != null) {
      address.fault(ip + " is a second gateway of " + home.get() + "; give one for each subnet");
    }
  }

  private static void missing(YamlValue at, Cidr cidr) {
    at.fault(
        "no gateway for "
            + cidr
            + ", and with a parent it is not taken to be the first address; give the address of"
            + " the router on that wire, or {node: ADDRESS} for the node's own");
  }

  static String list(List<Located<Cidr>> subnets) {
    return String.join(", ", subnets.stream().map(s -> s.value().toString()).toList());
  }
}
