package dev.sluice.core.policy;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Addresses of one family as numbers, {@code from} to {@code to}, both included. */
record AddressRange(BigInteger from, BigInteger to) {

  static List<AddressRange> of(
      Peers peers, boolean v4, Function<String, List<IpAddress>> addressesOf) {
    if (peers instanceof Peers.Endpoints endpoints) {
      return endpoints.names().stream()
          .flatMap(name -> addressesOf.apply(name).stream())
          .filter(ip -> ip.isV4() == v4)
          .map(ip -> new AddressRange(number(ip), number(ip)))
          .toList();
    }
    if (peers instanceof Peers.Block block && block.cidr().isV4() == v4) {
      return without(of(block.cidr()), block.except().stream().map(AddressRange::of).toList());
    }
    if (peers instanceof Peers.Any) {
      return List.of(of(Cidr.any(v4)));
    }
    return List.of();
  }

  private static AddressRange of(Cidr cidr) {
    BigInteger from = number(cidr.address());
    int host = cidr.address().bits() - cidr.prefix();
    return new AddressRange(
        from, from.add(BigInteger.ONE.shiftLeft(host)).subtract(BigInteger.ONE));
  }

  private static List<AddressRange> without(AddressRange whole, List<AddressRange> holes) {
    List<AddressRange> out = new ArrayList<>();
    BigInteger next = whole.from;
    for (AddressRange hole :
        holes.stream().sorted(Comparator.comparing(AddressRange::from)).toList()) {
      if (next.compareTo(hole.from) < 0) {
        out.add(new AddressRange(next, hole.from.subtract(BigInteger.ONE)));
      }
      next = next.max(hole.to.add(BigInteger.ONE));
    }
    if (next.compareTo(whole.to) <= 0) {
      out.add(new AddressRange(next, whole.to));
    }
    return out;
  }

  private static BigInteger number(IpAddress ip) {
    return new BigInteger(1, ip.bytes());
  }
}
