package dev.sluice.cli.output;

import dev.sluice.cli.output.PlanDocument.StepDocument;
import dev.sluice.core.policy.VerdictChange;
import java.util.List;

/**
 * A plan with what it means to traffic, as programs read it: the fields of {@link PlanDocument},
 * and the verdicts that change.
 */
public record PlannedDocument(
    String topology,
    String datapath,
    int create,
    int change,
    int delete,
    List<StepDocument> steps,
    VerdictsDocument verdicts) {

  /** So many changes at most, unless all are asked for. */
  static final int LISTED = 10_000;

  /**
   * What begins and ceases to pass.
   *
   * @param starts how many pairs of a source and a destination something begins to pass between
   * @param stops and between how many something ceases to pass
   * @param groups how many changes there are, of which {@code changes} may be a part
   */
  public record VerdictsDocument(
      long starts, long stops, int groups, List<ChangeDocument> changes) {}

  /** From each source to each destination; {@code change} is starts or stops. */
  public record ChangeDocument(
      String change, List<String> sources, List<String> destinations, List<String> ports) {}

  /** {@code all}: each change, however many. */
  public static PlannedDocument of(PlanDocument plan, List<VerdictChange> changes, boolean all) {
    return new PlannedDocument(
        plan.topology(),
        plan.datapath(),
        plan.create(),
        plan.change(),
        plan.delete(),
        plan.steps(),
        new VerdictsDocument(
            VerdictChangeText.pairs(changes, true),
            VerdictChangeText.pairs(changes, false),
            changes.size(),
            changes.stream()
                .limit(all ? changes.size() : LISTED)
                .map(
                    c ->
                        new ChangeDocument(
                            c.starts() ? "starts" : "stops",
                            c.sources(),
                            c.destinations(),
                            PolicyText.ports(c.ports())))
                .toList()));
  }
}
