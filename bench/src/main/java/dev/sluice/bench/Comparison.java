package dev.sluice.bench;

import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Size;
import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.bench.workload.Workload;
import dev.sluice.core.error.SluiceException;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Measures candidates side by side. Every workload is set up on each before the first slice, and
 * stays so until the last, on the same connection where it needs one; the slices of all of them are
 * interleaved, so that whatever else the machine does meets each alike. Before and after the timing
 * every candidate has to carry a fresh connection. Nothing waits without a limit, and when {@link
 * #run} ends, in whatever way, its sockets are closed and its threads gone.
 */
public final class Comparison {

  private static final Duration VERIFY_SLICE = Duration.ofMillis(1);

  private final BenchMeters meters;
  private final SliceListener listener;
  private final ProgramStatistics statistics;

  /** Without a look at BPF programs. */
  public Comparison(MeterRegistry registry, SliceListener listener) {
    this(new BenchMeters(registry), listener);
  }

  private Comparison(BenchMeters meters, SliceListener listener) {
    this(meters, meters.watching(listener), ProgramStatistics.NONE);
  }

  Comparison(BenchMeters meters, SliceListener listener, ProgramStatistics statistics) {
    this.meters = meters;
    this.statistics = statistics;
    this.listener = listener;
  }

  /**
   * Compares {@code candidates}, among them {@link Candidate#REFERENCE} and {@link Candidate#TWIN}.
   *
   * @throws SluiceException if a candidate does not carry its traffic; it names the candidate and
   *     the workload
   * @throws InterruptedException if this thread is interrupted
   */
  public Results run(List<Candidate> candidates, Options options) throws InterruptedException {
    requireControls(candidates);
    EnvironmentReader environment = new EnvironmentReader(Path.of("/"));
    List<Mode> modes = options.workloads().stream().map(Workload::mode).distinct().toList();
    Workload handshake = new RequestResponse(modes.get(0));
    Measured measured;
    try (Generator generator = new Generator(modes)) {
      verify(generator, handshake, candidates);
      measured = measure(generator, candidates, options);
      verify(generator, handshake, candidates);
    }
    return Results.measured(
        environment.end(),
        options.method(),
        candidates.stream().map(Comparison::describe).toList(),
        measured.results,
        measured.programs);
  }

  private record Measured(List<Results.Result> results, List<Results.ProgramTime> programs) {}

  private Measured measure(Generator generator, List<Candidate> candidates, Options options)
      throws InterruptedException {
    List<Workload> workloads = options.workloads();
    try (Lanes lanes = new Lanes(workloads, candidates)) {
      new Rounds(generator, lanes, options, meters, listener).run();
      List<Results.Result> results = new ArrayList<>();
      for (int i = 0; i < workloads.size(); i++) {
        Workload workload = workloads.get(i);
        for (Optional<Size> size : sizes(candidates)) {
          results.addAll(
              new Analysis(
                      Candidate.nameOf(workload, size),
                      workload.mode(),
                      Optional.of(generator.cpus(workload.mode())),
                      workload.metric(),
                      size.map(Size::extras).orElse(Map.of()),
                      options.seed(),
                      options.minimumEffect(),
                      lanes.tallies(i, size))
                  .results());
        }
      }
      return new Measured(results, programs(generator, lanes, candidates, options));
    }
  }

  /** What is compared in a workload of its own each; where none has a size, all in one. */
  private static List<Optional<Size>> sizes(List<Candidate> candidates) {
    List<Optional<Size>> sizes =
        candidates.stream().map(Candidate::size).filter(Optional::isPresent).distinct().toList();
    return sizes.isEmpty() ? List.of(Optional.empty()) : sizes;
  }

  /** Of the path's own cost: on two CPUs the same programs do the same. */
  private List<Results.ProgramTime> programs(
      Generator generator, Lanes lanes, List<Candidate> candidates, Options options)
      throws InterruptedException {
    ProgramTimes times = new ProgramTimes(statistics, generator, options.slice());
    List<Results.ProgramTime> programs = new ArrayList<>();
    for (int w = 0; w < options.workloads().size(); w++) {
      for (int c = 0; c < candidates.size(); c++) {
        Optional<Path> pins = candidates.get(c).pins();
        if (options.workloads().get(w).mode() == Mode.SAME_CPU && pins.isPresent()) {
          programs.addAll(times.of(lanes.lane(w, c), pins.get()));
        }
      }
    }
    return programs;
  }

  private static void verify(Generator generator, Workload handshake, List<Candidate> candidates)
      throws InterruptedException {
    for (Candidate candidate : candidates) {
      try (Lane lane = Lane.open(handshake, candidate)) {
        lane.run(generator, VERIFY_SLICE);
      }
    }
  }

  private static Results.Path describe(Candidate candidate) {
    return Results.Path.of(
        candidate.name(), candidate.endpoints().serverAddress().toString(), candidate.device());
  }

  private static void requireControls(List<Candidate> candidates) {
    Set<String> names = new HashSet<>();
    for (Candidate candidate : candidates) {
      if (!names.add(candidate.title())) {
        throw new IllegalArgumentException("two candidates named " + candidate.title());
      }
    }
    if (!names.contains(Candidate.REFERENCE) || !names.contains(Candidate.TWIN)) {
      throw new IllegalArgumentException(
          "a comparison needs "
              + Candidate.REFERENCE
              + " and "
              + Candidate.TWIN
              + ", not "
              + names);
    }
  }
}
