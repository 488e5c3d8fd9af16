package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.cli.command.ExitStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The comparison from the command line; what it measures is tested where it is done. */
@Timeout(120)
class CompareTest {

  private static final Path THROWAWAY = Path.of("/run/sluice/throwaway");

  @TempDir private Path directory;

  private String file() throws IOException {
    return Files.writeString(directory.resolve("pair.yaml"), TestTopology.YAML).toString();
  }

  private static JsonNode results(Path out) throws IOException {
    return new ObjectMapper().readTree(out.resolve("results.json").toFile());
  }

  /** And the next run stands beside it. */
  @Test
  @Timeout(240)
  void printsATableAndWritesTheResults() throws Exception {
    Path out = directory.resolve("made/results");
    Outcome outcome =
        Outcome.of(
                "compare", file(), "--quick", "--rounds", "2", "--slice", "20ms", "--out", out + "")
            .expect(ExitStatus.DONE);
    assertThat(outcome.out())
        .contains("tcp-rr")
        .containsPattern("\nbridge +[0-9.]+")
        .containsPattern("\nveth +[0-9.]+");
    assertThat(outcome.err().lines())
        .containsExactly(
            "written: " + out.resolve("results.json"),
            "written: " + out.resolve("results.csv"),
            "written: " + out.resolve("report.md"),
            "written: " + out.resolve("report.html"));
    assertThat(Files.readString(out.resolve("report.html"))).contains("<h2>Verdict</h2>");
    JsonNode programs = results(out).path("programs");
    assertThat(programs)
        .filteredOn(p -> p.path("program").asText().equals("from_endpoint"))
        .filteredOn(p -> p.path("candidate").asText().equals("ebpf"))
        .isNotEmpty()
        .allMatch(p -> p.path("runs").asLong() > 0 && p.path("nanosPerRun").asDouble() > 0);
    standsBeside(out.resolve("results.json"));
  }

  private void standsBeside(Path first) throws Exception {
    String other =
        Files.writeString(
                directory.resolve("other.yaml"),
                TestTopology.YAML.replace("{name: pair}", "{name: other}"))
            .toString();
    assertThat(Outcome.of("compare", other, "--against", first + "").expect(ExitStatus.BAD_INPUT))
        .extracting(Outcome::err)
        .asString()
        .contains(first + " cannot be compared with: it is of the topology pair, and not of other");

    Path out = directory.resolve("second");
    List<String> options =
        List.of(
            "compare %s --quick --rounds 1 --datapaths bridge --seed 7".formatted(file()),
            "--precision 90%% --time-limit 5s --against %s --optimize latency --out %s"
                .formatted(first, out),
            "--metrics-listen 127.0.0.1:0");
    try (Child child = new Child(List.of(), String.join(" ", options).split(" ", -1))) {
      URI metrics = URI.create(child.awaitLine("metrics: ").substring("metrics: ".length()));
      HttpRequest request = HttpRequest.newBuilder(metrics).build();
      String scrape = "";
      while (!scrape.contains("sluice_bench_rtt_seconds_count{")) {
        scrape = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
        Thread.sleep(50);
      }
      assertThat(scrape).contains("datapath=\"bridge\"").contains("sluice_bench_progress ");
      assertThat(child.await()).as(child.rest()).isEqualTo(ExitStatus.DONE);
    }
    JsonNode results = results(out);
    JsonNode method = results.path("method");
    assertThat(method.path("seed").asLong()).isEqualTo(7);
    assertThat(method.path("precision").asDouble()).isEqualTo(0.9);
    assertThat(method.path("timeLimit").asDouble()).isEqualTo(5);
    assertThat(results.path("recommendation").path("goal").asText()).isEqualTo("latency");
    JsonNode against = results.path("against");
    assertThat(against.path("file").asText()).isEqualTo(first.toString());
    assertThat(against.path("differences").findValuesAsText("what"))
        .contains("slice, seconds")
        .doesNotContain("topology and policies, digest", "policies", "Java");
    assertThat(against.path("changes").findValuesAsText("verdict"))
        .isNotEmpty()
        .containsOnly("not-comparable");
  }

  @Test
  void howLongAFullRunTakesIsSaidBeforeItBegins() throws Exception {
    try (Child child = new Child(List.of(), "compare", file(), "--full")) {
      assertThat(child.awaitLine("this takes")).matches("this takes \\d+ to \\d+ minutes");
      child.signal("INT");
      assertThat(child.await()).as(child.rest()).isEqualTo(ExitStatus.INTERRUPTED);
    }
  }

  @Test
  void wrongChoicesAreToldBeforeAnythingIsMeasured() throws IOException {
    assertThat(
            Outcome.of("compare", file(), "--datapaths", "bridge,warp")
                .expect(ExitStatus.USAGE)
                .err())
        .contains("there is no datapath warp; there are: bridge");
    Outcome.of("compare", file(), "--rounds", "0").expect(ExitStatus.USAGE);
    Outcome.of("compare", file(), "--quick", "--full").expect(ExitStatus.USAGE);
    Outcome.of("compare", file(), "--precision", "1").expect(ExitStatus.USAGE);
    assertThat(Outcome.of("compare", file(), "--out", file()).expect(ExitStatus.BAD_INPUT).err())
        .contains("--out");
    assertThat(
            Outcome.of("compare", file(), "--out", "/dev/null").expect(ExitStatus.BAD_INPUT).err())
        .isEqualTo("sluice: --out: cannot make /dev/null: File exists\n");
    String gone = directory.resolve("gone.json").toString();
    assertThat(Outcome.of("compare", file(), "--against", gone).expect(ExitStatus.BAD_INPUT).err())
        .isEqualTo("sluice: " + gone + ": there is no such file\n");
    Outcome.withInput("kind: x", "compare", "-").expect(ExitStatus.BAD_INPUT);
  }

  @Test
  void aToolThatIsNotThereIsRefusedBeforeAnythingIsBroughtUp() throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("env"), Path.of("/usr/bin/env"));
    List<String> launcher = List.of("/usr/bin/env", "PATH=" + bin);
    try (Child child = new Child(launcher, "compare", file(), "--tool", "sockperf")) {
      assertThat(child.rest())
          .isEqualTo(
              "sluice: --tool sockperf: there is no sockperf on PATH; install it: apt-get install"
                  + " sockperf\n");
      assertThat(child.await()).isEqualTo(ExitStatus.LACKING);
    }
    assertThat(Outcome.of("compare", file(), "--tool", "netperf").expect(ExitStatus.USAGE).err())
        .contains("iperf3, sockperf");
  }

  /** While the nodes come up, while they are checked, and while they are measured. */
  @ParameterizedTest
  @ValueSource(ints = {0, 30, 100, 300, 4000})
  void aSignalTakesEverythingDown(int millis) throws Exception {
    try (Child child = new Child(List.of(), "compare", file())) {
      String prefix = child.pid() + ".";
      while (nodes(prefix) == 0) {
        Thread.sleep(10);
      }
      Thread.sleep(millis);
      child.signal("INT");
      assertThat(child.rest())
          .matches("this takes [0-9]+ to [0-9]+ minutes\nsluice: interrupted\n");
      assertThat(child.await()).isEqualTo(ExitStatus.INTERRUPTED);
      assertThat(nodes(prefix)).isZero();
    }
  }

  private static long nodes(String prefix) throws IOException {
    if (!Files.exists(THROWAWAY)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(THROWAWAY)) {
      return all.filter(p -> p.getFileName().toString().startsWith(prefix)).count();
    }
  }
}
