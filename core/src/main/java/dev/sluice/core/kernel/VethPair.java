package dev.sluice.core.kernel;

import dev.sluice.core.address.MacAddress;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A veth pair (veth(4)): two ends that are born and die together. The near end is the one we
 * recognise the pair by.
 *
 * @param master the bridge in the near end's namespace that it is a port of
 * @param alias of the near end, for people
 */
public record VethPair(End near, Optional<String> master, String alias, End far)
    implements KernelObject {

  /** One end of a pair; {@code mtu} in bytes. */
  public record End(NetnsRef netns, String name, MacAddress mac, int mtu, boolean up) {

    public Key key() {
      return Key.link(netns, name);
    }
  }

  @Override
  public Key key() {
    return near.key();
  }

  @Override
  public Set<Key> provides() {
    return Set.of(near.key(), far.key());
  }

  @Override
  public Set<Key> needs() {
    Set<Key> needs = new TreeSet<>();
    far.netns().name().ifPresent(n -> needs.add(Key.namespace(n)));
    master.ifPresent(m -> needs.add(Key.link(near.netns(), m)));
    return needs;
  }
}
