package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser (Debian's chromium): it draws, without errors, what is in the JSON. */
@Timeout(180)
class BrowserTest {

  private static final Pattern CHART =
      Pattern.compile(
          "<div class=\"chart\"[^>]*? data-kind=\"([a-z]+)\" data-workload=\"([a-z0-9-]*)\""
              + " data-mode=\"([a-z-]*)\"[^>]*? data-drawn=\"([^\"]+)\"");

  @TempDir private Path directory;

  private record Page(String dom, String log) {

    /** The series of a chart: name and data. */
    JsonNode chart(String kind, String workload, String mode) throws IOException {
      List<MatchResult> charts = CHART.matcher(dom).results().toList();
      String series =
          charts.stream()
              .filter(c -> c.group(1).equals(kind))
              .filter(c -> c.group(2).equals(workload) && c.group(3).equals(mode))
              .map(c -> c.group(4).replace("&quot;", "\"").replace("&amp;", "&"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no chart " + kind + " of " + charts.size()));
      return new ObjectMapper().readTree(series);
    }
  }

  private Page open(Results results, String... more) throws Exception {
    ReportFiles.write(results, directory);
    Path dom = directory.resolve("dom");
    Path log = directory.resolve("log");
    List<String> command =
        new ArrayList<>(
            List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--enable-logging=stderr",
                "--virtual-time-budget=10000",
                "--user-data-dir=" + directory.resolve("profile"),
                "--dump-dom"));
    command.addAll(List.of(more));
    command.add(directory.resolve("report.html").toUri().toString());
    Process browser =
        new ProcessBuilder(command)
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      assertThat(browser.waitFor(150, TimeUnit.SECONDS)).as("chromium ends").isTrue();
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly();
    }
    return new Page(Files.readString(dom), Files.readString(log));
  }

  @Test
  void theChartsHoldTheFiguresOfTheJson() throws Exception {
    Results results = ResultsSample.create();
    Page page = open(results);
    assertThat(page.log).doesNotContain("CONSOLE");
    assertThat(page.dom).contains("<svg").contains("id=\"environment\"");

    JsonNode ratios = page.chart("ratios", "", "times");
    Result bridge = results.results().get(0);
    JsonNode drawn = series(ratios, "bridge").path(0);
    assertThat(
            List.of(drawn.path(1).asDouble(), drawn.path(2).asDouble(), drawn.path(3).asDouble()))
        .containsExactly(1.108, 1.104, 1.112);
    assertThat(series(ratios, "bridge")).as("rates and tails have charts of their own").hasSize(1);
    for (Result tail : of(results, "tcp-open-loop", r -> r.ratio().isPresent())) {
      JsonNode bar = series(page.chart("ratios", "", "tails"), tail.candidate());
      assertThat(bar).hasSize(1);
      holds(bar.path(0), 0, tail);
    }
    assertThat(series(page.chart("ratios", "", "rates"), "ebpf").path(0).path(1).asDouble())
        .isEqualTo(0.99);

    JsonNode curve = series(page.chart("percentiles", "tcp-rr", "same-cpu"), "bridge");
    assertThat(curve).hasSize(bridge.percentiles().size() - 1);
    assertThat(curve.path(0).path(1).asDouble()).isEqualTo(bridge.p50() / 1e3);
    JsonNode tails = series(page.chart("percentiles", "tcp-open-loop", "cross-cpu"), "ebpf");
    Result ebpf = of(results, "tcp-open-loop", r -> r.candidate().equals("ebpf")).get(0);
    assertThat(tails.path(2).path(1).asDouble()).isEqualTo(ebpf.percentiles().get(2).value() / 1e3);

    lineHolds(page, results, "tcp-rr-rules", "same-cpu", List.of(10, 1000));
    lineHolds(page, results, "tcp-rr-endpoints", "same-cpu", List.of(2, 256));
    lineHolds(page, results, "node-memory-endpoints", "unpinned", List.of(16, 64));

    JsonNode softirq = series(page.chart("cost", "", ""), "softirq");
    assertThat(softirq.path(0).asDouble())
        .isEqualTo(bridge.cost().orElseThrow().softirq() / 1e3)
        .isPositive();

    JsonNode control = page.chart("control", "", "");
    for (Result r : results.results()) {
      if (r.metric() == Metric.DURATION) {
        assertThat(series(control, r.candidate()).path(0).asDouble()).isEqualTo(r.p50() / 1e6);
      }
    }
  }

  private static List<Result> of(Results results, String workload, Predicate<Result> wanted) {
    List<Result> found =
        results.results().stream()
            .filter(r -> r.workload().equals(workload))
            .filter(wanted)
            .toList();
    assertThat(found).as(workload).isNotEmpty();
    return found;
  }

  /** Behind where it stands, a point has the ratio and the ends of its interval. */
  private static void holds(JsonNode point, double at, Result result) {
    Results.Ratio ratio = result.ratio().orElseThrow();
    Results.Interval interval = ratio.interval().orElseThrow();
    double[] wanted = {at, ratio.median(), interval.low(), interval.high()};
    assertThat(point).hasSize(wanted.length);
    for (int i = 0; i < wanted.length; i++) {
      assertThat(point.path(i).asDouble()).isEqualTo(wanted[i]);
    }
  }

  private static void lineHolds(
      Page page, Results results, String workload, String mode, List<Integer> sizes)
      throws IOException {
    JsonNode chart = page.chart("scale", workload, mode);
    for (String datapath : List.of("bridge", "ebpf")) {
      JsonNode line = series(chart, datapath);
      assertThat(line).hasSize(sizes.size());
      for (int i = 0; i < sizes.size(); i++) {
        int size = sizes.get(i);
        Result at = of(results, workload + "-" + size, r -> r.candidate().equals(datapath)).get(0);
        holds(line.path(i), size, at);
      }
    }
    assertThat(chart.findValuesAsText("name")).doesNotContain("veth", "veth-again");
  }

  /** What is drawn takes the colour of its text from the style of the page. */
  @Test
  void itIsDrawnInTheDarkAndPrints() throws Exception {
    Path pdf = directory.resolve("report.pdf");
    Page page =
        open(
            ResultsSample.create(),
            "--blink-settings=preferredColorScheme=0",
            "--print-to-pdf=" + pdf);
    assertThat(page.log).doesNotContain("CONSOLE");
    assertThat(page.dom.substring(page.dom.indexOf("<svg"))).contains("fill=\"#e6edf3\"");
    assertThat(Files.readString(pdf, StandardCharsets.ISO_8859_1))
        .startsWith("%PDF-")
        .contains("/Type /Pages");
  }

  @Test
  void aPageWithLittleInItIsWholeToo() throws Exception {
    Page page = open(ResultsSample.ofFewRounds());
    assertThat(page.log).doesNotContain("CONSOLE");
    JsonNode drawn = series(page.chart("ratios", "", "times"), "bridge").path(0);
    assertThat(drawn.path(2).asDouble()).as("no whisker").isEqualTo(drawn.path(1).asDouble());
    assertThat(page.dom).contains("too few rounds to say anything");
  }

  /** What the policy forbids would be an error on the console. */
  @Test
  void nothingCanBeFetched() throws Exception {
    ReportFiles.write(ResultsSample.create(), directory);
    String html = Files.readString(directory.resolve("report.html"));
    assertThat(html.substring(0, html.indexOf("<body>"))).contains("default-src 'none'");
    String own = html.replaceAll("(?s)<script.*?</script>", "");
    assertThat(own).doesNotContain(" src=").doesNotContain("href=\"http");
  }

  private static JsonNode series(JsonNode chart, String name) {
    for (JsonNode one : chart) {
      if (one.path("name").asText().equals(name)) {
        return one.path("data");
      }
    }
    throw new AssertionError("no series " + name + " in " + chart);
  }
}
