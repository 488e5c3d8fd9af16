package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.error.SluiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsJsonTest {

  private static final String EXPECTED =
      """
      {"schemaVersion":1,
       "environment":{"started":"2026-11-23T12:00:00Z","kernel":"6.1.0-40-amd64",
         "cpuModel":"Some CPU","cpus":2,"mitigations":"mitigations=auto","bridgeNfCall":true,
         "java":"17.0.15 OpenJDK 64-Bit Server VM","loadAverage":0.25,"stealShare":0.002},
       "rounds":20,"slice":0.25,"seed":1,"precision":0.01,"minimumEffect":0.01,
       "candidates":[
         {"name":"bridge","serverAddress":"10.0.2.2","mtu":1500},
         {"name":"veth","serverAddress":"10.0.2.2","mtu":1500},
         {"name":"veth-again","serverAddress":"10.0.2.2","mtu":1500}],
       "checks":[{"datapath":"bridge","probes":52,"agree":52}]}
      """;

  private static final String BRIDGE_RTT =
      """
      {"candidate":"bridge","workload":"tcp-rr","mode":"same-cpu","clientCpu":1,"serverCpu":1,"unit":"ns",
       "p50":15610.0,"p90":16210.0,"p99":105610.0,
       "ratio":{"to":"veth","median":1.108,"low":1.104,"high":1.112},
       "samples":350000,"rounds":20,
       "noise":{"stealShare":0.002,"othersShare":0.05,"throttled":0},"noiseFloor":0.003,"verdict":"slower"}
      """;

  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  void theFormatIsAsDocumented() throws IOException {
    ObjectNode json = roundTripped();
    JsonNode results = json.remove("results");
    assertThat(json).isEqualTo(mapper.readTree(EXPECTED));
    assertThat(results).hasSize(6);
    JsonNode bridge = results.get(0);
    assertThat(bridge.path("noiseFloor").asDouble()).isCloseTo(0.003, within(1e-12));
    ((ObjectNode) bridge).put("noiseFloor", 0.003);
    assertThat(bridge).isEqualTo(mapper.readTree(BRIDGE_RTT));
    assertThat(results.get(3).path("serverCpu").asInt()).isZero();
    assertThat(results.get(3).path("unit").asText()).isEqualTo("bytes/s");
  }

  private ObjectNode roundTripped() throws IOException {
    return (ObjectNode) mapper.readTree(ResultsJson.toJson(ResultsSample.create()).toString());
  }

  @Test
  void theReferenceHasNoRatio() {
    JsonNode veth = ResultsJson.toJson(ResultsSample.create()).path("results").path(1);
    assertThat(veth.path("candidate").asText()).isEqualTo("veth");
    assertThat(veth.has("ratio")).isFalse();
    assertThat(veth.path("verdict").asText()).isEqualTo("reference");
  }

  @Test
  void fewRoundsHaveNoIntervalAndNoFloor() {
    JsonNode bridge = ResultsJson.toJson(ResultsSample.ofFewRounds()).path("results").path(0);
    assertThat(bridge.path("ratio").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder("to", "median");
    assertThat(bridge.has("noiseFloor")).isFalse();
    assertThat(bridge.path("verdict").asText()).isEqualTo("undecided");
  }

  @Test
  void writesTheFileAndNothingElse(@TempDir Path directory) throws IOException {
    Path out = directory.resolve("not/there/yet");
    Path file = ResultsJson.write(ResultsSample.create(), out);
    assertThat(file).isEqualTo(out.resolve("results.json"));
    assertThat(mapper.readTree(file.toFile())).isEqualTo(roundTripped());
    assertThat(out.toFile().list()).containsExactly("results.json");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> ResultsJson.write(ResultsSample.create(), file))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining(file.resolve("results.json").toString());
  }
}
