package dev.sluice.core.kernel;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import java.util.Optional;
import java.util.Set;

/**
 * A route (ip-route(8)).
 *
 * @param table routing table; {@link #MAIN} for the ordinary one
 * @param target where packets go
 */
public record Route(NetnsRef netns, int table, Cidr destination, Target target)
    implements KernelObject {

  public static final int MAIN = 254;

  /** What a route does with a packet. */
  public sealed interface Target {}

  /**
   * The destination is a neighbour on {@code link}; {@code source} is preferred for packets of our
   * own.
   */
  public record OnLink(String link, Optional<IpAddress> source) implements Target {}

  /** By a router on {@code link}. */
  public record Via(String link, IpAddress gateway) implements Target {}

  /** Refused with ICMP unreachable. */
  public record Unreachable() implements Target {}

  /**
   * Of a shape that we never make, though it bears our mark: a workload can write that in its own
   * namespace.
   *
   * @param type RTN_* of {@code linux/rtnetlink.h}
   */
  public record Stray(int type, int metric) implements Target {}

  @Override
  public Key key() {
    String in = table == MAIN ? "" : " table " + Integer.toUnsignedString(table);
    String stray = target instanceof Stray s ? " type " + s.type() + " metric " + s.metric() : "";
    return new Key(Key.Type.ROUTE, netns, destination + in + stray);
  }

  /** The link that packets leave by, if any. */
  public Optional<String> link() {
    if (target instanceof OnLink t) {
      return Optional.of(t.link());
    }
    return target instanceof Via t ? Optional.of(t.link()) : Optional.empty();
  }

  @Override
  public Set<Key> needs() {
    return link().map(l -> Set.of(Key.link(netns, l))).orElse(Set.of());
  }
}
