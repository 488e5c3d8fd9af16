package dev.sluice.core.kernel;

/**
 * The loopback device of a namespace, which is there from the start: only whether it is up is ours
 * to wish. In a namespace that we did not make the old state is leased and put back.
 */
public record Loopback(NetnsRef netns, boolean up) implements KernelObject {

  public static final String NAME = "lo";

  @Override
  public Key key() {
    return Key.link(netns, NAME);
  }
}
