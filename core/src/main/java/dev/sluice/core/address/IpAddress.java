package dev.sluice.core.address;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address. Unlike {@link InetAddress} it never resolves names, keeps an IPv4-mapped
 * address IPv6, and orders. Its text form is that of RFC 5952.
 */
public final class IpAddress implements Comparable<IpAddress> {

  private final byte[] bytes;

  private IpAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /** An address from its 4 or 16 bytes, in network order. */
  public static IpAddress of(byte[] bytes) {
    if (bytes.length != 4 && bytes.length != 16) {
      throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + bytes.length);
    }
    return new IpAddress(bytes.clone());
  }

  /**
   * {@code text} as an address literal ({@code 10.0.0.1}, {@code fd00::1}); empty if it is none.
   * Zones are refused.
   */
  public static Optional<IpAddress> tryParse(String text) {
    return (text.indexOf(':') >= 0 ? IpText.parseV6(text) : IpText.parseV4(text))
        .map(IpAddress::new);
  }

  /** As {@link #tryParse}, for literals known to be right. */
  public static IpAddress parse(String text) {
    return tryParse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IP address: " + text));
  }

  /** Whether it is in fe80::/10. */
  public boolean isLinkLocal() {
    return isV6() && (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xc0) == 0x80;
  }

  /** The link-local address that the kernel makes of a MAC (RFC 4291, appendix A). */
  public static IpAddress linkLocal(MacAddress mac) {
    byte[] m = mac.bytes();
    byte[] ip = new byte[16];
    ip[0] = (byte) 0xfe;
    ip[1] = (byte) 0x80;
    ip[8] = (byte) (m[0] ^ 2);
    ip[9] = m[1];
    ip[10] = m[2];
    ip[11] = (byte) 0xff;
    ip[12] = (byte) 0xfe;
    ip[13] = m[3];
    ip[14] = m[4];
    ip[15] = m[5];
    return of(ip);
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public boolean isV4() {
    return bytes.length == 4;
  }

  public boolean isV6() {
    return bytes.length == 16;
  }

  /** 32 or 128. */
  public int bits() {
    return bytes.length * 8;
  }

  /** This address plus {@code offset}; wraps are refused. */
  public IpAddress plus(long offset) {
    BigInteger sum = new BigInteger(1, bytes).add(BigInteger.valueOf(offset));
    if (sum.signum() < 0 || sum.bitLength() > bits()) {
      throw new ArithmeticException(this + " plus " + offset + " leaves the address space");
    }
    byte[] raw = sum.toByteArray();
    byte[] out = new byte[bytes.length];
    int n = Math.min(raw.length, out.length);
    System.arraycopy(raw, raw.length - n, out, out.length - n, n);
    return new IpAddress(out);
  }

  /** The address with all bits after {@code prefix} cleared. */
  public IpAddress mask(int prefix) {
    byte[] out = bytes.clone();
    for (int i = 0; i < out.length; i++) {
      int keep = Math.max(0, Math.min(8, prefix - 8 * i));
      out[i] = (byte) (out[i] & (0xff << (8 - keep)));
    }
    return new IpAddress(out);
  }

  public InetAddress toInetAddress() {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** IPv4 before IPv6, then by value. */
  @Override
  public int compareTo(IpAddress other) {
    return bytes.length != other.bytes.length
        ? Integer.compare(bytes.length, other.bytes.length)
        : Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return IpText.format(bytes);
  }
}
