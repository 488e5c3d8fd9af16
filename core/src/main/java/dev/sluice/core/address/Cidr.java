package dev.sluice.core.address;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * A block of addresses: a network address with all host bits zero, and a prefix length (RFC 4632).
 */
public record Cidr(IpAddress address, int prefix) implements Comparable<Cidr> {

  public Cidr {
    if (prefix < 0 || prefix > address.bits()) {
      throw new IllegalArgumentException(
          "prefix length " + prefix + " is outside 0.." + address.bits());
    }
    if (!address.mask(prefix).equals(address)) {
      throw new IllegalArgumentException(
          address
              + "/"
              + prefix
              + " has host bits set; the block is "
              + address.mask(prefix)
              + "/"
              + prefix);
    }
  }

  /** Every IPv4 address, or every IPv6 address. */
  public static Cidr any(boolean v4) {
    return new Cidr(IpAddress.of(new byte[v4 ? 4 : 16]), 0);
  }

  /** {@code text} as {@code address/prefix}, host bits zero; empty if it is no such thing. */
  public static Optional<Cidr> tryParse(String text) {
    int slash = text.indexOf('/');
    OptionalInt prefix =
        slash < 0 ? OptionalInt.empty() : IpText.number(text.substring(slash + 1), 128);
    if (prefix.isEmpty()) {
      return Optional.empty();
    }
    int bits = prefix.getAsInt();
    return IpAddress.tryParse(text.substring(0, slash))
        .filter(a -> bits <= a.bits() && a.mask(bits).equals(a))
        .map(a -> new Cidr(a, bits));
  }

  /** As {@link #tryParse}, for literals known to be right. */
  public static Cidr parse(String text) {
    return tryParse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a CIDR block: " + text));
  }

  public boolean isV4() {
    return address.isV4();
  }

  /** The address with all host bits set: of an IPv4 subnet, its broadcast address. */
  public IpAddress last() {
    byte[] bytes = address.bytes();
    for (int bit = prefix; bit < bits(); bit++) {
      bytes[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    return IpAddress.of(bytes);
  }

  private int bits() {
    return address.bits();
  }

  public boolean contains(IpAddress ip) {
    return ip.bits() == address.bits() && ip.mask(prefix).equals(address);
  }

  public boolean overlaps(Cidr other) {
    return prefix <= other.prefix ? contains(other.address) : other.contains(address);
  }

  @Override
  public int compareTo(Cidr other) {
    int byAddress = address.compareTo(other.address);
    return byAddress != 0 ? byAddress : Integer.compare(prefix, other.prefix);
  }

  @Override
  public String toString() {
    return address + "/" + prefix;
  }
}
