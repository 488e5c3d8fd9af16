package dev.sluice.core.reconcile;

import dev.sluice.core.kernel.NftTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Our nftables tables of a node at one time.
 *
 * @param bootId the boot that it speaks of
 * @param netns the cookie of the node's namespace
 * @param generation of the ruleset then; empty if somebody else may have changed it meanwhile
 * @param tables what they hold, as it was written
 */
public record Ruleset(
    String bootId, long netns, Optional<Integer> generation, List<NftTable> tables) {

  public Ruleset {
    tables = List.copyOf(tables);
  }

  /** Of a node that nobody has looked at. */
  static Ruleset unknown() {
    return new Ruleset("", 0, Optional.empty(), List.of());
  }

  /** What it is once {@code plan} has been executed, at {@code generation}. */
  Ruleset after(Plan plan, Optional<Integer> generation) {
    List<NftTable> after = new ArrayList<>(tables);
    for (Step step : plan.steps()) {
      if (step.object() instanceof NftTable table) {
        after.removeIf(t -> t.key().equals(table.key()));
        step.after().ifPresent(t -> after.add((NftTable) t));
      }
    }
    return new Ruleset(bootId, netns, generation, after);
  }

  /** Whether this speaks of the same namespace as {@code other}. */
  boolean sameNode(Ruleset other) {
    return bootId.equals(other.bootId) && netns == other.netns;
  }

  /** Whether somebody else has changed one of the tables. */
  boolean isAltered() {
    return tables.stream().anyMatch(NftTable::isAltered);
  }

  /** The table of that family and name. */
  Optional<NftTable> find(NftTable like) {
    return tables.stream().filter(t -> t.key().equals(like.key())).findFirst();
  }
}
