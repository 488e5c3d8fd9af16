package dev.sluice.core.topology;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Gives out the addresses of one subnet. Where the search for a free one starts depends on the
 * asker's identity alone, and from there it goes upwards and round: the same questions in the same
 * order give the same answers on every run, and a further question changes no earlier answer.
 *
 * <p>Never given: the network address (in IPv6 the subnet-router anycast address, RFC 4291), the
 * IPv4 broadcast address, and what was named as taken. Of a subnet with more than 2^32 addresses
 * only the first 2^32 are used, which keeps IPv6 addresses short.
 */
public final class AddressAllocator {

  private static final int MAX_HOST_BITS = 32;

  private final Cidr subnet;
  private final long usable;
  private final Set<IpAddress> taken;

  /** An allocator for {@code subnet} that never gives an address of {@code taken}. */
  public AddressAllocator(Cidr subnet, Collection<IpAddress> taken) {
    this.subnet = subnet;
    this.taken = new HashSet<>(taken);
    long window = 1L << Math.min(MAX_HOST_BITS, subnet.address().bits() - subnet.prefix());
    this.usable = Math.max(0, window - (subnet.isV4() ? 2 : 1));
  }

  /** How many addresses there are to give, taken ones included. */
  public long usable() {
    return usable;
  }

  /**
   * Takes a free address for the asker that {@code identity} names; empty if the subnet is full.
   */
  public Optional<IpAddress> allocate(String... identity) {
    if (usable == 0) {
      return Optional.empty();
    }
    long start = Long.remainderUnsigned(hash(identity), usable);
    // Each miss is an address of taken: the loop ends after as many steps as it has entries.
    for (long step = 0; step < usable; step++) {
      IpAddress candidate = subnet.address().plus(1 + (start + step) % usable);
      if (taken.add(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static long hash(String... identity) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\0", identity).getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
