package dev.sluice.core.kernel;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import java.util.Set;

/**
 * A permanent neighbour entry. Permanent ones do not count against the kernel's {@code gc_thresh3}
 * of 1024, and a reused address never meets a stale one.
 */
public record Neighbour(NetnsRef netns, String link, IpAddress ip, MacAddress mac)
    implements KernelObject {

  @Override
  public Key key() {
    return new Key(Key.Type.NEIGHBOUR, netns, ip + " on " + link);
  }

  @Override
  public Set<Key> needs() {
    return Set.of(Key.link(netns, link));
  }
}
