package dev.sluice.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.backend.bridge.BridgeDatapath;
import dev.sluice.bench.CompareRun;
import dev.sluice.bench.Options;
import dev.sluice.bench.ProgramStatistics;
import dev.sluice.bench.SliceListener;
import dev.sluice.bench.workload.BulkStream;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.OpenLoop;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.bench.workload.UdpFlood;
import dev.sluice.cli.TestTopology;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.metrics.MeteredDrops;
import dev.sluice.core.metrics.MeteredReconcile;
import dev.sluice.core.metrics.MeteredRoom;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Room;
import dev.sluice.core.reconcile.kind.Kinds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the dashboard in {@code docs} asks for is what a scrape of a comparison has. */
@Timeout(120)
class DashboardTest {

  private static final Path DASHBOARD = Path.of("../docs/grafana-dashboard.json");
  private static final Pattern SELECTOR = Pattern.compile("([a-z_]+)\\{([^}]*)\\}");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+)=~?\"[^\"]*\"");
  private static final Pattern BY = Pattern.compile("by \\(([^)]*)\\)");
  private static final Pattern LEGEND = Pattern.compile("\\{\\{([a-z_]+)\\}\\}");

  private static final Pattern VALUES =
      Pattern.compile("label_values\\(\\{__name__=~\"([^\"]*)\"\\}, ([a-z_]+)\\)");

  private record Query(String expression, String legend) {}

  private static List<Query> queries() throws Exception {
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        queries.add(new Query(target.path("expr").asText(), target.path("legendFormat").asText()));
      }
    }
    return queries;
  }

  /** The labels of each metric, as Prometheus would read them. */
  private static Map<String, Set<String>> exposed(String exposition) {
    Map<String, Set<String>> exposed = new HashMap<>();
    for (String line : exposition.lines().filter(l -> !l.startsWith("#")).toList()) {
      String series = line.substring(0, line.lastIndexOf(' '));
      MatchResult whole =
          SELECTOR
              .matcher(series)
              .results()
              .findFirst()
              .orElseGet(() -> SELECTOR.matcher(series + "{}").results().findFirst().orElseThrow());
      Set<String> labels = exposed.computeIfAbsent(whole.group(1), n -> new HashSet<>());
      MATCHER.matcher(whole.group(2)).results().forEach(m -> labels.add(m.group(1)));
    }
    return exposed;
  }

  private static String scrapeAfterAComparison() throws Exception {
    try (MetricsServer server =
        MetricsServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      List<Datapath> datapaths = List.of(new BridgeDatapath());
      Mode mode = Mode.SAME_CPU;
      Options options =
          new Options(
              List.of(
                  new RequestResponse(mode),
                  new OpenLoop(mode),
                  new BulkStream(mode),
                  new UdpFlood(mode)),
              1,
              Duration.ofMillis(20),
              Duration.ofMillis(20),
              1,
              Options.Extra.NONE,
              Options.DEFAULT_MINIMUM_EFFECT,
              new Options.Scale(List.of(), List.of(), List.of(), 64));
      new CompareRun(
              NodeFactsReader.read(false),
              Kinds.core(),
              new MeteredReconcile(
                  server.registry(), ReconcileObserver.uncounted(Progress.silent())),
              server.registry(),
              SliceListener.NONE,
              ProgramStatistics.NONE)
          .run("pair.yaml", TestTopology.YAML, datapaths, datapaths, options, List.of());
      // As a check has them.
      new MeteredDrops(server.registry(), "bridge", Counts::none);
      new MeteredRoom(server.registry(), "ebpf", () -> List.of(new Room("established", 1, 2)));
      HttpRequest request = HttpRequest.newBuilder(URI.create(server.url())).build();
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  @Test
  void everyQueryAsksForWhatThereIs() throws Exception {
    Map<String, Set<String>> exposed = exposed(scrapeAfterAComparison());
    List<Query> queries = queries();
    assertThat(queries).hasSizeGreaterThan(12);
    for (Query query : queries) {
      List<MatchResult> selectors = SELECTOR.matcher(query.expression).results().toList();
      assertThat(selectors).as(query.expression).isNotEmpty();
      Set<String> known = new HashSet<>();
      for (MatchResult selector : selectors) {
        assertThat(exposed).as(query.expression).containsKey(selector.group(1));
        Set<String> labels = exposed.get(selector.group(1));
        assertThat(labels)
            .as(query.expression)
            .containsAll(
                MATCHER.matcher(selector.group(2)).results().map(m -> m.group(1)).toList());
        known.addAll(labels);
      }
      List<String> used = new ArrayList<>();
      BY.matcher(query.expression)
          .results()
          .forEach(m -> used.addAll(List.of(m.group(1).split(", ", -1))));
      LEGEND.matcher(query.legend).results().forEach(m -> used.add(m.group(1)));
      assertThat(known).as(query.expression + " and " + query.legend).containsAll(used);
      assertThat(SELECTOR.matcher(query.expression).replaceAll(""))
          .as("no metric is asked for without a selector")
          .doesNotContain("sluice_");
      assertThat(unclosed(query.expression)).as(query.expression).isEmpty();
    }
    MatchResult variable = VALUES.matcher(datapathsQuery()).results().findFirst().orElseThrow();
    assertThat(exposed.entrySet())
        .filteredOn(e -> e.getKey().matches(variable.group(1)))
        .as("metrics that have the label whose values the variable takes")
        .anyMatch(e -> e.getValue().contains(variable.group(2)));
  }

  private static String datapathsQuery() throws Exception {
    for (JsonNode variable : new ObjectMapper().readTree(DASHBOARD.toFile()).findPath("list")) {
      if (variable.path("name").asText().equals("datapath")) {
        String query = variable.path("query").path("query").asText();
        assertThat(variable.path("definition").asText()).isEqualTo(query);
        return query;
      }
    }
    throw new AssertionError("no variable datapath in " + DASHBOARD);
  }

  /** The brackets of a query that have no other. */
  private static String unclosed(String expression) {
    String brackets = expression.replaceAll("\"[^\"]*\"|[^(){}\\[\\]]", "");
    String next = brackets.replaceAll("\\(\\)|\\{\\}|\\[\\]", "");
    return next.equals(brackets) ? brackets : unclosed(next);
  }

  @Test
  void variablesChooseThePrometheusAndTheDatapath() throws Exception {
    String text = Files.readString(DASHBOARD);
    JsonNode dashboard = new ObjectMapper().readTree(text);
    assertThat(dashboard.path("templating").path("list").findValuesAsText("name"))
        .containsExactly("datasource", "datapath");
    for (JsonNode panel : dashboard.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        assertThat(target.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
      }
    }
  }
}
