package dev.sluice.core.check;

import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The ordered pairs of endpoints that a check probes: all of them in a topology of up to {@link
 * #ALL_UP_TO} endpoints, and in a larger one {@link #PEERS} peers for each, near ones and far ones
 * in the order of declaration, the same at every run. In a sample too, every endpoint sends to as
 * many as it receives from.
 *
 * @param sampled whether it is less than all pairs
 */
public record EndpointPairs(List<Pair> pairs, boolean sampled) {

  /** So many endpoints are probed all with all: 64 are 4,032 pairs. */
  public static final int ALL_UP_TO = 64;

  /** So many peers has each endpoint of a larger topology, at most. */
  public static final int PEERS = 8;

  public EndpointPairs {
    pairs = List.copyOf(pairs);
  }

  /** One probes the other. */
  public record Pair(Endpoint from, Endpoint to) {}

  /** Of a topology; consecutive pairs have different senders, so that none sends in bursts. */
  public static EndpointPairs of(Topology topology) {
    List<Endpoint> endpoints = topology.endpoints();
    int count = endpoints.size();
    boolean sampled = count > ALL_UP_TO;
    IntStream distances = sampled ? spread(count) : IntStream.range(1, count);
    List<Pair> pairs = new ArrayList<>();
    distances.forEach(
        distance -> {
          for (int i = 0; i < count; i++) {
            pairs.add(new Pair(endpoints.get(i), endpoints.get((i + distance) % count)));
          }
        });
    return new EndpointPairs(pairs, sampled);
  }

  /** Distances from 1 to one less than {@code count}, in a geometric series. */
  private static IntStream spread(int count) {
    return IntStream.range(0, PEERS)
        .map(k -> (int) Math.round(Math.pow(count - 1, k / (PEERS - 1.0))))
        .distinct();
  }
}
