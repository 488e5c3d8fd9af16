package dev.sluice.core.kernel;

import java.util.Optional;
import java.util.Set;

/**
 * A value under {@code /proc/sys} of a namespace. One on a link of ours goes with the link; any
 * other is a lease: the old value is kept in the intent and put back by the last owner.
 *
 * @param path relative to {@code /proc/sys}, with slashes: {@code net/ipv4/conf/eth0/forwarding}
 * @param link the link that the value belongs to
 */
public record Sysctl(NetnsRef netns, String path, Optional<String> link, String value)
    implements KernelObject {

  @Override
  public Key key() {
    return new Key(Key.Type.SYSCTL, netns, path);
  }

  @Override
  public Set<Key> needs() {
    return link.map(l -> Set.of(Key.link(netns, l))).orElse(Set.of());
  }
}
