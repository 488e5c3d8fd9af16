package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Chart;
import dev.sluice.bench.report.Block.Items;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Warning;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Recommendation.Goal;
import dev.sluice.bench.report.Results.Capability;
import dev.sluice.bench.report.Results.Cost;
import dev.sluice.bench.report.Results.Kept;
import dev.sluice.bench.report.Results.Quantile;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a report says, made from results alone; apart from how it is set. Pure. */
final class Report {

  private final Results results;
  private final List<String> datapaths;

  private Report(Results results) {
    this.results = results;
    this.datapaths = results.checks().stream().map(Results.Check::datapath).toList();
  }

  static List<Section> of(Results results) {
    return new Report(results).sections();
  }

  /** The heading of all. */
  static String title(Results results) {
    return results
        .subject()
        .map(s -> "Datapaths for " + s.topology() + " compared")
        .orElse("Datapaths compared");
  }

  private List<Section> sections() {
    return Stream.of(
            new VerdictSection(results, datapaths).section(),
            recommendation(),
            capabilities(),
            against(),
            ratios(),
            percentiles(),
            control(),
            cost(),
            method(),
            environment())
        .filter(section -> !section.blocks().isEmpty())
        .toList();
  }

  private Section recommendation() {
    List<List<String>> rows = new ArrayList<>();
    for (Goal goal : Goal.values()) {
      Recommendation r = Recommendation.of(results, goal);
      int rank = 1;
      for (Recommendation.Place place : r.places()) {
        rows.add(
            List.of(
                goal.word(),
                Integer.toString(rank),
                String.join(" and ", place.datapaths())
                    + (place.datapaths().size() > 1 ? " (tie)" : ""),
                String.join("; ", place.reasons())));
        rank += place.datapaths().size();
      }
      if (r.places().isEmpty()) {
        rows.add(List.of(goal.word(), "", "none", r.remarks().get(0)));
      }
    }
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Words(
            List.of(
                "What to choose depends on what matters. Those that no workload of a goal tells"
                    + " apart share a place: a tie is a result.")));
    blocks.add(new Table("", List.of("goal", "place", "datapath", "because"), rows));
    List<String> remarks = Recommendation.of(results, Goal.LATENCY).remarks();
    List<String> others = remarks.stream().filter(r -> r.contains(" is no choice")).toList();
    if (!others.isEmpty()) {
      blocks.add(new Items(others));
    }
    return new Section("recommendation", "What to choose", blocks);
  }

  private Section capabilities() {
    if (results.capabilities().isEmpty()) {
      return new Section("capabilities", "", List.of());
    }
    List<String> header = new ArrayList<>(List.of(""));
    results.capabilities().forEach(c -> header.add(c.datapath()));
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("how packets go", Capability::summary));
    rows.add(
        row(
            "runs on this kernel",
            c -> c.lacks().isEmpty() ? "yes" : "no: lacks " + String.join("; ", c.lacks())));
    rows.add(
        row(
            "honours the topology",
            c ->
                !c.lacks().isEmpty()
                    ? "not asked"
                    : c.refuses().isEmpty() ? "yes" : "no: " + String.join("; ", c.refuses())));
    results.capabilities().stream()
        .flatMap(c -> c.promises().stream())
        .map(Kept::promise)
        .distinct()
        .forEach(promise -> rows.add(row(promise, c -> kept(c, promise))));
    rows.add(row("to be known", c -> String.join("; ", c.notes())));
    return new Section(
        "capabilities",
        "What each datapath can do for this topology",
        List.of(
            new Words(
                List.of(
                    "Each promise was tried with real packets before the timing and after it; the"
                        + " figure is how many probes showed it, of as many that were sent.")),
            new Table("", header, rows)));
  }

  private List<String> row(String name, Function<Capability, String> cell) {
    List<String> row = new ArrayList<>(List.of(name));
    results.capabilities().forEach(c -> row.add(cell.apply(c)));
    return row;
  }

  private static String kept(Capability capability, String promise) {
    return capability.promises().stream()
        .filter(k -> k.promise().equals(promise))
        .map(k -> "\u2713 " + k.probes() + " of " + k.probes())
        .findFirst()
        .orElse("not tried");
  }

  private Section against() {
    List<Block> blocks = new ArrayList<>();
    results.against().ifPresent(a -> add(blocks, a));
    return new Section("against", "Beside another run", blocks);
  }

  private static void add(List<Block> blocks, Against against) {
    if (against.differences().isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "Ratios of "
                      + against.file()
                      + " ("
                      + against.started()
                      + ") and of this run, each to the raw veth pair of its own run. Better or"
                      + " worse is said only where the two intervals do not meet.")));
    } else {
      blocks.add(
          new Warning(
              List.of(
                  "Not comparable with "
                      + against.file()
                      + ": the environments differ. The ratios stand side by side without a"
                      + " verdict.")));
      blocks.add(
          new Table(
              "",
              List.of("what differs", "then", "now"),
              against.differences().stream()
                  .map(d -> List.of(d.what(), d.then(), d.now()))
                  .toList()));
    }
    blocks.add(
        new Table(
            "",
            List.of("workload", "candidate", "then", "now", "verdict"),
            against.changes().stream()
                .map(
                    c ->
                        List.of(
                            c.workload() + ", " + c.mode(),
                            c.candidate(),
                            Figures.of(c.then()),
                            Figures.of(c.now()),
                            c.verdict()))
                .toList()));
  }

  private List<Result> of(WorkloadKey workload) {
    return results.results().stream().filter(workload::matches).toList();
  }

  private List<WorkloadKey> workloads(Predicate<WorkloadKey> wanted) {
    return WorkloadKey.all(results).stream().filter(wanted).toList();
  }

  private Section ratios() {
    List<Block> blocks = new ArrayList<>();
    List<WorkloadKey> traffic = workloads(w -> !w.isControl());
    if (!traffic.isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "Every figure is a ratio of two things that were measured in turn in the same"
                      + " rounds. The bar is the median of the per-round ratios to a raw veth pair"
                      + " without policy, the whisker its 95% interval, the grey band the noise"
                      + " floor: how far two equal veth pairs came out apart.")));
      if (traffic.stream().anyMatch(w -> of(w).get(0).metric().lessIsBetter())) {
        blocks.add(new Chart("ratios", "", "times", "Times, ratio to raw veth: less is better"));
      }
      if (traffic.stream().anyMatch(w -> !of(w).get(0).metric().lessIsBetter())) {
        blocks.add(new Chart("ratios", "", "rates", "Rates, ratio to raw veth: more is better"));
      }
      traffic.forEach(w -> blocks.add(table(w)));
    }
    return new Section("ratios", "Traffic", blocks);
  }

  private Table table(WorkloadKey workload) {
    List<Result> rows = of(workload);
    Metric metric = rows.get(0).metric();
    String unit = Figures.unit(metric);
    boolean loss = rows.get(0).extras().containsKey("loss");
    boolean held = rows.get(0).extras().containsKey("bytesPerConnection");
    List<String> header =
        new ArrayList<>(
            List.of(
                "candidate",
                "p50 " + unit,
                "p90 " + unit,
                "p99 " + unit,
                "ratio",
                "95% interval",
                "verdict"));
    if (loss) {
      header.add("loss");
    }
    if (held) {
      header.add("kernel bytes per connection");
    }
    List<List<String>> cells = new ArrayList<>();
    for (Result r : rows) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  r.candidate(),
                  Figures.of(r.p50(), metric),
                  Figures.of(r.p90(), metric),
                  Figures.of(r.p99(), metric),
                  r.ratio().map(ratio -> Figures.ratio(ratio.median())).orElse("1"),
                  r.ratio().flatMap(Results.Ratio::interval).map(Figures::interval).orElse(""),
                  r.verdict().word()));
      if (loss) {
        row.add(Figures.percent(r.extras().get("loss")));
      }
      if (held) {
        row.add(Figures.format("%.0f", r.extras().get("bytesPerConnection")));
      }
      cells.add(row);
    }
    String floor =
        rows.get(0)
            .noiseFloor()
            .map(f -> Figures.format(", A/A noise floor \u00b1%.2f%%", 100 * f))
            .orElse("");
    return new Table(
        "%s (%s): %s; %d rounds%s"
            .formatted(
                workload.title(),
                workload.label(),
                metric.lessIsBetter() ? "less is better" : "more is better",
                rows.get(0).figures().size(),
                floor),
        header,
        cells);
  }

  private Section percentiles() {
    List<Block> blocks = new ArrayList<>();
    for (WorkloadKey workload :
        workloads(w -> of(w).stream().anyMatch(r -> !r.percentiles().isEmpty()))) {
      List<Result> rows = of(workload);
      blocks.add(
          new Chart("percentiles", workload.workload(), workload.mode().word(), workload.title()));
      List<String> header = new ArrayList<>(List.of("candidate"));
      for (Quantile q : rows.get(0).percentiles()) {
        header.add(q.percent() == 100 ? "max" : "p" + Figures.format("%s", trimmed(q.percent())));
      }
      blocks.add(
          new Table(
              workload.label() + ", \u00b5s",
              header,
              rows.stream()
                  .map(
                      r ->
                          Stream.concat(
                                  Stream.of(r.candidate()),
                                  r.percentiles().stream()
                                      .map(q -> Figures.of(q.value(), r.metric())))
                              .toList())
                  .toList()));
    }
    if (!blocks.isEmpty()) {
      blocks.add(
          0,
          new Words(
              List.of(
                  "Over all transactions of all rounds. But for tcp-open-loop these are closed"
                      + " loops: the next request leaves when the answer to the last is there, so"
                      + " that a stall is counted once and not for all that it would have delayed."
                      + " They tell how round trips scatter, and no tail latency under load.")));
    }
    return new Section("percentiles", "Percentiles", blocks);
  }

  private static String trimmed(double percent) {
    return percent == Math.rint(percent)
        ? Integer.toString((int) percent)
        : Double.toString(percent);
  }

  private Section control() {
    List<WorkloadKey> operations = workloads(WorkloadKey::isControl);
    List<Block> blocks = new ArrayList<>();
    if (!operations.isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "Timed from the beginning of the operation until packets show its effect, in a"
                      + " process that is warm; in fresh nodes, all candidates once in each round,"
                      + " in a random order. The raw veth pair is made by the same reconciler.")));
      blocks.add(new Chart("control", "", "", "Operations, median of the rounds in ms"));
      operations.forEach(o -> blocks.add(table(o)));
    }
    return new Section("control", "Control plane", blocks);
  }

  private Section cost() {
    List<Block> blocks = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (Result r : results.results()) {
      r.cost().ifPresent(c -> rows.add(row(r, c)));
    }
    if (!rows.isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "CPU time of the whole machine while a slice ran, by /proc/stat, divided by what"
                      + " was done in it; \"process\" is the generator's own, exact, in which the"
                      + " kernel's work for its packets is included. What others used meanwhile is"
                      + " in the first three too.")));
      blocks.add(new Chart("cost", "", "", "CPU time per transaction, \u00b5s"));
      blocks.add(
          new Table(
              "CPU nanoseconds",
              List.of("workload", "candidate", "per", "user", "system", "softirq", "process"),
              rows));
    }
    if (!results.programs().isEmpty()) {
      blocks.add(
          new Table(
              "BPF programs, in slices of their own while the kernel counted (two looks at the"
                  + " clock are in each run)",
              List.of("workload", "candidate", "program", "runs", "ns per run", "runs per unit"),
              results.programs().stream()
                  .map(
                      p ->
                          List.of(
                              p.workload(),
                              p.candidate(),
                              p.program(),
                              Long.toString(p.runs()),
                              Figures.format("%.0f", p.nanosPerRun()),
                              Figures.format("%.3g", p.runsPerUnit())))
                  .toList()));
    }
    return new Section("cost", "Cost", blocks);
  }

  private static List<String> row(Result r, Cost cost) {
    return List.of(
        WorkloadKey.of(r).label(),
        r.candidate(),
        cost.per(),
        Figures.format("%.0f", cost.user()),
        Figures.format("%.0f", cost.system()),
        Figures.format("%.0f", cost.softirq()),
        Figures.format("%.0f", cost.process()));
  }

  private Section method() {
    Results.Method m = results.method();
    List<String> items = new ArrayList<>();
    items.add(
        "All candidates were alive at once, and measured in slices of "
            + Figures.format("%.0f", 1000 * m.slice())
            + " ms in a random order within each of at least "
            + m.rounds()
            + " rounds (seed "
            + m.seed()
            + ").");
    items.add(
        m.timeLimit() > 0
            ? Figures.format(
                "Rounds were added until no interval reached farther than %.1f%% from its median,"
                    + " or %.0f s had been measured.",
                100 * m.precision(), m.timeLimit())
            : "No rounds were added.");
    items.add(
        "Intervals are 95% bootstrap percentile intervals of the median of per-round ratios (4000"
            + " resamples, expanded for small samples).");
    items.add(
        Figures.format(
            "Faster or slower is said only where the interval excludes 1 and the median lies beyond"
                + " both the noise floor of an A/A pair (veth-again) and %.1f%%. Level means that"
                + " no difference was shown, which does not prove that there is none.",
            100 * m.minimumEffect()));
    items.add(
        "No verdict is given where others used over 10% of the CPU time, the hypervisor took over"
            + " 3%, or a CPU was throttled.");
    items.add(
        "Controls without policy: veth is a raw veth pair between two namespaces, loopback one"
            + " namespace, both with the MTU of the topology's path.");
    results
        .subject()
        .ifPresent(
            s ->
                items.add(
                    "Traffic ran from %s to %s, %s; %d networks, %d endpoints, %d policies with %d rules in force."
                        .formatted(
                            s.client(),
                            s.server(),
                            s.routed() ? "across gateways" : "within one network",
                            s.networks(),
                            s.endpoints(),
                            s.policies(),
                            s.rules())));
    results
        .leftOut()
        .forEach(l -> items.add("Left out: " + l.workload() + ", because " + l.why() + "."));
    return new Section(
        "method",
        "How it was measured",
        List.of(
            new Items(items),
            new Table(
                "Noise, as shares of all CPU time",
                List.of("workload", "steal", "others", "throttled"),
                WorkloadKey.all(results).stream()
                    .map(
                        w ->
                            List.of(
                                w.label(),
                                Figures.percent(of(w).get(0).noise().stealShare()),
                                Figures.percent(of(w).get(0).noise().othersShare()),
                                Long.toString(of(w).get(0).noise().throttled())))
                    .toList())));
  }

  private Section environment() {
    Environment e = results.environment();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("started", e.started()));
    rows.add(List.of("kernel", e.kernel()));
    rows.add(List.of("CPU", e.cpuModel() + ", " + e.cpus() + " online"));
    rows.add(List.of("governor", e.governor().orElse("not the kernel's to choose")));
    rows.add(List.of("mitigations", e.mitigations().orElse("as the kernel chooses")));
    rows.add(
        List.of(
            "bridges hand IPv4 to iptables",
            e.bridgeNfCall().map(b -> b ? "yes" : "no").orElse("br_netfilter is not loaded")));
    rows.add(List.of("Java", e.java()));
    rows.add(List.of("load average before", Figures.format("%.2f", e.loadAverage())));
    rows.add(List.of("steal, all of the time", Figures.percent(e.stealShare())));
    results
        .candidates()
        .forEach(
            c ->
                rows.add(List.of("candidate " + c.name(), c.serverAddress() + ", MTU " + c.mtu())));
    return new Section("environment", "Environment", List.of(new Table("", List.of("", ""), rows)));
  }
}
