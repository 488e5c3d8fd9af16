package dev.sluice.core.policy;

import dev.sluice.core.topology.Topology.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;

/**
 * What may be used between two: ports of the protocols that have them, and all other IP protocols
 * or none.
 *
 * @param ranges sorted by protocol and port, with a port between any two of one protocol that is in
 *     neither
 * @param others whether protocols without ports are in it
 */
public record PortSet(List<PortRange> ranges, boolean others) {

  public static final PortSet NONE = new PortSet(List.of(), false);

  public static final PortSet ALL = NONE.complement();

  private static final Comparator<PortRange> ORDER =
      Comparator.comparing(PortRange::protocol).thenComparing(PortRange::from);

  public PortSet {
    ranges = List.copyOf(ranges);
  }

  /** As an entry of a side has it: no ranges are every IP protocol and port. */
  static PortSet of(List<PortRange> ports) {
    return ports.isEmpty() ? ALL : new PortSet(merged(ports), false);
  }

  public boolean isEmpty() {
    return ranges.isEmpty() && !others;
  }

  /** Whether the IP protocol of that number, at that port if it has ports, is in this. */
  public boolean contains(int protocol, OptionalInt port) {
    for (Protocol known : Protocol.values()) {
      if (known.number() == protocol) {
        return ranges.stream().anyMatch(r -> r.contains(known, port.orElseThrow()));
      }
    }
    return others;
  }

  PortSet union(PortSet other) {
    List<PortRange> both = new ArrayList<>(ranges);
    both.addAll(other.ranges);
    return new PortSet(merged(both), others || other.others);
  }

  PortSet intersection(PortSet other) {
    return complement().union(other.complement()).complement();
  }

  PortSet minus(PortSet other) {
    return complement().union(other).complement();
  }

  /** All that is not in this. */
  public PortSet complement() {
    List<PortRange> out = new ArrayList<>();
    for (Protocol protocol : Protocol.values()) {
      int next = 0;
      for (PortRange range : ranges) {
        if (range.protocol() == protocol) {
          if (next < range.from()) {
            out.add(new PortRange(protocol, next, range.from() - 1));
          }
          next = range.to() + 1;
        }
      }
      if (next <= PortRange.MAX) {
        out.add(new PortRange(protocol, next, PortRange.MAX));
      }
    }
    return new PortSet(out, !others);
  }

  private static List<PortRange> merged(List<PortRange> ranges) {
    List<PortRange> out = new ArrayList<>();
    for (PortRange range : ranges.stream().sorted(ORDER).toList()) {
      PortRange last = out.isEmpty() ? range : out.get(out.size() - 1);
      if (!out.isEmpty() && last.protocol() == range.protocol() && range.from() <= last.to() + 1) {
        out.set(
            out.size() - 1,
            new PortRange(range.protocol(), last.from(), Math.max(last.to(), range.to())));
      } else {
        out.add(range);
      }
    }
    return out;
  }
}
