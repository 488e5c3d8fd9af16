package dev.sluice.core.topology;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import java.util.List;
import java.util.Optional;

/** Addresses and subnets as a file writes them, and which of them a topology can use. */
final class Addresses {

  private static final int SHORTEST_V4 = 8;
  private static final int LONGEST_V4 = 30;
  private static final int SHORTEST_V6 = 32;
  private static final int LONGEST_V6 = 126;

  /** A block that no subnet may touch, and why. */
  private record Special(Cidr block, String why) {}

  /** From the IANA special-purpose registries (RFC 6890): what hosts do not route between links. */
  private static final List<Special> SPECIAL =
      List.of(
          new Special(Cidr.parse("0.0.0.0/8"), "\"this network\""),
          new Special(Cidr.parse("127.0.0.0/8"), "loopback"),
          new Special(Cidr.parse("169.254.0.0/16"), "link-local, which is not routed"),
          new Special(Cidr.parse("224.0.0.0/4"), "multicast"),
          new Special(Cidr.parse("240.0.0.0/4"), "reserved"),
          new Special(Cidr.parse("::/8"), "unspecified, loopback and IPv4-mapped"),
          new Special(Cidr.parse("fe80::/10"), "link-local, which is not routed"),
          new Special(Cidr.parse("ff00::/8"), "multicast"));

  private Addresses() {}

  /** Any block of addresses. */
  static Optional<Located<Cidr>> cidr(YamlValue value) {
    return value.string(Addresses::wrongCidr).map(text -> text.map(Cidr::parse));
  }

  /** A block that can be a network's subnet. */
  static Optional<Located<Cidr>> subnet(YamlValue value) {
    return cidr(value)
        .filter(
            subnet -> {
              Optional<String> wrong = wrongSubnet(subnet.value());
              wrong.ifPresent(w -> subnet.fault(subnet.value() + " " + w));
              return wrong.isEmpty();
            });
  }

  static Optional<Located<IpAddress>> address(YamlValue value) {
    return value.string(Addresses::wrongAddress).map(text -> text.map(IpAddress::parse));
  }

  /** The last address of an IPv4 block. */
  static IpAddress broadcast(Cidr v4) {
    return v4.address().plus((1L << (32 - v4.prefix())) - 1);
  }

  /** Why no host of {@code subnet} can have {@code ip}, though it lies within; or nothing. */
  static Optional<String> reserved(Cidr subnet, IpAddress ip) {
    if (ip.equals(subnet.address())) {
      return Optional.of(
          subnet.isV4()
              ? "is the network address of " + subnet
              : "is the subnet-router anycast address of " + subnet + " (RFC 4291)");
    }
    return subnet.isV4() && ip.equals(broadcast(subnet))
        ? Optional.of("is the broadcast address of " + subnet)
        : Optional.empty();
  }

  private static Optional<String> wrongCidr(String text) {
    if (Cidr.tryParse(text).isPresent()) {
      return Optional.empty();
    }
    int slash = text.indexOf('/');
    Optional<IpAddress> address = IpAddress.tryParse(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.of("is no CIDR block; give one such as 10.0.1.0/24 or fd00:0:0:1::/64");
    }
    if (slash < 0) {
      return Optional.of("has no prefix length; give one such as " + text + "/" + usual(text));
    }
    int bits = address.get().bits();
    String prefix = text.substring(slash + 1);
    if (!prefix.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(prefix) > bits) {
      return Optional.of("has no valid prefix length; give 0 to " + bits);
    }
    return Optional.of(
        "has host bits set; the block is "
            + address.get().mask(Integer.parseInt(prefix))
            + "/"
            + prefix);
  }

  private static Optional<String> wrongSubnet(Cidr subnet) {
    int shortest = subnet.isV4() ? SHORTEST_V4 : SHORTEST_V6;
    int longest = subnet.isV4() ? LONGEST_V4 : LONGEST_V6;
    if (subnet.prefix() > longest) {
      return Optional.of(
          "is too small for a gateway and an endpoint; give a prefix length of at most " + longest);
    }
    if (subnet.prefix() < shortest) {
      return Optional.of("is too large for one link; give a prefix length of at least " + shortest);
    }
    return SPECIAL.stream()
        .filter(s -> s.block().overlaps(subnet))
        .findFirst()
        .map(
            s ->
                "lies in "
                    + s.block()
                    + ", which is "
                    + s.why()
                    + "; give a private block, such as "
                    + (subnet.isV4() ? "10.0.1.0/24" : "fd00:0:0:1::/64"));
  }

  private static Optional<String> wrongAddress(String text) {
    if (IpAddress.tryParse(text).isPresent()) {
      return Optional.empty();
    }
    int slash = text.indexOf('/');
    if (slash > 0 && IpAddress.tryParse(text.substring(0, slash)).isPresent()) {
      return Optional.of(
          "has a prefix length, which the subnet gives; write " + text.substring(0, slash));
    }
    return Optional.of("is no IP address; give one such as 10.0.1.2 or fd00:0:0:1::2");
  }

  private static int usual(String address) {
    return address.indexOf(':') < 0 ? 24 : 64;
  }
}
