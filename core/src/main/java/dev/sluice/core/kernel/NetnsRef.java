package dev.sluice.core.kernel;

import java.util.Optional;

/**
 * A network namespace as a topology's objects name it: the node's own, or one of the node's named
 * ones.
 */
public record NetnsRef(Optional<String> name) implements Comparable<NetnsRef> {

  /** The namespace that plays the host. */
  public static final NetnsRef NODE = new NetnsRef(Optional.empty());

  /** The namespace of that name in the node's name directory. */
  public static NetnsRef named(String name) {
    return new NetnsRef(Optional.of(name));
  }

  public boolean isNode() {
    return name.isEmpty();
  }

  /** The node first, then by name. */
  @Override
  public int compareTo(NetnsRef other) {
    return name.orElse("").compareTo(other.name.orElse(""));
  }

  @Override
  public String toString() {
    return name.map(n -> "netns " + n).orElse("the node");
  }
}
