package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backend.bridge.BridgeDatapath;
import dev.sluice.bench.report.CrossChecked;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.kind.Kinds;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CompareRunTest {

  private static final Path THROWAWAY = Path.of("/run/sluice/throwaway");
  private static final Options SHORT =
      new Options(
          Options.of(Options.Profile.USUAL, 1).workloads(),
          2,
          Duration.ofMillis(20),
          Duration.ofMillis(40),
          1);

  private static final String SERVER_AT_443 =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: server}
      spec:
        podSelector: {matchLabels: {app: server}}
        ingress: [{ports: [{port: 443}]}]
      """;

  private static final String DENY_ALL =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny-all}
      spec: {podSelector: {}, ingress: []}
      """;

  private final MeterRegistry registry = new SimpleMeterRegistry();

  private Results compare(String source, SliceListener listener) throws InterruptedException {
    return compare(source, listener, SHORT);
  }

  private Results compare(String source, SliceListener listener, Options options)
      throws InterruptedException {
    return compare(source, listener, options, List.of());
  }

  private Results compare(
      String source, SliceListener listener, Options options, List<ForeignTool> tools)
      throws InterruptedException {
    List<Datapath> datapaths = List.of(new BridgeDatapath());
    ReconcileObserver silent = ReconcileObserver.uncounted(Progress.silent());
    return new CompareRun(
            NodeFactsReader.read(false),
            Kinds.core(),
            silent,
            registry,
            listener,
            ProgramStatistics.NONE)
        .run("two-subnets.yaml", source, datapaths, datapaths, options, tools);
  }

  private static String twoSubnets() throws IOException {
    return Files.readString(Path.of("../examples/two-subnets.yaml"));
  }

  /** 40 s around all, 10 rounds of a slice on 5 candidates, 12 turns of 4 control planes. */
  @Test
  void howLongItTakesIsSaidBeforehand() {
    Options options =
        new Options(
            List.of(new RequestResponse(Mode.SAME_CPU)),
            10,
            Duration.ofMillis(250),
            Duration.ZERO,
            1);
    assertThat(CompareRun.expected(options, 2, 0)).isEqualTo("1 to 2 minutes");
    assertThat(CompareRun.expected(options, 2, 2))
        .as("6 rounds of tools")
        .isEqualTo("4 to 5 minutes");
    Options extended = options.with(new Options.Extra(0.01, Duration.ofMinutes(25)), 0.01);
    assertThat(CompareRun.expected(extended, 2, 0)).isEqualTo("1 to 26 minutes");
  }

  /** Nodes of this process; other tests have theirs. */
  private static List<Path> nodesOfThisProcess() throws IOException {
    if (!Files.isDirectory(THROWAWAY)) {
      return List.of();
    }
    String mine = ProcessHandle.current().pid() + ".";
    try (Stream<Path> nodes = Files.list(THROWAWAY)) {
      return nodes.filter(n -> n.getFileName().toString().startsWith(mine)).toList();
    }
  }

  @Test
  void measuresTheBridgeBesideItsControlsAndTakesAllDown() throws Exception {
    Results outcome = compare(twoSubnets(), SliceListener.NONE);
    assertThat(outcome.candidates())
        .extracting(Results.Path::name)
        .containsExactly("bridge", "veth", "veth-again", "loopback");
    assertThat(outcome.checks())
        .singleElement()
        .satisfies(
            check -> {
              assertThat(check.datapath()).isEqualTo("bridge");
              assertThat(check.probes()).isPositive();
              assertThat(check.agree()).isEqualTo(check.probes());
            });
    assertThat(outcome.results()).allMatch(r -> r.p50() > 0);
    assertThat(outcome.results().stream().filter(r -> r.mode() != Mode.UNPINNED))
        .hasSize(4 * SHORT.workloads().size());
    assertThat(outcome.results().stream().filter(r -> r.mode() == Mode.UNPINNED))
        .extracting(r -> r.workload() + " " + r.candidate())
        .containsExactly(
            "create bridge",
            "create veth",
            "create veth-again",
            "policy-deny bridge",
            "policy-allow bridge",
            "destroy bridge",
            "destroy veth",
            "destroy veth-again");
    assertThat(outcome.leftOut()).isEmpty();
    assertThat(outcome.subject().orElseThrow().routed()).isTrue();
    assertThat(outcome.capabilities())
        .singleElement()
        .satisfies(
            able -> {
              assertThat(able.lacks()).isEmpty();
              assertThat(able.refuses()).isEmpty();
              assertThat(able.promises().stream().mapToInt(Results.Kept::probes).sum())
                  .isEqualTo(outcome.checks().get(0).probes());
            });
    assertThat(outcome.results())
        .as("2 rounds decide nothing")
        .allMatch(r -> r.noiseFloor().isEmpty())
        .allMatch(r -> r.ratio().flatMap(Results.Ratio::interval).isEmpty());
    assertThat(registry.get("sluice.bench.rtt").tag("datapath", "bridge").timer().count())
        .isPositive();
    assertThat(nodesOfThisProcess()).isEmpty();
  }

  @Test
  void measuresOtherNumbersOfRulesAndOfEndpointsAndTheirMemory() throws Exception {
    Options.Scale scale =
        new Options.Scale(
            List.of(10, 100), List.of(2, 5), List.of(new RequestResponse(Mode.SAME_CPU)), 80);
    List<String> heard = new ArrayList<>();
    List<Double> metered = new ArrayList<>();
    SliceListener listener =
        (done, total, left, what) -> {
          heard.add(what);
          double over = registry.get("sluice.bench.progress").gauge().value();
          assertThat(over < 1)
              .as("%s: %s left, %s over", what, left, over)
              .isEqualTo(!left.isZero());
          metered.add(over);
        };
    Results outcome = compare(twoSubnets(), listener, SHORT.with(scale));
    assertThat(heard).contains("tcp-rr (same-cpu) over bridge with 100 rules");
    assertThat(heard.stream().filter("done"::equals)).as("parts").hasSizeGreaterThan(2);
    assertThat(metered.get(0)).isPositive();
    assertThat(metered.stream().filter(over -> over == 1)).as("the last alone").hasSize(1);
    assertThat(nodesOfThisProcess()).isEmpty();
    assertThat(outcome.leftOut()).isEmpty();

    List<Results.Result> rules =
        outcome.results().stream().filter(r -> r.workload().contains("-rules-")).toList();
    assertThat(rules)
        .extracting(r -> r.workload() + " " + r.candidate())
        .containsExactly(
            "tcp-rr-rules-10 bridge",
            "tcp-rr-rules-10 veth",
            "tcp-rr-rules-10 veth-again",
            "tcp-rr-rules-100 bridge",
            "tcp-rr-rules-100 veth",
            "tcp-rr-rules-100 veth-again");
    assertThat(rules)
        .allMatch(r -> r.workload().equals("tcp-rr-rules-" + r.extras().get("rules").intValue()))
        .allMatch(r -> r.figures().size() == SHORT.rounds() && r.p50() > 0);
    assertThat(rules.get(0).figures()).isNotEqualTo(rules.get(3).figures());
    assertThat(rules.get(1).figures()).as("all alive at once").isEqualTo(rules.get(4).figures());
    assertThat(
            registry
                .get("sluice.bench.rtt")
                .tags("datapath", "bridge", "workload", "tcp-rr-rules-100")
                .timer()
                .count())
        .isEqualTo(rules.get(3).samples());

    assertThat(heard).contains("tcp-rr (same-cpu) over bridge with 5 endpoints");
    List<Results.Result> endpoints =
        outcome.results().stream().filter(r -> r.workload().contains("rr-endpoints-")).toList();
    assertThat(endpoints)
        .extracting(r -> r.workload() + " " + r.candidate())
        .containsExactly(
            "tcp-rr-endpoints-2 bridge",
            "tcp-rr-endpoints-2 veth",
            "tcp-rr-endpoints-2 veth-again",
            "tcp-rr-endpoints-5 bridge",
            "tcp-rr-endpoints-5 veth",
            "tcp-rr-endpoints-5 veth-again");
    assertThat(endpoints)
        .allMatch(
            r -> r.workload().equals("tcp-rr-endpoints-" + r.extras().get("endpoints").intValue()))
        .allMatch(r -> r.figures().size() == SHORT.rounds() && r.p50() > 0);
    assertThat(endpoints.get(0).figures()).isNotEqualTo(endpoints.get(3).figures());

    List<Results.Result> memory =
        outcome.results().stream().filter(r -> r.metric() == Metric.MEMORY).toList();
    assertThat(memory)
        .extracting(r -> r.workload() + " " + r.candidate())
        .containsExactly(
            "endpoint-memory bridge",
            "endpoint-memory veth",
            "endpoint-memory veth-again",
            "node-memory-endpoints-16 bridge",
            "node-memory-endpoints-16 veth",
            "node-memory-endpoints-16 veth-again",
            "node-memory-endpoints-64 bridge",
            "node-memory-endpoints-64 veth",
            "node-memory-endpoints-64 veth-again",
            "node-memory-endpoints-80 bridge",
            "node-memory-endpoints-80 veth",
            "node-memory-endpoints-80 veth-again");
    assertThat(memory)
        .as("about 280 KiB; others take and give back meanwhile")
        .allMatch(r -> r.p50() > 1 << 10 && r.p50() < 8 << 20);
    Results.Result each = memory.get(0);
    assertThat(each.extras()).containsKey("bytesPerNode");
    // Whatever others took: of one round the node's share is in all of them, by as many.
    for (int round = 0; round < SHORT.rounds(); round++) {
      double few = 16 * (memory.get(3).figures().get(round) - each.figures().get(round));
      double many = 64 * (memory.get(6).figures().get(round) - each.figures().get(round));
      assertThat(few).isCloseTo(many, within(1.0));
    }
  }

  @Test
  void toolsOfOthersMeasureAgainWherePolicyLeavesThemOnePort() throws Exception {
    List<ForeignTool> tools = List.of(ForeignTool.IPERF3, ForeignTool.SOCKPERF);
    tools.forEach(ForeignTool::require);
    // No workload that leaves connections in TIME_WAIT: sockperf would wait a minute for them.
    Options once =
        new Options(
            List.of(new RequestResponse(Mode.SAME_CPU)), 1, SHORT.slice(), SHORT.warmUp(), 1);
    Map<String, Duration> left = new LinkedHashMap<>();
    SliceListener listener =
        (done, total, time, what) -> left.putIfAbsent(what.replaceAll(" (over|can) .*", ""), time);
    Results outcome = compare(twoSubnets() + SERVER_AT_443, listener, once, tools);
    assertThat(left.get("iperf3").minus(left.get("sockperf")))
        .as("by the first, the second's time is still to come")
        .isEqualTo(CrossCheck.expected(once, 4));
    assertThat(left.get("until sockperf")).isGreaterThan(left.get("sockperf"));
    assertThat(outcome.crossChecks())
        .extracting(c -> c.tool() + " " + c.workload() + " " + c.unit())
        .containsExactly("iperf3 tcp-stream bytes/s", "sockperf tcp-rr ns");
    for (CrossChecked check : outcome.crossChecks()) {
      assertThat(check.figures())
          .extracting(CrossChecked.Figures::candidate)
          .containsExactly("bridge", "veth", "veth-again", "loopback");
      // The same path by another program, at another second of a machine that is not idle.
      assertThat(check.figures())
          .allMatch(f -> f.builtIn().size() == 1 && f.foreign().size() == 1)
          .allMatch(f -> f.agreement().median() > 0.2 && f.agreement().median() < 5)
          .filteredOn(f -> f.builtInRatio().isEmpty())
          .extracting(CrossChecked.Figures::candidate)
          .containsExactly("veth");
    }
    assertThat(
            registry
                .get("sluice.bench.rtt")
                .tags("datapath", "bridge", "workload", "tcp-rr-by-sockperf", "mode", "same-cpu")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(ProcessHandle.current().children()).isEmpty();
    assertThat(nodesOfThisProcess()).isEmpty();
  }

  /** The nodes of a comparison have no interface that leads out. */
  @Test
  void anUplinkIsStoodInFor() throws Exception {
    String source = twoSubnets().replace("{name: red,", "{name: red, uplink: up0,");
    assertThat(source).contains("uplink: up0");
    assertThat(compare(source, SliceListener.NONE).checks())
        .singleElement()
        .matches(check -> check.probes() > 0 && check.agree() == check.probes());
  }

  @Test
  void theClientsInterfaceIsToldAsTheKernelHasIt() throws Exception {
    String source = twoSubnets();
    String narrow = source.replaceFirst("\\{name: blue,", "{name: blue, mtu: 1400,");
    assertThat(narrow).isNotEqualTo(source);
    List<Results.Path> paths = compare(narrow, SliceListener.NONE).candidates();
    assertThat(paths)
        .extracting(path -> path.name() + " " + path.mtu())
        .containsExactly("bridge 1500", "veth 1400", "veth-again 1400", "loopback 1400");
    assertThat(paths)
        .allSatisfy(path -> assertThat(path.offloads().orElseThrow()).contains("tx-scatter-gather"))
        .filteredOn(path -> path.offloads().orElseThrow().contains("loopback"))
        .extracting(Results.Path::name)
        .containsExactly("loopback");
  }

  @Test
  void policyIsHonouredInWhatIsMeasured() throws Exception {
    Results outcome = compare(twoSubnets() + SERVER_AT_443, SliceListener.NONE);
    assertThat(outcome.results()).allMatch(r -> r.p50() > 0);
    assertThat(outcome.results().stream().filter(r -> r.mode() != Mode.UNPINNED))
        .hasSize(4 * (SHORT.workloads().size() - 1))
        .noneMatch(r -> r.workload().startsWith("udp"));
    assertThat(outcome.results().stream().filter(r -> r.mode() == Mode.UNPINNED))
        .extracting(r -> r.workload() + " " + r.candidate())
        .containsExactly(
            "create bridge",
            "create veth",
            "create veth-again",
            "policy-deny bridge",
            "policy-allow bridge",
            "destroy bridge",
            "destroy veth",
            "destroy veth-again");
    assertThat(outcome.leftOut())
        .containsExactly(
            new Results.LeftOut("udp-rr", "policy lets client send server no UDP, at any port"));
    assertThat(outcome.subject().orElseThrow().routed()).isTrue();
    assertThat(outcome.capabilities())
        .singleElement()
        .satisfies(
            able -> {
              assertThat(able.lacks()).isEmpty();
              assertThat(able.refuses()).isEmpty();
              assertThat(able.promises().stream().mapToInt(Results.Kept::probes).sum())
                  .isEqualTo(outcome.checks().get(0).probes());
            });
  }

  @Test
  void whereNobodyMayConnectThereIsNothingToMeasure() throws Exception {
    assertThatThrownBy(() -> compare(twoSubnets() + DENY_ALL, SliceListener.NONE))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("isolated by default/deny-all");
    assertThat(nodesOfThisProcess()).isEmpty();
  }

  @Test
  void takesAllDownWhenInterrupted() throws Exception {
    SliceListener interrupting =
        (done, total, left, what) -> {
          if (done == 3) {
            Thread.currentThread().interrupt();
          }
        };
    assertThatThrownBy(() -> compare(twoSubnets(), interrupting))
        .isInstanceOf(InterruptedException.class);
    assertThat(nodesOfThisProcess()).isEmpty();
  }

  @Test
  void aTopologyWithOneEndpointIsNothingToMeasure() throws Exception {
    String source = twoSubnets();
    String one = source.substring(0, source.indexOf("    - name: server"));
    assertThatThrownBy(() -> compare(one, SliceListener.NONE))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("no two endpoints");
    assertThat(nodesOfThisProcess()).isEmpty();
  }
}
