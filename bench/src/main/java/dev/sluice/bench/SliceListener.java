package dev.sluice.bench;

import java.time.Duration;

/** Told how far a comparison is; called between slices, on the thread that runs the comparison. */
@FunctionalInterface
public interface SliceListener {

  /** Listens to nothing. */
  SliceListener NONE = (done, total, left, what) -> {};

  /**
   * {@code done} of {@code total} slices of this part are over; {@code what} comes next, in words.
   * {@code left}: the time that all the rest will take, other parts too. Both grow where rounds are
   * added.
   */
  void at(int done, int total, Duration left, String what);
}
