package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that was observed, for kinds that look across namespaces.
 *
 * @param snapshots of the node and of each namespace that is ours or wanted
 * @param namespaces how each wanted or marked namespace stands
 * @param nsids the id that the node's namespace has for each other one (RTM_GETNSID), where it has
 *     one
 * @param ours what objects of ours provide, far ends of pairs too; empty until they are known
 */
public record World(
    Map<NetnsRef, NetnsSnapshot> snapshots,
    Map<String, NamespaceState> namespaces,
    Map<NetnsRef, Integer> nsids,
    Set<Key> ours) {

  /** The same, once it is known what is ours. */
  public World knowing(Set<Key> provided) {
    return new World(snapshots, namespaces, nsids, provided);
  }

  /** How a named namespace stands. */
  public enum NamespaceState {
    ABSENT,
    /** Made by us, and its name is published. */
    OURS,
    /** Made by us, but its name is not (or no longer) published. */
    UNPUBLISHED,
    /** Made by us, but its published name now leads to another namespace. */
    DISPLACED,
    /** Published by somebody else. */
    ADOPTED,
    /** Something that is no network namespace has the name. */
    OBSTRUCTED
  }

  public Optional<NetnsSnapshot> snapshot(NetnsRef netns) {
    return Optional.ofNullable(snapshots.get(netns));
  }

  /** The namespace that the node knows under {@code nsid}. */
  public Optional<NetnsRef> byNsid(int nsid) {
    return nsids.entrySet().stream()
        .filter(e -> e.getValue() == nsid)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
