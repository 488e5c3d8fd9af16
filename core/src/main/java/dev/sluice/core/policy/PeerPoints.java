package dev.sluice.core.policy;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.Side.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The addresses of endpoints and node as peers of a side, numbered: what a side allows with each of
 * them is worked out for all at once.
 */
final class PeerPoints {

  private final PortSets ports;
  private final List<IpAddress> addresses = new ArrayList<>();
  private final NavigableMap<IpAddress, Integer> byAddress = new TreeMap<>();
  private final Map<String, List<Integer>> byEndpoint = new HashMap<>();
  private final IdentityHashMap<Side, int[]> allowed = new IdentityHashMap<>();

  PeerPoints(PortSets ports) {
    this.ports = ports;
  }

  /** Adds the addresses of an endpoint. */
  void add(String endpoint, Collection<IpAddress> own) {
    own.forEach(ip -> byEndpoint.computeIfAbsent(endpoint, e -> new ArrayList<>()).add(add(ip)));
  }

  /** Adds an address that no endpoint has. */
  int add(IpAddress address) {
    addresses.add(address);
    byAddress.put(address, addresses.size() - 1);
    return addresses.size() - 1;
  }

  IpAddress address(int point) {
    return addresses.get(point);
  }

  /** The points of an endpoint. */
  List<Integer> of(String endpoint) {
    return byEndpoint.getOrDefault(endpoint, List.of());
  }

  /**
   * What {@code side} allows with each point, as a number of {@link PortSets}; no point is added
   * any more.
   */
  int[] allowed(Side side) {
    return allowed.computeIfAbsent(side, this::work);
  }

  private int[] work(Side side) {
    int[] out = new int[addresses.size()];
    Arrays.fill(out, side.isIsolated() ? PortSets.NONE : PortSets.ALL);
    for (Entry entry : side.entries()) {
      int more = ports.of(entry.ports());
      for (int point : meant(entry.peers())) {
        out[point] = ports.union(out[point], more);
      }
    }
    return out;
  }

  private Collection<Integer> meant(Peers peers) {
    if (peers instanceof Peers.Endpoints endpoints) {
      return endpoints.names().stream().flatMap(name -> of(name).stream()).toList();
    }
    if (peers instanceof Peers.Block block) {
      Cidr cidr = block.cidr();
      return byAddress.subMap(cidr.address(), true, cidr.last(), true).entrySet().stream()
          .filter(e -> block.except().stream().noneMatch(hole -> hole.contains(e.getKey())))
          .map(Map.Entry::getValue)
          .toList();
    }
    return byAddress.values();
  }
}
