package dev.sluice.core.kernel;

/**
 * A named network namespace (ip-netns(8)).
 *
 * @param published whether its name stands in the node's name directory, not only under our mark
 */
public record Namespace(String name, boolean published) implements KernelObject {

  @Override
  public Key key() {
    return Key.namespace(name);
  }
}
