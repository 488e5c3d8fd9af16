package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.NetnsRef;
import java.util.Map;
import java.util.Optional;

/**
 * All that was observed, for kinds that look across namespaces.
 *
 * @param snapshots of the node and of each namespace that is ours or wanted
 * @param namespaces how each wanted or marked namespace stands
 * @param nsids the id that the node's namespace has for each other one (RTM_GETNSID), where it has
 *     one
 */
public record World(
    Map<NetnsRef, NetnsSnapshot> snapshots,
    Map<String, NamespaceState> namespaces,
    Map<NetnsRef, Integer> nsids) {

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
