package dev.sluice.testkit.cyclonus;

import java.util.List;

/**
 * A case: steps that run in order on one set of endpoints.
 *
 * @param id from 1, as in the suite's file
 * @param initial the nine pods before the first step, without a policy
 */
public record CyclonusCase(
    int id, String description, List<String> tags, Setting initial, List<Step> steps) {

  public CyclonusCase {
    tags = List.copyOf(tags);
    steps = List.copyOf(steps);
  }

  /**
   * A change, and what has to hold after it.
   *
   * @param actions what is done, in words, for messages; empty where the step only looks again
   * @param setting what is declared once it is done
   * @param expected by protocol and port: all six of TCP, UDP, SCTP and 80, 81, or TCP/81 alone
   *     where the suite probes no other
   */
  public record Step(List<String> actions, Setting setting, List<Matrix> expected) {
    public Step {
      actions = List.copyOf(actions);
      expected = List.copyOf(expected);
    }
  }

  @Override
  public String toString() {
    return id + " " + description;
  }
}
