package dev.sluice.bench.report;

import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Noise;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Cpus;
import dev.sluice.bench.workload.Mode;
import dev.sluice.core.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The outcome of one comparison.
 *
 * @param wire to the other host, where the server was there; {@code environment} is the client's
 * @param subject what was compared on
 * @param candidates in the order they were given
 * @param checks of each datapath, with real packets, before the timing; after it they are repeated
 * @param capabilities of every datapath that there is, measured or not
 * @param leftOut workloads that were wanted and could not be run
 * @param results workload by workload, within each in the order of the candidates; after those of
 *     the topology as it is those under more and more rules, memory, and the control plane
 * @param programs what BPF programs of the candidates took, in slices of their own
 * @param crossChecks what tools of others have measured, if that was asked for
 * @param recommendation for the goal that was asked for
 * @param against another run beside this one, if that was asked for
 */
public record Results(
    Environment environment,
    Optional<Wire> wire,
    Method method,
    Optional<Subject> subject,
    List<Path> candidates,
    List<Check> checks,
    List<Capability> capabilities,
    List<LeftOut> leftOut,
    List<Result> results,
    List<ProgramTime> programs,
    List<CrossChecked> crossChecks,
    Optional<Recommendation> recommendation,
    Optional<Against> against) {

  public Results {
    candidates = List.copyOf(candidates);
    checks = List.copyOf(checks);
    capabilities = List.copyOf(capabilities);
    leftOut = List.copyOf(leftOut);
    results = List.copyOf(results);
    programs = List.copyOf(programs);
    crossChecks = List.copyOf(crossChecks);
  }

  /** What every ratio is to, in words. */
  String reference() {
    return wire.isPresent() ? "raw macvlan" : "raw veth";
  }

  /** What was measured of candidates of whom nothing else is known. */
  public static Results measured(
      Environment environment,
      Method method,
      List<Path> candidates,
      List<Result> results,
      List<ProgramTime> programs) {
    return new Results(
        environment,
        Optional.empty(),
        method,
        Optional.empty(),
        candidates,
        List.of(),
        List.of(),
        List.of(),
        results,
        programs,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  /** The same, with what is concluded from it. */
  public Results concluding(Optional<Recommendation> choice, Optional<Against> other) {
    return new Results(
        environment,
        wire,
        method,
        subject,
        candidates,
        checks,
        capabilities,
        leftOut,
        results,
        programs,
        crossChecks,
        choice,
        other);
  }

  /**
   * A wire between this host and another.
   *
   * @param address of the peer that commanded there
   * @param parent this host's device on the wire
   * @param peerParent the other's
   * @param device what this host's device on the wire is like
   * @param peerDevice what the other's is like
   * @param peer the other host
   */
  public record Wire(
      String address,
      String parent,
      String peerParent,
      Optional<Device> device,
      Optional<Device> peerDevice,
      Environment peer,
      List<Ends> ends) {
    public Wire {
      ends = List.copyOf(ends);
    }
  }

  /**
   * An interface that packets are measured through.
   *
   * @param mtu bytes
   * @param offloads what it takes over from the stack, by the kernel's names (ethtool features that
   *     are on); empty where the kernel does not tell
   */
  public record Device(int mtu, Optional<List<String>> offloads) {
    public Device {
      offloads = offloads.map(List::copyOf);
    }
  }

  /** What a candidate is at the client's end, and at the server's: a datapath, or a reference. */
  public record Ends(String candidate, String here, String there) {}

  /**
   * How it was measured.
   *
   * @param rounds measured at least, without the warm-up
   * @param slice seconds
   * @param precision rounds were added until every ratio's interval reached no farther from its
   *     median, as a share, or the time was over
   * @param timeLimit seconds, after which no round was added; 0: none was at all
   * @param minimumEffect the least difference that is called one, as a share
   */
  public record Method(
      int rounds,
      double slice,
      long seed,
      double precision,
      double timeLimit,
      double minimumEffect) {}

  /**
   * The topology, and the two endpoints that traffic ran between.
   *
   * @param rules of all policies, each a rule of ingress or egress
   * @param uplinks of its networks, by name; empty in files of before there was this
   * @param wires its networks' parents, the same
   * @param digest of the topology with its policies: of two files that measure the same it is the
   *     same; empty in files of before there was this
   */
  public record Subject(
      String topology,
      int networks,
      int endpoints,
      int policies,
      int rules,
      String client,
      String server,
      boolean routed,
      Optional<List<String>> uplinks,
      Optional<List<OnWire>> wires,
      Optional<String> digest) {
    public Subject {
      uplinks = uplinks.map(List::copyOf);
      wires = wires.map(List::copyOf);
    }

    /** {@code networks}: how many of the topology's are in use. */
    public static Subject of(
        Topology topology, int networks, String client, String server, boolean routed) {
      return new Subject(
          topology.name(),
          networks,
          topology.endpoints().size(),
          topology.policies().size(),
          topology.policies().stream().mapToInt(p -> p.ingress().size() + p.egress().size()).sum(),
          client,
          server,
          routed,
          Optional.of(
              topology.networks().stream().flatMap(n -> n.uplink().stream()).distinct().toList()),
          Optional.of(OnWire.of(topology)),
          Optional.of(TopologyDigest.of(topology)));
    }
  }

  /**
   * Endpoints as hosts of a wire.
   *
   * @param parent the node's device on it
   * @param macs of endpoints, at that device's port of a switch beside its own
   */
  public record OnWire(String parent, int macs) {

    private static List<OnWire> of(Topology topology) {
      Map<String, Integer> macs = new LinkedHashMap<>();
      topology.endpoints().stream()
          .flatMap(e -> e.interfaces().stream())
          .flatMap(i -> topology.network(i.network()).parent().stream())
          .forEach(parent -> macs.merge(parent, 1, Integer::sum));
      return macs.entrySet().stream().map(e -> new OnWire(e.getKey(), e.getValue())).toList();
    }
  }

  /** How many probes of a datapath did what the topology promises; controls promise nothing. */
  public record Check(String datapath, int probes, int agree) {}

  /**
   * What a datapath can do for the topology on this host.
   *
   * @param lacks what it would need of the kernel, with the config option
   * @param refuses what of the topology it cannot honour, by path
   * @param notes what is used instead of something better
   * @param promises what was tried with real packets; empty where it did not run
   */
  public record Capability(
      String datapath,
      String summary,
      List<String> lacks,
      List<String> refuses,
      List<String> notes,
      List<Kept> promises) {
    public Capability {
      lacks = List.copyOf(lacks);
      refuses = List.copyOf(refuses);
      notes = List.copyOf(notes);
      promises = List.copyOf(promises);
    }
  }

  /** A sort of promise, in words, and how many probes showed that it is kept. */
  public record Kept(String promise, int probes) {

    /** How a promise ends that policy stops something. */
    public static final String STOPPED = ": stopped where policy denies it";

    /** What is in a promise that the node reaches endpoints. */
    public static final String FROM_NODE = " from the node to an endpoint";

    boolean ofPolicy() {
      return promise.endsWith(STOPPED);
    }

    boolean ofNodeAccess() {
      return promise.contains(FROM_NODE) && !ofPolicy();
    }
  }

  /** A workload that was not run, and why. */
  public record LeftOut(String workload, String why) {

    /** As policy forbids what it would send. */
    public static LeftOut ofUdp(String workload, String client, String server) {
      return new LeftOut(
          workload, "policy lets %s send %s no UDP, at any port".formatted(client, server));
    }
  }

  /**
   * A candidate as it stands in the report.
   *
   * @param mtu of the client's interface, bytes
   * @param offloads of the same, as those of a {@link Device}
   */
  public record Path(String name, String serverAddress, int mtu, Optional<List<String>> offloads) {
    public Path {
      offloads = offloads.map(List::copyOf);
    }

    /** By its client's interface. */
    public static Path of(String name, String serverAddress, Device device) {
      return new Path(name, serverAddress, device.mtu(), device.offloads());
    }
  }

  /**
   * One workload on one candidate.
   *
   * @param cpus that the two ends were pinned to; empty: the kernel chose
   * @param p50 and the others: in the metric's unit; of round trips over all transactions, of a
   *     stream over its slices
   * @param samples how many values the percentiles are of
   * @param figures the slice's figure of each round, in order: those of two candidates of a
   *     workload are pairs
   * @param percentiles of all transactions; empty where there are none
   * @param extras what else was seen, by name: {@code loss}, a share; {@code held}, connections;
   *     {@code bytesPerConnection}; {@code bytesPerNode}; {@code rules} or {@code endpoints}, how
   *     many there were
   * @param ratio to the reference; the reference itself has none
   * @param noise of the machine, while this workload and mode ran on any candidate
   * @param noiseFloor of this workload and mode, as a share; empty where there is no A/A pair, and
   *     below {@link Verdict#LEAST_ROUNDS} rounds
   */
  public record Result(
      String candidate,
      String workload,
      Mode mode,
      Optional<Cpus> cpus,
      Metric metric,
      double p50,
      double p90,
      double p99,
      long samples,
      List<Double> figures,
      List<Quantile> percentiles,
      Map<String, Double> extras,
      Optional<Cost> cost,
      Optional<Ratio> ratio,
      Optional<Double> noiseFloor,
      Noise noise,
      Verdict verdict) {
    public Result {
      figures = List.copyOf(figures);
      percentiles = List.copyOf(percentiles);
      extras = Map.copyOf(extras);
    }
  }

  /** {@code percent} of all values do not exceed {@code value}. */
  public record Quantile(double percent, double value) {}

  /**
   * CPU time per transaction, packet or gigabyte, nanoseconds.
   *
   * @param per what it is divided by
   * @param process of this process, user and system, exact
   * @param user of the whole machine, as are the next two
   * @param figures of the whole machine in each round, in order; empty where some slice was so
   *     short that the kernel counted nothing, and in files of before there was this
   * @param ratio of these to those of the reference, round by round; the reference has none
   * @param noiseFloor of these, as that of a {@link Result}
   */
  public record Cost(
      String per,
      double process,
      double user,
      double system,
      double softirq,
      Optional<List<Double>> figures,
      Optional<Ratio> ratio,
      Optional<Double> noiseFloor) {
    public Cost {
      figures = figures.map(List::copyOf);
    }

    /** Of the whole machine. */
    public double machine() {
      return user + system + softirq;
    }
  }

  /**
   * What one BPF program took.
   *
   * @param runs in the slice
   * @param nanosPerRun on average, two looks at the clock included
   * @param runsPerUnit per transaction, packet or byte of the workload
   */
  public record ProgramTime(
      String candidate,
      String workload,
      String program,
      long runs,
      double nanosPerRun,
      double runsPerUnit) {}

  /**
   * The median of the per-round ratios of the slices' figures to those of {@code to}.
   *
   * @param interval that holds the true median with 95%; empty below {@link Verdict#LEAST_ROUNDS}
   *     rounds, of which there is none
   */
  public record Ratio(String to, double median, Optional<Interval> interval) {}

  /** The bounds of a 95% interval. */
  public record Interval(double low, double high) {}
}
