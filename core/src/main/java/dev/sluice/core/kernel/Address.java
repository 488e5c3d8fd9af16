package dev.sluice.core.kernel;

import dev.sluice.core.address.IpAddress;
import java.util.Set;

/**
 * An address on a link, without duplicate address detection (it is allocated, and DAD would delay
 * it by a second) and without the kernel's own prefix route: the subnet's route is an object of its
 * own.
 */
public record Address(NetnsRef netns, String link, IpAddress ip, int prefix)
    implements KernelObject {

  @Override
  public Key key() {
    return new Key(Key.Type.ADDRESS, netns, ip + "/" + prefix + " on " + link);
  }

  @Override
  public Set<Key> needs() {
    return Set.of(Key.link(netns, link));
  }
}
