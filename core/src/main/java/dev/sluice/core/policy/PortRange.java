package dev.sluice.core.policy;

import dev.sluice.core.topology.Topology.Protocol;

/** Ports of one protocol, {@code from} to {@code to}, both included. */
public record PortRange(Protocol protocol, int from, int to) {

  public static final int MAX = 65535;

  public PortRange {
    if (from < 0 || to > MAX || from > to) {
      throw new IllegalArgumentException("no range of ports: " + from + "-" + to);
    }
  }

  public boolean contains(Protocol other, int port) {
    return protocol == other && from <= port && port <= to;
  }
}
