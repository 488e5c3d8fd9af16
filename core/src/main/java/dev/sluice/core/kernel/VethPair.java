package dev.sluice.core.kernel;

import java.util.Optional;
import java.util.Set;

/**
 * A veth pair (veth(4)).
 *
 * @param master the bridge that the near end is a port of
 * @param hairpin whether the bridge may send a frame back by the port that it came in by
 */
public record VethPair(
    End near, Optional<String> master, boolean hairpin, String alias, NetnsRef farNetns, End far)
    implements LinkPair {

  @Override
  public Set<Key> needs() {
    Set<Key> needs = LinkPair.super.needs();
    master.ifPresent(m -> needs.add(Key.link(NetnsRef.NODE, m)));
    return needs;
  }
}
