package dev.sluice.bench;

import dev.sluice.bench.report.Results;
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

  private final MeterRegistry registry;
  private final SliceListener listener;

  public Comparison(MeterRegistry registry, SliceListener listener) {
    this.registry = registry;
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
    List<Results.Result> results;
    try (Generator generator = new Generator(modes)) {
      verify(generator, handshake, candidates);
      results = measure(generator, candidates, options);
      verify(generator, handshake, candidates);
    }
    return new Results(
        environment.end(),
        options.rounds(),
        options.slice(),
        options.seed(),
        options.extra().precision(),
        options.minimumEffect(),
        candidates.stream().map(Comparison::describe).toList(),
        List.of(),
        results);
  }

  private List<Results.Result> measure(
      Generator generator, List<Candidate> candidates, Options options)
      throws InterruptedException {
    List<Workload> workloads = options.workloads();
    try (Lanes lanes = new Lanes(workloads, candidates)) {
      new Rounds(generator, lanes, options, new ProbeMeters(registry), listener).run();
      List<Results.Result> results = new ArrayList<>();
      for (int i = 0; i < workloads.size(); i++) {
        Workload workload = workloads.get(i);
        results.addAll(
            Analysis.of(
                workload,
                generator.cpus(workload.mode()),
                lanes.tallies(i),
                options.seed(),
                options.minimumEffect()));
      }
      return results;
    }
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
    return new Results.Path(
        candidate.name(), candidate.endpoints().serverAddress().toString(), candidate.mtu());
  }

  private static void requireControls(List<Candidate> candidates) {
    Set<String> names = new HashSet<>();
    for (Candidate candidate : candidates) {
      if (!names.add(candidate.name())) {
        throw new IllegalArgumentException("two candidates named " + candidate.name());
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
