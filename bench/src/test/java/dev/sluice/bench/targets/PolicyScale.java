package dev.sluice.bench.targets;

import dev.sluice.backend.bridge.BridgeDatapath;
import dev.sluice.backend.ebpf.EbpfDatapath;
import dev.sluice.backend.macvlan.MacvlanDatapath;
import dev.sluice.bench.Candidate;
import dev.sluice.bench.Comparison;
import dev.sluice.bench.Options;
import dev.sluice.bench.SliceListener;
import dev.sluice.bench.Stage;
import dev.sluice.bench.VerdictProbe;
import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.ResultTable;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.workload.ConnectRequestResponse;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.bench.workload.UdpNewFlow;
import dev.sluice.bench.workload.Workload;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.sys.Sysctls;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.TopologyReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * Targets 1 to 5: round trips, new TCP connections and new UDP flows on each datapath with 10 to
 * 10,000 policy rules ({@link ManyRules}), without policy, and over raw veth, all alive at once.
 * Arguments: rounds, milliseconds per slice.
 */
final class PolicyScale {

  private static final String FILE = "rules.yaml";
  private static final Map<String, Datapath> DATAPATHS =
      new TreeMap<>(
          Map.of(
              BridgeDatapath.NAME,
              new BridgeDatapath(),
              EbpfDatapath.NAME,
              new EbpfDatapath(),
              MacvlanDatapath.NAME,
              new MacvlanDatapath()));
  private static final List<Integer> RULES = List.of(10, 100, 1_000, 10_000);
  private static final int FEWEST = RULES.get(0);
  private static final int MOST = RULES.get(RULES.size() - 1);

  private PolicyScale() {}

  public static void main(String[] arguments) throws InterruptedException {
    int rounds = Integer.parseInt(arguments[0]);
    Duration slice = Duration.ofMillis(Long.parseLong(arguments[1]));
    ReconcileObserver silent = ReconcileObserver.uncounted(Progress.silent());
    ThrowawayNode.collectLeftovers();
    try (Stage stage =
        new Stage(TopologyReader.read(FILE, ManyRules.withoutPolicy()), Targets.kinds(), silent)) {
      bringUp(stage);
      probe(stage.candidates());
      Results results =
          new Comparison(new SimpleMeterRegistry(), SliceListener.NONE)
              .run(
                  stage.candidates(),
                  new Options(workloads(), rounds, slice, Options.DEFAULT_WARM_UP, 1));
      probe(stage.candidates());
      print(results);
    }
  }

  private static List<Workload> workloads() {
    List<Workload> out = new ArrayList<>();
    for (Mode mode : Mode.PINNED) {
      out.add(new RequestResponse(mode));
      out.add(new ConnectRequestResponse(mode));
      out.add(new UdpNewFlow(mode));
    }
    return out;
  }

  private static void bringUp(Stage stage) {
    NodeFacts facts = NodeFactsReader.read(false);
    stage.addVeth(Candidate.REFERENCE);
    stage.addVeth(Candidate.TWIN);
    DATAPATHS.forEach(
        (name, datapath) -> {
          stage.addDatapath(name, declared(name, ManyRules.withoutPolicy()), datapath, facts);
          for (int rules : RULES) {
            Declared declared = declared(name, ManyRules.of(rules).text());
            stage.addDatapath(name(name, rules), declared, datapath, facts);
          }
        });
    // Servers listen where the kernel chooses: it is to choose an open port.
    String range = ManyRules.FIRST_OPEN + " " + (ManyRules.FIRST_OPEN + ManyRules.OPEN_PORTS - 1);
    for (Candidate candidate : stage.candidates()) {
      candidate
          .endpoints()
          .server()
          .run(() -> Sysctls.write("net/ipv4/ip_local_port_range", range));
    }
  }

  private static Declared declared(String datapath, String text) {
    return new Declared(datapath, FILE, text);
  }

  private static String name(String datapath, int rules) {
    return datapath + "-" + rules;
  }

  /** Where there is policy, it is in force. */
  private static void probe(List<Candidate> candidates) {
    for (Candidate candidate : candidates) {
      if (DATAPATHS.keySet().stream().anyMatch(d -> candidate.name().startsWith(d + "-"))) {
        VerdictProbe probe = new VerdictProbe(candidate.endpoints());
        int first = ManyRules.FIRST_OPEN;
        Set<Protocol> protocols = Set.of(Protocol.TCP, Protocol.UDP);
        int beyond = first + ManyRules.OPEN_PORTS;
        probe.expect(candidate.name(), protocols, first, true);
        probe.expect(candidate.name(), protocols, beyond - 1, true);
        probe.expect(candidate.name(), protocols, first - 1, false);
        probe.expect(candidate.name(), protocols, beyond, false);
        probe.expect(candidate.name(), protocols, 1024, false);
      }
    }
  }

  private static void print(Results results) {
    System.out.println(ResultTable.render(results, false));
    long seed = results.method().seed();
    for (Workload workload : workloads()) {
      Map<String, Result> byName = new TreeMap<>();
      for (Result result : results.results()) {
        if (result.workload().equals(workload.name()) && result.mode() == workload.mode()) {
          byName.put(result.candidate(), result);
        }
      }
      for (String datapath : DATAPATHS.keySet()) {
        for (int rules : RULES.subList(1, RULES.size())) {
          tell(results, workload, byName, name(datapath, rules), name(datapath, FEWEST));
        }
      }
      tell(
          results,
          workload,
          byName,
          name(EbpfDatapath.NAME, MOST),
          name(BridgeDatapath.NAME, MOST));
      tell(results, workload, byName, name(EbpfDatapath.NAME, MOST), Candidate.REFERENCE);
      tell(results, workload, byName, name(MacvlanDatapath.NAME, MOST), Candidate.REFERENCE);
      tell(results, workload, byName, Candidate.TWIN, Candidate.REFERENCE);
      if (workload.mode() == Mode.SAME_CPU) {
        targets(workload, (one, other) -> Targets.ratio(byName.get(one), byName.get(other), seed));
      }
    }
    Environment environment = results.environment();
    System.out.printf(
        Locale.ROOT,
        "%d rounds of %.0f ms; Linux %s, %s, %d CPUs, load %.2f, steal %.2f%%%n",
        results.method().rounds(),
        1000 * results.method().slice(),
        environment.kernel(),
        environment.cpuModel(),
        environment.cpus(),
        environment.loadAverage(),
        100 * environment.stealShare());
  }

  /** Targets 1 to 5, as far as this workload is what they are about. */
  private static void targets(Workload workload, BiFunction<String, String, Estimate> ratio) {
    String ebpf = name(EbpfDatapath.NAME, MOST);
    String bridge = name(BridgeDatapath.NAME, MOST);
    String macvlan = name(MacvlanDatapath.NAME, MOST);
    if (workload instanceof RequestResponse) {
      Targets.tell(
          1, "ebpf, 10k rules / veth, RR", ratio.apply(ebpf, Candidate.REFERENCE), 1.04, 1.025);
      Targets.tell(2, "ebpf / bridge, 10k rules, RR", ratio.apply(ebpf, bridge), 0.83, 0.80);
      Targets.tell(
          4,
          "macvlan, 10k rules / veth, RR",
          ratio.apply(macvlan, Candidate.REFERENCE),
          1.03,
          1.015);
      return;
    }
    String what = workload instanceof UdpNewFlow ? "new UDP flow" : "CRR";
    Targets.tell(3, "ebpf / bridge, 10k rules, " + what, ratio.apply(ebpf, bridge), 0.83, 0.79);
    for (String datapath : DATAPATHS.keySet()) {
      Targets.tell(
          5,
          datapath + ", 10k / 10 rules, " + what,
          ratio.apply(name(datapath, MOST), name(datapath, FEWEST)),
          1.05,
          1.02);
    }
  }

  private static void tell(
      Results results, Workload workload, Map<String, Result> byName, String one, String other) {
    System.out.printf(
        Locale.ROOT,
        "%-26s %12s / %-12s %s%n",
        workload.title(),
        one,
        other,
        Targets.told(Targets.ratio(byName.get(one), byName.get(other), results.method().seed())));
  }
}
