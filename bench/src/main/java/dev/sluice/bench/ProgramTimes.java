package dev.sluice.bench;

import dev.sluice.bench.ProgramStatistics.Counting;
import dev.sluice.bench.ProgramStatistics.Program;
import dev.sluice.bench.report.Results.ProgramTime;
import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the BPF programs of each candidate take, in slices that are run for that alone: to count
 * costs time, and what is timed is not to pay for it.
 */
final class ProgramTimes {

  private final ProgramStatistics statistics;
  private final Generator generator;
  private final Duration slice;

  ProgramTimes(ProgramStatistics statistics, Generator generator, Duration slice) {
    this.statistics = statistics;
    this.generator = generator;
    this.slice = slice;
  }

  /** Runs one slice of {@code lane}, whose programs are pinned below {@code pins}. */
  List<ProgramTime> of(Lane lane, Path pins) throws InterruptedException {
    if (statistics.pinned(pins).isEmpty()) {
      return List.of();
    }
    Counting counting = statistics.count();
    try (counting) {
      Map<String, Program> before = byName(statistics.pinned(pins));
      Sample sample = lane.run(generator, slice);
      List<ProgramTime> times = new ArrayList<>();
      byName(statistics.pinned(pins))
          .forEach(
              (name, after) -> {
                Program then = before.getOrDefault(name, new Program(name, 0, 0));
                long runs = after.runs() - then.runs();
                if (runs > 0) {
                  times.add(
                      new ProgramTime(
                          lane.candidate().name(),
                          lane.workloadName(),
                          name,
                          runs,
                          (double) (after.nanoseconds() - then.nanoseconds()) / runs,
                          (double) runs / sample.units()));
                }
              });
      return times;
    }
  }

  private static Map<String, Program> byName(List<Program> programs) {
    Map<String, Program> byName = new HashMap<>();
    programs.forEach(p -> byName.put(p.name(), p));
    return byName;
  }
}
