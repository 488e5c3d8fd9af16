package dev.sluice.bench;

import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.Check;
import dev.sluice.bench.report.Results.Device;
import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.report.Results.Subject;
import dev.sluice.bench.stats.Schedule;
import dev.sluice.bench.wire.Wire;
import dev.sluice.bench.wire.WirePair;
import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Halves;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.Sample;
import dev.sluice.core.check.CheckReport;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.topology.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The {@code compare} command between two hosts that one wire joins. Candidates cannot all be alive
 * at once, for each has the same addresses on that wire: a round brings each up at both ends, in a
 * random order, runs a slice of every workload, and takes it down. What is divided by each other
 * still comes from one round.
 */
public final class WireRun {

  private static final Path ROOT = Path.of("/");

  /** The JIT compiler settles within these; to switch costs too much for more. */
  private static final int MOST_WARM_UP_ROUNDS = 2;

  private final Wire wire;
  private final BenchMeters meters;
  private final SliceListener listener;
  private final Options options;
  private final List<String> candidates;
  private final Map<Halves, Map<String, Tally>> tallies = new EnumMap<>(Halves.class);
  private final Map<String, CheckReport> checks = new LinkedHashMap<>();
  private final Map<String, Device> devices = new HashMap<>();
  private final long started = System.nanoTime();
  private int done;

  /**
   * Compares {@code datapaths}, which both ends have.
   *
   * @param wire with nothing up; when {@link #run} fails, something still may be
   * @param options of which rounds, slice, seed and minimum effect are heeded
   */
  public WireRun(
      Wire wire,
      List<Datapath> datapaths,
      Options options,
      MeterRegistry registry,
      SliceListener listener) {
    this.wire = wire;
    this.options = options;
    this.meters = new BenchMeters(registry);
    this.listener = meters.watching(listener);
    this.candidates =
        Stream.concat(
                datapaths.stream().map(Datapath::name),
                Stream.of(Candidate.RAW, Candidate.RAW_AGAIN))
            .toList();
    for (Halves half : wire.halves()) {
      Map<String, Tally> each = new LinkedHashMap<>();
      candidates.forEach(name -> each.put(name, new Tally()));
      tallies.put(half, each);
    }
  }

  /**
   * Measures.
   *
   * @param topology of the file, whole
   * @param known all datapaths that there are, and what {@code leftOut} says of those that one of
   *     the hosts does not have
   * @throws CheckFailedException if a datapath does not carry at this end what the topology
   *     promises
   * @throws InterruptedException if this thread is interrupted
   */
  public Results run(
      Topology topology,
      WirePair pair,
      NodeFacts facts,
      Collection<Datapath> known,
      List<LeftOut> leftOut)
      throws InterruptedException {
    try (Generator generator = new Generator(List.of(Mode.SAME_CPU))) {
      EnvironmentReader environment = new EnvironmentReader(ROOT);
      rounds(generator);
      return new Results(
          environment.end(),
          Optional.of(wire.described(candidates)),
          options.method(),
          Optional.of(subject(topology, pair)),
          candidates.stream().map(name -> path(name, pair)).toList(),
          checks.values().stream()
              .map(r -> new Check(r.datapath(), r.probes(), r.agree()))
              .toList(),
          Capabilities.of(
              wire.topology(),
              facts,
              known,
              known.stream().filter(d -> candidates.contains(d.name())).toList()),
          Stream.concat(leftOut.stream(), unrun(pair)).toList(),
          results(generator),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty());
    } catch (RuntimeException e) {
      throw CompareRun.interruptionOr(e);
    }
  }

  private Stream<LeftOut> unrun(WirePair pair) {
    return Arrays.stream(Halves.values())
        .filter(half -> !tallies.containsKey(half))
        .map(half -> LeftOut.ofUdp(half.workload().name(), pair.client(), pair.server()));
  }

  private void rounds(Generator generator) throws InterruptedException {
    int warmUp =
        Math.max(1, Math.min(MOST_WARM_UP_ROUNDS, options.warmUpRounds(candidates.size())));
    int total = (warmUp + options.rounds()) * candidates.size();
    Schedule schedule = new Schedule(options.seed(), 1, candidates.size());
    for (int round = -warmUp; round < options.rounds(); round++) {
      for (Schedule.Slot slot : schedule.round(round, List.of(0))) {
        String candidate = candidates.get(slot.candidate());
        listener.at(
            done, total, left(total), candidate + (round < 0 ? ", warming up" : ", both ends"));
        wire.up(candidate);
        if (round == -warmUp) {
          check(candidate);
          devices.put(candidate, wire.clientsDevice());
        }
        for (Halves half : wire.halves()) {
          measure(half, candidate, generator, round >= 0);
        }
        if (round == options.rounds() - 1) {
          check(candidate);
        }
        wire.down();
        done++;
      }
    }
    listener.at(done, done, Duration.ZERO, "done");
  }

  private void measure(Halves half, String candidate, Generator generator, boolean counts)
      throws InterruptedException {
    String title = half.workload().name() + " over " + candidate;
    CpuTimes before = CpuTimes.now(ROOT);
    Sample sample = wire.run(half, generator, options.slice(), title);
    if (counts) {
      tallies.get(half).get(candidate).add(sample, CpuTimes.now(ROOT).minus(before));
      meters.record(candidate, half.workload(), half.workload().name(), sample);
    }
  }

  /** The same policy is in force before and after. */
  private void check(String candidate) {
    wire.check(candidate)
        .ifPresent(
            report -> {
              if (!report.disagree().isEmpty()) {
                throw new CheckFailedException(List.of(report));
              }
              checks.putIfAbsent(candidate, report);
            });
  }

  private Duration left(int total) {
    return done == 0
        ? options.slice().multipliedBy((long) total * tallies.size())
        : Duration.ofNanos(System.nanoTime() - started).dividedBy(done).multipliedBy(total - done);
  }

  private List<Result> results(Generator generator) {
    List<Result> results = new ArrayList<>();
    tallies.forEach(
        (half, each) ->
            results.addAll(
                new Analysis(
                        half.workload().name(),
                        half.workload().mode(),
                        Optional.of(wire.cpus(generator)),
                        half.workload().metric(),
                        Map.of(),
                        options.seed(),
                        options.minimumEffect(),
                        each)
                    .results()));
    return results;
  }

  private Results.Path path(String name, WirePair pair) {
    return Results.Path.of(name, pair.serverAddress().toString(), devices.get(name));
  }

  private static Subject subject(Topology topology, WirePair pair) {
    return Subject.of(
        topology,
        1,
        pair.client() + " " + pair.clientAddress(),
        pair.server() + " " + pair.serverAddress(),
        false);
  }
}
