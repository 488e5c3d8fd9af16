package dev.sluice.core.kernel;

import dev.sluice.core.address.MacAddress;
import java.util.Set;
import java.util.TreeSet;

/**
 * A macvlan in passthru mode: all that it sends goes out by its parent, which is in the node, and
 * is what we recognise it by: a workload cannot write there.
 *
 * @param netns where it is
 * @param parent name of the device that it is on
 * @param passthru false: it is in another mode, and none changes into this or out of it
 * @param mtu in bytes
 */
public record Macvlan(
    NetnsRef netns,
    String name,
    String parent,
    boolean passthru,
    MacAddress mac,
    int mtu,
    boolean up)
    implements KernelObject {

  @Override
  public Key key() {
    return Key.link(netns, name);
  }

  @Override
  public Set<Key> needs() {
    Set<Key> needs = new TreeSet<>();
    netns.name().ifPresent(n -> needs.add(Key.namespace(n)));
    needs.add(Key.link(NetnsRef.NODE, parent));
    return needs;
  }
}
