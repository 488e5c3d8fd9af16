package dev.sluice.bench;

import dev.sluice.bench.report.CrossChecked;
import dev.sluice.bench.report.CrossChecked.Figures;
import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Schedule;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Endpoints;
import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Sample;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.sys.Sysctls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures workloads again with tools of others: in each round every candidate, in a random order,
 * once by the built-in generator and at once by the tool, or the other way round. Both ends of both
 * run on the same CPU.
 */
final class CrossCheck {

  /** Of a tool: none takes less. */
  private static final int SECONDS = 1;

  /** Both on one candidate, with all that belongs to it. */
  private static final int EACH = 3 * SECONDS;

  /** As many as an interval needs. */
  private static final int MOST_ROUNDS = Verdict.LEAST_ROUNDS;

  /** For so long the kernel keeps a connection in that state, and some more. */
  private static final Duration TIME_WAIT = Duration.ofSeconds(65);

  /** Where policy leaves all open. */
  private static final int PORT = 5201;

  private final List<ForeignTool> tools;
  private final BenchMeters meters;
  private final SliceListener listener;

  CrossCheck(List<ForeignTool> tools, BenchMeters meters, SliceListener listener) {
    this.tools = tools;
    this.meters = meters;
    this.listener = listener;
  }

  /** What cannot be done with the addresses that the pair has. */
  static List<LeftOut> leftOut(List<ForeignTool> tools, Pair pair) {
    return tools.stream()
        .filter(tool -> !able(tool, pair.serverAddress().isV4()))
        .map(
            tool ->
                new LeftOut("cross-check by " + tool, tool + " has no IPv6, and the pair no IPv4"))
        .toList();
  }

  /** From now on the server keeps no connection in TIME_WAIT. */
  private static void leaveNoTimeWait(Candidate candidate) {
    candidate.endpoints().server().run(() -> Sysctls.write("net/ipv4/tcp_max_tw_buckets", "0"));
  }

  /**
   * Policy may leave one port, at which every server listens in turn. A tool that does not set
   * SO_REUSEADDR cannot while an earlier connection is in TIME_WAIT there, for a minute.
   */
  private static void awaitFreePort(Endpoints endpoints) throws InterruptedException {
    long deadline = System.nanoTime() + TIME_WAIT.toNanos();
    while (TcpSockets.any(endpoints.server(), port(endpoints), TcpSockets.State.TIME_WAIT)
        && System.nanoTime() < deadline) {
      Thread.sleep(100);
    }
  }

  private static int port(Endpoints endpoints) {
    return endpoints.tcpPort() == 0 ? PORT : endpoints.tcpPort();
  }

  private static boolean able(ForeignTool tool, boolean v4) {
    return v4 || tool.ipv6();
  }

  /** How long one tool takes about, once it can listen. */
  static Duration expected(Options options, int candidates) {
    return Duration.ofSeconds((long) EACH * Math.min(options.rounds(), MOST_ROUNDS) * candidates);
  }

  List<CrossChecked> run(List<Candidate> candidates, Options options) throws InterruptedException {
    boolean v4 = candidates.get(0).endpoints().serverAddress().isV4();
    if (!tools.isEmpty()) {
      candidates.forEach(CrossCheck::leaveNoTimeWait);
    }
    List<CrossChecked> checked = new ArrayList<>();
    List<ForeignTool> able = tools.stream().filter(tool -> able(tool, v4)).toList();
    for (ForeignTool tool : able) {
      int later = able.size() - 1 - checked.size();
      Duration after = expected(options, candidates.size()).multipliedBy(later);
      try (Generator generator = new Generator(List.of(tool.workload().mode()))) {
        checked.add(run(tool, generator, candidates, options, after));
      }
    }
    return checked;
  }

  /** What both yielded in each round. */
  private record Both(List<Double> builtIn, List<Double> foreign) {}

  private CrossChecked run(
      ForeignTool tool,
      Generator generator,
      List<Candidate> candidates,
      Options options,
      Duration after)
      throws InterruptedException {
    if (!tool.reusesPorts()) {
      Duration left = TIME_WAIT.plus(expected(options, candidates.size())).plus(after);
      listener.at(0, candidates.size(), left, "until " + tool + " can listen");
      for (Candidate candidate : candidates) {
        awaitFreePort(candidate.endpoints());
      }
    }
    int rounds = Math.min(options.rounds(), MOST_ROUNDS);
    Schedule schedule = new Schedule(options.seed(), 1, candidates.size());
    List<Both> figures = new ArrayList<>();
    candidates.forEach(c -> figures.add(new Both(new ArrayList<>(), new ArrayList<>())));
    int done = 0;
    for (int round = 0; round < rounds; round++) {
      for (Schedule.Slot slot : schedule.round(round, List.of(0))) {
        Candidate candidate = candidates.get(slot.candidate());
        int left = rounds * candidates.size() - done;
        listener.at(
            done,
            rounds * candidates.size(),
            after.plusSeconds((long) EACH * left),
            tool + " over " + candidate.title());
        Both both = figures.get(slot.candidate());
        boolean oursFirst = round % 2 == 0;
        if (oursFirst) {
          both.builtIn.add(builtIn(tool, generator, candidate));
        }
        both.foreign.add(foreign(tool, generator, candidate));
        if (!oursFirst) {
          both.builtIn.add(builtIn(tool, generator, candidate));
        }
        done++;
      }
    }
    return new CrossChecked(
        tool.toString(),
        tool.workload().name(),
        tool.workload().mode(),
        tool.workload().metric(),
        tool.workload().metric().unit(),
        SECONDS,
        told(candidates, figures, options.seed()));
  }

  private double builtIn(ForeignTool tool, Generator generator, Candidate candidate)
      throws InterruptedException {
    try (Lane lane = Lane.open(tool.workload(), candidate)) {
      Sample sample = lane.run(generator, Duration.ofSeconds(SECONDS));
      meters.record(lane, sample);
      return sample.typical();
    }
  }

  private double foreign(ForeignTool tool, Generator generator, Candidate candidate)
      throws InterruptedException {
    Endpoints endpoints = candidate.endpoints();
    int cpu = generator.cpus(tool.workload().mode()).client();
    try {
      double figure = ToolProcess.run(tool, endpoints, port(endpoints), cpu, SECONDS);
      meters.record(candidate.name(), tool.workload(), tool, figure);
      return figure;
    } catch (SluiceException e) {
      throw new SluiceException(
          e.category(), tool + " over " + candidate.title() + ": " + e.getMessage(), e);
    }
  }

  private static List<Figures> told(List<Candidate> candidates, List<Both> figures, long seed) {
    int reference = 0;
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).name().equals(Candidate.REFERENCE)) {
        reference = i;
      }
    }
    List<Figures> told = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Both both = figures.get(i);
      Both veth = figures.get(reference);
      boolean others = i != reference;
      told.add(
          new Figures(
              candidates.get(i).name(),
              both.builtIn,
              both.foreign,
              ratio("built-in", both.foreign, both.builtIn, seed),
              Optional.of(ratio(Candidate.REFERENCE, both.builtIn, veth.builtIn, seed))
                  .filter(r -> others),
              Optional.of(ratio(Candidate.REFERENCE, both.foreign, veth.foreign, seed))
                  .filter(r -> others)));
    }
    return told;
  }

  private static Ratio ratio(String to, List<Double> one, List<Double> other, long seed) {
    Estimate estimate =
        Statistics.medianWithInterval(Statistics.pairedRatios(doubles(one), doubles(other)), seed);
    return new Ratio(
        to,
        estimate.median(),
        Optional.of(new Interval(estimate.low(), estimate.high()))
            .filter(i -> one.size() >= Verdict.LEAST_ROUNDS));
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
