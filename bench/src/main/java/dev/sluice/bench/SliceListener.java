package dev.sluice.bench;

/** Told how far a comparison is; called between slices, on the thread that runs the comparison. */
@FunctionalInterface
public interface SliceListener {

  /** Listens to nothing. */
  SliceListener NONE = (done, total, what) -> {};

  /** {@code done} of {@code total} slices are over; {@code what} comes next, in words. */
  void at(int done, int total, String what);
}
