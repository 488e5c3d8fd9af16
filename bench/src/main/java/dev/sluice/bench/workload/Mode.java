package dev.sluice.bench.workload;

/** Where the two ends of a connection run. */
public enum Mode {
  /** Both on one CPU: the cost of the path itself, without the wake-up of an idle CPU. */
  SAME_CPU("same-cpu"),
  /** Each on a CPU of its own: what users see; wake-ups dominate. */
  CROSS_CPU("cross-cpu");

  private final String word;

  Mode(String word) {
    this.word = word;
  }

  /** As it stands in options, tables, tags and {@code results.json}. */
  public String word() {
    return word;
  }
}
