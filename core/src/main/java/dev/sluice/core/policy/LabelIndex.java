package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Requirement;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Who has which labels, so that a selector costs a few operations on sets, not a look at each. */
final class LabelIndex {

  private final BitSet all = new BitSet();
  private final Map<String, Map<String, BitSet>> values = new HashMap<>();

  /** Adds somebody, known by a number. */
  void add(int who, Map<String, String> labels) {
    all.set(who);
    labels.forEach(
        (key, value) ->
            values
                .computeIfAbsent(key, k -> new HashMap<>())
                .computeIfAbsent(value, v -> new BitSet())
                .set(who));
  }

  /** All for whom every requirement holds. */
  BitSet select(LabelSelector selector) {
    BitSet out = (BitSet) all.clone();
    for (Requirement requirement : selector.requirements()) {
      switch (requirement.operator()) {
        case IN -> out.and(with(requirement));
        case NOT_IN -> out.andNot(with(requirement));
        case EXISTS -> out.and(having(requirement.key()));
        case DOES_NOT_EXIST -> out.andNot(having(requirement.key()));
      }
    }
    return out;
  }

  private BitSet with(Requirement requirement) {
    Map<String, BitSet> ofKey = values.getOrDefault(requirement.key(), Map.of());
    BitSet out = new BitSet();
    for (String value : requirement.values()) {
      out.or(ofKey.getOrDefault(value, new BitSet()));
    }
    return out;
  }

  private BitSet having(String key) {
    BitSet out = new BitSet();
    values.getOrDefault(key, Map.of()).values().forEach(out::or);
    return out;
  }
}
