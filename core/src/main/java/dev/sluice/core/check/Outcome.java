package dev.sluice.core.check;

/**
 * What became of a probe.
 *
 * @param detail what else is known, for people
 */
public record Outcome(Expectation expectation, Seen seen, String detail) {

  public Probe probe() {
    return expectation.probe();
  }

  /** Whether it did what was expected. */
  public boolean agrees() {
    return seen == expected();
  }

  /** What was expected. */
  public Seen expected() {
    return expectation.passes() ? Seen.PASS : Seen.DENY;
  }
}
