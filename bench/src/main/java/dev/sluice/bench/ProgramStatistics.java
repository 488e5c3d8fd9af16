package dev.sluice.bench;

import java.nio.file.Path;
import java.util.List;

/** How long BPF programs run, as the kernel counts it. */
public interface ProgramStatistics {

  /**
   * One program.
   *
   * @param runs while the kernel counted
   * @param nanoseconds of those runs
   */
  record Program(String name, long runs, long nanoseconds) {}

  /** There are none, or nobody can ask. */
  ProgramStatistics NONE =
      new ProgramStatistics() {
        @Override
        public Counting count() {
          return () -> {};
        }

        @Override
        public List<Program> pinned(Path directory) {
          return List.of();
        }
      };

  /** While this is open the kernel counts, which costs every run two looks at the clock. */
  interface Counting extends AutoCloseable {
    @Override
    void close();
  }

  Counting count();

  /** The programs that are pinned below {@code directory}, which need not be there. */
  List<Program> pinned(Path directory);
}
