package dev.sluice.cli.command;

import dev.sluice.bench.Capabilities;
import dev.sluice.bench.CompareRun;
import dev.sluice.bench.ForeignTool;
import dev.sluice.bench.Options;
import dev.sluice.bench.Options.Extra;
import dev.sluice.bench.Options.Profile;
import dev.sluice.bench.SliceListener;
import dev.sluice.bench.report.Against;
import dev.sluice.bench.report.Recommendation;
import dev.sluice.bench.report.Recommendation.Goal;
import dev.sluice.bench.report.ReportFiles;
import dev.sluice.bench.report.ResultTable;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.ResultsJson;
import dev.sluice.bench.wire.Peer;
import dev.sluice.cli.metrics.MetricsServer;
import dev.sluice.cli.output.Console.ClosableProgress;
import dev.sluice.cli.output.OutputFormat;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.error.IoReason;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.error.UnsupportedFeatureException;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.metrics.MeteredReconcile;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures datapaths side by side. */
@Command(
    name = "compare",
    header = "Bring a topology up on several datapaths at once, check each, and measure them.",
    description = {
      "Each runs in a throwaway node of its own, all alive at once, beside a raw veth pair and the"
          + " loopback device; this host's own network is not touched. What is told is the ratio to"
          + " raw veth, with its 95%% interval and the noise floor."
    },
    footer = {
      "%nExamples:",
      "  sluice compare examples/two-subnets.yaml",
      "  sluice compare examples/two-subnets.yaml --quick",
      "  sluice compare examples/two-subnets.yaml --rounds 50 --slice 500ms --out results",
      "  sluice compare examples/on-a-wire.yaml --parent eth1 --peer 192.0.2.7:7463 --token TOKEN"
    },
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      HelpText.DONE,
      "1:a datapath does not carry what the topology promises",
      HelpText.USAGE,
      HelpText.BAD_INPUT,
      HelpText.LACKING,
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class CompareCommand implements Callable<Integer> {

  private final Invocation invocation;

  @Parameters(paramLabel = "FILE", description = "The topology file; - for standard input.")
  private Path file = Path.of("");

  @Option(
      names = "--datapaths",
      paramLabel = "NAME",
      description = "Which to compare, with commas between. Default: all that this host can run.")
  private Optional<String> list = Optional.empty();

  /** How much is measured, unless options say otherwise. */
  private static final class Extent {
    @Option(
        names = "--quick",
        description =
            "Fewer rounds and shorter slices: under a minute, and only large differences show.")
    private boolean quick;

    @Option(
        names = "--full",
        description = "Every workload, in both modes; how long that takes is said beforehand.")
    private boolean full;

    private Profile profile() {
      return quick ? Profile.QUICK : full ? Profile.FULL : Profile.USUAL;
    }
  }

  @ArgGroup(exclusive = true)
  private Extent extent = new Extent();

  @Option(
      names = "--rounds",
      paramLabel = "COUNT",
      converter = Count.class,
      description = "How often each is measured at least. Default: " + Options.DEFAULT_ROUNDS + ".")
  private Optional<Integer> rounds = Optional.empty();

  @Option(
      names = "--slice",
      paramLabel = "TIME",
      converter = SliceDuration.class,
      description = "How long each time, like 250ms (the default) or 2s.")
  private Optional<Duration> slice = Optional.empty();

  @Option(
      names = "--precision",
      paramLabel = "PERCENT",
      converter = Percent.class,
      description =
          "Add rounds until no interval reaches farther than this from its median. Default: 1%%, or"
              + " none with --quick or --rounds.")
  private Optional<Double> precision = Optional.empty();

  @Option(
      names = "--time-limit",
      paramLabel = "TIME",
      converter = SliceDuration.class,
      description = "After so much measuring no round is added. Default: 180s.")
  private Optional<Duration> timeLimit = Optional.empty();

  @Option(
      names = "--min-effect",
      paramLabel = "PERCENT",
      converter = Percent.class,
      description = "Differences up to this are of no interest: they are level. Default: 1%%.")
  private double minimumEffect = Options.DEFAULT_MINIMUM_EFFECT;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      converter = Seed.class,
      description =
          "Of the random order and of the resampling. Default: a fresh one, told with the results.")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--optimize",
      paramLabel = "GOAL",
      converter = GoalWords.class,
      description =
          "Rank the datapaths for one goal, with reasons: latency, throughput, connections, cpu.")
  private Optional<Goal> goal = Optional.empty();

  @Option(
      names = "--tool",
      paramLabel = "NAME",
      split = ",",
      converter = ToolWords.class,
      description =
          "Measure the stream again with iperf3, or request/response with sockperf, and print both"
              + " figures.")
  private List<ForeignTool> tools = new ArrayList<>();

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description = "Put the results.json of another run or host beside this one.")
  private Optional<Path> other = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Write results.json, results.csv, report.md and report.html into this directory, which is"
              + " made if need be.")
  private Optional<Path> directory = Optional.empty();

  @ArgGroup(exclusive = false)
  private WireOptions wire = new WireOptions();

  @Mixin private SharedOptions.Output output = new SharedOptions.Output();
  @Mixin private SharedOptions.Metrics metrics = new SharedOptions.Metrics();
  @Spec private CommandSpec command = CommandSpec.create();

  public CompareCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws InterruptedException {
    Privileges.require("compare");
    InputFile text = InputFile.read(file.toString(), invocation.console().in());
    Topology topology = TopologyReader.read(text.name(), text.text());
    NodeFacts facts = NodeFactsReader.read(false);
    if (wire.wanted()) {
      requireNothingForOneHost();
      requireToken();
    }
    List<String> names = names();
    List<Datapath> datapaths = wire.wanted() ? List.of() : datapaths(names, facts, topology);
    tools.forEach(ForeignTool::require);
    directory.ifPresent(CompareCommand::makeWritable);
    Optional<Results> before = other.map(this::results);
    before.ifPresent(b -> Against.requireSame(other.orElseThrow().toString(), b, topology.name()));
    Results measured = measure(text, topology, facts, names, datapaths);
    Results results =
        measured.concluding(
            goal.map(g -> Recommendation.of(measured, g)),
            before.map(b -> Against.of(other.orElseThrow().toString(), b, measured)));
    if (output.format == OutputFormat.TABLE) {
      boolean colour = invocation.console().colour();
      invocation.console().out().print(ResultTable.render(results, colour));
    } else {
      invocation.console().print(output.format, ResultsJson.toJson(results));
    }
    directory.ifPresent(
        d ->
            ReportFiles.write(results, d)
                .forEach(path -> invocation.console().err().println("written: " + path)));
    return ExitStatus.DONE;
  }

  private Results results(Path of) {
    InputFile text = InputFile.read(of.toString(), invocation.console().in());
    return ResultsJson.read(text.name(), text.text());
  }

  private Results measure(
      InputFile text,
      Topology topology,
      NodeFacts facts,
      List<String> names,
      List<Datapath> datapaths)
      throws InterruptedException {
    Optional<MetricsServer> server = metrics.start(invocation.console());
    try (ClosableProgress progress = invocation.progress()) {
      MeterRegistry registry =
          server.map(MetricsServer::registry).orElseGet(SimpleMeterRegistry::new);
      // Nothing here is worth ending once it is interrupted: the nodes are thrown away.
      ReconcileObserver watcher =
          invocation.logged(new WatchedReconcile(new UntilInterrupted(progress), () -> {}));
      ReconcileObserver observer = new MeteredReconcile(registry, watcher);
      MeasuringBar bar = new MeasuringBar();
      SliceListener listener = (done, total, left, what) -> progress.stage(bar.text(left, what), 0);
      Options options = options();
      if (wire.wanted()) {
        String version = command.root().version()[0];
        return wire.measure(
            invocation,
            text,
            topology,
            facts,
            names,
            options,
            version,
            registry,
            observer,
            listener);
      }
      CompareRun run =
          new CompareRun(
              facts, invocation.kinds(), observer, registry, listener, new PinnedPrograms());
      List<ForeignTool> foreign = tools.stream().distinct().toList();
      if (!extent.quick) {
        progress.note(
            "this takes " + CompareRun.expected(options, datapaths.size(), foreign.size()));
      }
      return run.run(
          text.name(), text.text(), datapaths, invocation.datapaths().values(), options, foreign);
    } finally {
      server.ifPresent(MetricsServer::close);
    }
  }

  /** Rounds that are asked for by number are not added to, unless a precision is asked for too. */
  private Options options() {
    Profile profile = extent.profile();
    Extra usual = rounds.isPresent() && precision.isEmpty() ? Extra.NONE : profile.extra();
    Duration limit =
        precision.isPresent() && usual.timeLimit().isZero()
            ? Extra.DEFAULT.timeLimit()
            : usual.timeLimit();
    return Options.of(profile, seed.orElseGet(Options::freshSeed))
        .of(rounds.orElse(profile.rounds()), slice.orElse(profile.slice()))
        .with(
            new Extra(precision.orElse(usual.precision()), timeLimit.orElse(limit)), minimumEffect);
  }

  private static final class GoalWords extends EnumWords<Goal> {
    private GoalWords() {
      super(Goal.values());
    }
  }

  private static final class ToolWords extends EnumWords<ForeignTool> {
    private ToolWords() {
      super(ForeignTool.values());
    }
  }

  /** How a node that is thrown away came to its end is nobody's concern. */
  private record UntilInterrupted(Progress next) implements Progress {

    @Override
    public void stage(String what, int count) {
      next.stage(what, count);
    }

    @Override
    public void note(String text) {
      if (!Thread.currentThread().isInterrupted()) {
        next.note(text);
      }
    }
  }

  /** The datapaths that were asked for, each once; none: all that can be. */
  private List<String> names() {
    List<String> names = list.map(text -> List.of(text.split(",", -1))).orElse(List.of());
    names.forEach(name -> invocation.datapath(command, name));
    if (Set.copyOf(names).size() < names.size()) {
      throw usage("--datapaths: names one twice: " + list.orElseThrow());
    }
    return names;
  }

  private List<Datapath> datapaths(List<String> names, NodeFacts facts, Topology topology) {
    if (names.isEmpty()) {
      List<Datapath> running =
          invocation.datapaths().values().stream()
              .filter(d -> d.support(facts.features()).runs())
              .filter(d -> Capabilities.refusals(topology, facts, d).isEmpty())
              .toList();
      if (running.isEmpty()) {
        throw new SluiceException(
            Category.ENVIRONMENT,
            "this host can run %s on no datapath; sluice doctor and sluice plan say why"
                .formatted(topology.name()));
      }
      return running;
    }
    List<Datapath> chosen = new ArrayList<>();
    for (String name : names) {
      Datapath datapath = invocation.datapath(command, name);
      Support support = datapath.support(facts.features());
      if (!support.runs()) {
        throw new UnsupportedFeatureException(
            "this host cannot run the " + name + " datapath",
            support.lacks().stream().map(KernelFeature::lack).toList());
      }
      chosen.add(datapath);
    }
    return chosen;
  }

  /** What is asked for and not done between two hosts is refused, not passed over. */
  private void requireNothingForOneHost() {
    if (extent.full || precision.isPresent() || timeLimit.isPresent() || !tools.isEmpty()) {
      throw usage("--peer goes with none of --full, --precision, --time-limit and --tool");
    }
    slice
        .filter(length -> length.compareTo(Peer.LONGEST_SLICE) > 0)
        .ifPresent(
            length -> {
              throw usage(
                  "--slice: with --peer at most %ds".formatted(Peer.LONGEST_SLICE.toSeconds()));
            });
  }

  private void requireToken() {
    if (wire.secret().isEmpty()) {
      throw usage("--peer needs the --token that sluice peer has printed");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** Before minutes of measuring, not after them. */
  private static void makeWritable(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new SluiceException(
          Category.USER, "--out: cannot make " + directory + ": " + IoReason.of(e), e);
    }
    if (!Files.isWritable(directory)) {
      throw new SluiceException(Category.USER, "--out: cannot write to " + directory);
    }
  }
}
