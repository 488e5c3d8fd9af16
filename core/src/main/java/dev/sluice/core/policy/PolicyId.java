package dev.sluice.core.policy;

import java.util.Comparator;

/** Names a policy: {@code namespace/name}. */
public record PolicyId(String namespace, String name) implements Comparable<PolicyId> {

  private static final Comparator<PolicyId> ORDER =
      Comparator.comparing(PolicyId::namespace).thenComparing(PolicyId::name);

  @Override
  public int compareTo(PolicyId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
