package dev.sluice.core.policy;

import dev.sluice.core.topology.Topology.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The endpoints of a topology, each with a number that it keeps from one topology to the next, and
 * that no other gets: sets of numbers mean the same in both.
 */
final class Roster {

  /** How many numbers may be out of use before it pays to start anew. */
  private static final int SLACK = 64;

  private final List<String> names;
  private final Map<String, Integer> numbers;
  private final Map<Integer, Endpoint> present = new HashMap<>();

  private Roster(List<String> names, Map<String, Integer> numbers, List<Endpoint> endpoints) {
    this.names = new ArrayList<>(names);
    this.numbers = new HashMap<>(numbers);
    for (Endpoint endpoint : endpoints) {
      Integer number = this.numbers.get(endpoint.name());
      if (number == null) {
        number = this.names.size();
        this.names.add(endpoint.name());
        this.numbers.put(endpoint.name(), number);
      }
      present.put(number, endpoint);
    }
  }

  static Roster of(List<Endpoint> endpoints) {
    return new Roster(List.of(), Map.of(), endpoints);
  }

  /** The roster of the next topology. */
  Roster next(List<Endpoint> endpoints) {
    return new Roster(names, numbers, endpoints);
  }

  /** Whether most numbers are of endpoints that are gone. */
  boolean isSparse() {
    return names.size() > 2 * present.size() + SLACK;
  }

  /** The name of the endpoint of that number, also if it is gone. */
  String name(int number) {
    return names.get(number);
  }

  Map<Integer, Endpoint> present() {
    return present;
  }

  /** Whether {@code other} has the same endpoints in the same namespaces with the same labels. */
  boolean hasLabelsOf(Roster other) {
    return present.keySet().equals(other.present.keySet())
        && present.entrySet().stream()
            .allMatch(e -> sameLabels(e.getValue(), other.present.get(e.getKey())));
  }

  private static boolean sameLabels(Endpoint a, Endpoint b) {
    return a.namespace().equals(b.namespace()) && a.labels().equals(b.labels());
  }
}
