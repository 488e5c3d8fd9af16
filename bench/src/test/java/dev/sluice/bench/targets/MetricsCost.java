package dev.sluice.bench.targets;

import dev.sluice.backend.ebpf.EbpfDatapath;
import dev.sluice.bench.Candidate;
import dev.sluice.bench.Comparison;
import dev.sluice.bench.Options;
import dev.sluice.bench.SliceListener;
import dev.sluice.bench.Stage;
import dev.sluice.bench.report.ResultTable;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.workload.BulkStream;
import dev.sluice.bench.workload.Endpoints;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.metrics.MeteredDrops;
import dev.sluice.core.metrics.MeteredRoom;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.sys.Sysctls;
import dev.sluice.core.topology.TopologyReader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Target 12: a stream and round trips on eBPF under 10,000 rules, while its counters and maps are
 * scraped each second, beside the same pair while nobody looks. Arguments: rounds, seconds per
 * slice.
 */
final class MetricsCost {

  private static final String FILE = "rules.yaml";
  private static final int RULES = 10_000;
  private static final int MTU = 1500;
  private static final String PLAIN = EbpfDatapath.NAME;
  private static final String SCRAPED = EbpfDatapath.NAME + "-scraped";

  private MetricsCost() {}

  public static void main(String[] arguments) throws InterruptedException {
    int rounds = Integer.parseInt(arguments[0]);
    Duration slice = Duration.ofSeconds(Long.parseLong(arguments[1]));
    ReconcileObserver silent = ReconcileObserver.uncounted(Progress.silent());
    ThrowawayNode.collectLeftovers();
    try (Stage stage =
            new Stage(
                TopologyReader.read(FILE, ManyRules.withoutPolicy()), Targets.kinds(), silent);
        ThrowawayNode node = ThrowawayNode.create("metered")) {
      stage.addVeth(Candidate.REFERENCE);
      stage.addVeth(Candidate.TWIN);
      Topologies topologies =
          new Topologies(
              node.node(),
              NodeFactsReader.read(false),
              Targets.kinds(),
              Map.of(EbpfDatapath.NAME, new EbpfDatapath()),
              silent);
      topologies.apply(new Declared(EbpfDatapath.NAME, FILE, ManyRules.of(RULES).text()));
      try (Netns client = Netns.open(node.node().published("client"));
          Netns server = Netns.open(node.node().published("server"))) {
        int first = ManyRules.FIRST_OPEN;
        String range = first + " " + (first + ManyRules.OPEN_PORTS - 1);
        server.run(() -> Sysctls.write("net/ipv4/ip_local_port_range", range));
        Endpoints endpoints =
            new Endpoints(client, server, IpAddress.parse(ManyRules.SERVER_ADDRESS));
        List<Candidate> candidates = new ArrayList<>(stage.candidates());
        candidates.add(new Candidate(PLAIN, endpoints, MTU));
        candidates.add(new Candidate(SCRAPED, endpoints, MTU));
        measure(topologies, candidates, rounds, slice);
      }
    }
  }

  private static void measure(
      Topologies topologies, List<Candidate> candidates, int rounds, Duration slice)
      throws InterruptedException {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new MeteredDrops(
        registry, EbpfDatapath.NAME, () -> topologies.counts("rules").orElseGet(Counts::none));
    new MeteredRoom(registry, EbpfDatapath.NAME, () -> topologies.rooms("rules"));
    try (Scraper scraper = new Scraper(registry)) {
      Results results =
          new Comparison(new SimpleMeterRegistry(), scraper)
              .run(
                  candidates,
                  new Options(
                      List.of(new RequestResponse(Mode.SAME_CPU), new BulkStream(Mode.SAME_CPU)),
                      rounds,
                      slice,
                      Options.DEFAULT_WARM_UP,
                      1));
      System.out.println(ResultTable.render(results, false));
      System.out.printf(
          Locale.ROOT,
          "scraped %d times, %.1f ms each%n",
          scraper.scrapes,
          scraper.nanos / 1e6 / Math.max(1, scraper.scrapes));
      Targets.tell(12, "RR, scraped / not", ratio(results, "tcp-rr", SCRAPED, PLAIN), 1.01, 1.0);
      Targets.tell(
          12,
          "stream, not scraped / scraped",
          ratio(results, "tcp-stream", PLAIN, SCRAPED),
          1.01,
          1.0);
    }
  }

  private static Estimate ratio(Results results, String workload, String one, String other) {
    return Targets.ratio(
        result(results, workload, one), result(results, workload, other), results.method().seed());
  }

  private static Result result(Results results, String workload, String candidate) {
    return results.results().stream()
        .filter(r -> r.workload().equals(workload) && r.candidate().equals(candidate))
        .findFirst()
        .orElseThrow();
  }

  /** Scrapes at once and then each second, while a slice runs that is to be measured so. */
  private static final class Scraper implements SliceListener, AutoCloseable {

    private static final long PERIOD = Duration.ofSeconds(1).toNanos();

    private final PrometheusMeterRegistry registry;
    private final Thread thread = new Thread(this::run, "scraper");
    private volatile boolean wanted;
    private volatile boolean closed;
    private volatile int scrapes;
    private volatile long nanos;

    Scraper(PrometheusMeterRegistry registry) {
      this.registry = registry;
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void at(int done, int total, Duration left, String what) {
      wanted = what.contains("over " + SCRAPED);
      LockSupport.unpark(thread);
    }

    private void run() {
      int count = 0;
      long sum = 0;
      while (!closed) {
        if (wanted) {
          long from = System.nanoTime();
          registry.scrape();
          sum += System.nanoTime() - from;
          nanos = sum;
          scrapes = ++count;
        }
        LockSupport.parkNanos(PERIOD);
      }
    }

    @Override
    public void close() {
      closed = true;
      LockSupport.unpark(thread);
    }
  }
}
