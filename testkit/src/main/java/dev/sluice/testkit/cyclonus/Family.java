package dev.sluice.testkit.cyclonus;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;

/** The address family that the suite runs in. Its own is IPv4; each address has one of IPv6. */
public enum Family {
  V4,
  V6;

  private static final int MAPPED_BITS = 96;

  /** The address that stands for {@code v4}: itself, or {@code fd00::} and its four bytes. */
  public IpAddress map(IpAddress v4) {
    if (this == V4) {
      return v4;
    }
    byte[] v6 = new byte[16];
    v6[0] = (byte) 0xfd;
    System.arraycopy(v4.bytes(), 0, v6, 12, 4);
    return IpAddress.of(v6);
  }

  /** The block of the mapped addresses of {@code v4}; all of IPv4 becomes all of IPv6. */
  public Cidr map(Cidr v4) {
    if (this == V4) {
      return v4;
    }
    return v4.prefix() == 0
        ? Cidr.any(false)
        : new Cidr(map(v4.address()), MAPPED_BITS + v4.prefix());
  }
}
