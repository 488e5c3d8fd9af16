package dev.sluice.core.kernel;

import dev.sluice.core.address.MacAddress;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A veth pair (veth(4)): two ends that are born and die together. The near end is in the node, and
 * is what we recognise the pair by: a workload cannot write there.
 *
 * @param master the bridge that the near end is a port of
 * @param hairpin whether the bridge may send a frame back by the port that it came in by
 * @param alias of the near end, for people
 * @param farNetns where the far end is
 */
public record VethPair(
    End near, Optional<String> master, boolean hairpin, String alias, NetnsRef farNetns, End far)
    implements KernelObject {

  /** One end of a pair; {@code mtu} in bytes. */
  public record End(String name, MacAddress mac, int mtu, boolean up) {}

  @Override
  public Key key() {
    return Key.link(NetnsRef.NODE, near.name());
  }

  @Override
  public Set<Key> provides() {
    return Set.of(key(), Key.link(farNetns, far.name()));
  }

  @Override
  public Set<Key> needs() {
    Set<Key> needs = new TreeSet<>();
    farNetns.name().ifPresent(n -> needs.add(Key.namespace(n)));
    master.ifPresent(m -> needs.add(Key.link(NetnsRef.NODE, m)));
    return needs;
  }
}
