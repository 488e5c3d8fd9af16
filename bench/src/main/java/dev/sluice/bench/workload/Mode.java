package dev.sluice.bench.workload;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** Where the two ends of a connection run. */
public enum Mode {
  /** Both on one CPU: the cost of the path itself, without the wake-up of an idle CPU. */
  SAME_CPU("same-cpu"),
  /** Each on a CPU of its own: what users see; wake-ups dominate. */
  CROSS_CPU("cross-cpu"),
  /** The kernel places what runs, as for operations of the control plane. */
  UNPINNED("unpinned");

  /** Those in which traffic runs. */
  public static final List<Mode> PINNED = List.of(SAME_CPU, CROSS_CPU);

  private final String word;

  Mode(String word) {
    this.word = word;
  }

  /** As it stands in options, tables, tags and {@code results.json}. */
  @JsonValue
  public String word() {
    return word;
  }
}
