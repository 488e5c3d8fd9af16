package dev.sluice.core.kernel;

import dev.sluice.core.topology.Topology.IpvlanMode;
import java.util.Set;
import java.util.TreeSet;

/**
 * An ipvlan: it has its parent's MAC, and all that it sends goes out by that ({@code
 * Documentation/networking/ipvlan.rst}). We recognise it by its parent, which is in a namespace of
 * ours where no workload can write.
 *
 * @param netns where it is
 * @param parentNetns where its parent is
 * @param parent name of the device that it is on
 * @param mode the driver's, which is one for all of a parent's
 * @param vepa whether it is in VEPA mode, in which the driver hands nothing to a neighbour itself
 * @param mtu in bytes
 */
public record Ipvlan(
    NetnsRef netns,
    String name,
    NetnsRef parentNetns,
    String parent,
    IpvlanMode mode,
    boolean vepa,
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
    parentNetns.name().ifPresent(n -> needs.add(Key.namespace(n)));
    needs.add(Key.link(parentNetns, parent));
    return needs;
  }
}
