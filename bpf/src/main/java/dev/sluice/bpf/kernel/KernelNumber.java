package dev.sluice.bpf.kernel;

import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;

/** What the kernel knows by a number that it chooses itself. */
public sealed interface KernelNumber {

  /** How many bytes the number has, in the machine's order. */
  int length();

  /** What has the number. */
  Key key();

  /** The ifindex of a link of the node. */
  record IfIndex(String link) implements KernelNumber {
    @Override
    public int length() {
      return Integer.BYTES;
    }

    @Override
    public Key key() {
      return Key.link(NetnsRef.NODE, link);
    }

    @Override
    public String toString() {
      return link;
    }
  }

  /** The cookie of a namespace that has a name (socket(7), SO_NETNS_COOKIE). */
  record NetnsCookie(String name) implements KernelNumber {
    @Override
    public int length() {
      return Long.BYTES;
    }

    @Override
    public Key key() {
      return Key.namespace(name);
    }

    @Override
    public String toString() {
      return "netns " + name;
    }
  }
}
