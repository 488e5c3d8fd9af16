package dev.sluice.core.check;

import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ordered pairs of endpoints that a check probes, both directions of each; all of them, as far
 * as two bounds allow. Taken in a ring in the order of declaration: each with the next, each with
 * the one opposite, then ever farther ones, until {@link #MOST} are together. And of pairs that
 * share a network so many as the machine has room for.
 *
 * <p>That room is the kernel's table of neighbours, one for IPv4 and one for IPv6 on the whole
 * machine, for all namespaces: {@code gc_thresh3} entries (1024 unless set, {@code
 * Documentation/networking/ip-sysctl.rst}), and none is cleared away while it is reachable, for
 * half a minute. Fifty endpoints of one network that all talk need 2,450. Once it is full, nobody
 * on the machine finds a new neighbour: a check must not bring that about.
 *
 * @param all how many there are in the topology, taken or not
 */
public record EndpointPairs(List<Pair> pairs, long all) {

  /** So many pairs at most, unless the ring of neighbours alone has more: 63 endpoints' all. */
  public static final int MOST = 4000;

  public EndpointPairs {
    pairs = List.copyOf(pairs);
  }

  /** One probes the other. */
  public record Pair(Endpoint from, Endpoint to) {}

  /**
   * Of a topology; the same at every call.
   *
   * @param neighbours how many entries of either table the pairs may take
   */
  public static EndpointPairs of(Topology topology, int neighbours) {
    List<Endpoint> endpoints = topology.endpoints();
    int count = endpoints.size();
    int left = neighbours;
    List<Pair> pairs = new ArrayList<>();
    for (int distance : distances(count)) {
      // Half way round, the other half would meet the same pairs again.
      int starts = 2 * distance == count ? distance : count;
      if (!pairs.isEmpty() && pairs.size() + 2 * starts > MOST) {
        break;
      }
      for (int i = 0; i < starts; i++) {
        Endpoint one = endpoints.get(i);
        Endpoint other = endpoints.get((i + distance) % count);
        int cost = 2 * sharedNetworks(one, other);
        if (cost == 0 || cost <= left) {
          left -= cost;
          pairs.add(new Pair(one, other));
          pairs.add(new Pair(other, one));
        }
      }
    }
    return new EndpointPairs(pairs, count * (count - 1L));
  }

  /** Whether it is less than all pairs. */
  public boolean sampled() {
    return pairs.size() < all;
  }

  /** 1, the opposite, then the rest of them. */
  private static List<Integer> distances(int count) {
    int opposite = count / 2;
    return IntStream.concat(
            IntStream.of(1, opposite).filter(d -> d < count && d > 0),
            IntStream.rangeClosed(2, opposite))
        .distinct()
        .boxed()
        .toList();
  }

  private static int sharedNetworks(Endpoint one, Endpoint other) {
    List<String> networks = other.interfaces().stream().map(Interface::network).toList();
    return (int) one.interfaces().stream().filter(i -> networks.contains(i.network())).count();
  }
}
