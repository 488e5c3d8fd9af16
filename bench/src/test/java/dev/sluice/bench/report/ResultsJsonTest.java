package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.sluice.core.error.SluiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResultsJsonTest {

  private final ObjectMapper mapper = new ObjectMapper();

  private static JsonSchema schema() {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
        .getSchema(ResultsJson.class.getResourceAsStream("results.schema.json"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theSchemaHolds(Results results) throws IOException {
    assertThat(schema().validate(mapper.readTree(ResultsJson.toJson(results).toString())))
        .isEmpty();
  }

  private static Stream<Results> samples() {
    return Stream.of(
        ResultsSample.create(),
        ResultsSample.ofFewRounds(),
        ResultsSample.noisy(),
        ResultsSample.onAWire(),
        ResultsSample.concluded());
  }

  /** The schema knows every field, and none is missing. */
  @Test
  void theSchemaRefusesWhatIsNotPromised() throws IOException {
    ObjectNode json = roundTripped();
    ((ObjectNode) json.path("results").path(0)).put("surprise", 1);
    assertThat(schema().validate(json)).singleElement().asString().contains("surprise");
    json = roundTripped();
    ((ObjectNode) json.path("results").path(0)).remove("figures");
    assertThat(schema().validate(json)).singleElement().asString().contains("figures");
    json = roundTripped();
    json.put("schemaVersion", 1);
    assertThat(schema().validate(json)).singleElement().asString().contains("schemaVersion");
  }

  @Test
  void theFormatIsAsDocumented() throws IOException {
    JsonNode bridge = roundTripped().path("results").path(0);
    ((ObjectNode) bridge).remove("figures");
    ((ObjectNode) bridge.path("cost")).remove("figures");
    assertThat(bridge)
        .isEqualTo(
            mapper.readTree(
                """
                {"candidate":"bridge","workload":"tcp-rr","mode":"same-cpu","cpus":{"client":1,"server":1},
                 "metric":"round-trip","p50":15610.0,"p90":16210.0,"p99":105610.0,"samples":350000,
                 "percentiles":[{"percent":50.0,"value":15610.0},{"percent":90.0,"value":16210.0},
                   {"percent":99.0,"value":105610.0},{"percent":99.9,"value":165610.0},
                   {"percent":100.0,"value":915610.0}],
                 "extras":{},"cost":{"per":"transaction","process":15610.0,"user":5000.0,
                   "system":10610.0,"softirq":1000.0,
                   "ratio":{"to":"veth","median":1.108,"interval":{"low":1.104,"high":1.112}},
                   "noiseFloor":0.004},
                 "ratio":{"to":"veth","median":1.108,"interval":{"low":1.104,"high":1.112}},
                 "noiseFloor":0.003,"noise":{"stealShare":0.002,"othersShare":0.05,"throttled":0},
                 "verdict":"slower","unit":"ns"}
                """));
  }

  private ObjectNode roundTripped() throws IOException {
    return (ObjectNode) mapper.readTree(ResultsJson.toJson(ResultsSample.create()).toString());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatWasWrittenIsReadBack(Results results) {
    assertThat(ResultsJson.read("x.json", ResultsJson.toJson(results).toString()))
        .isEqualTo(results);
  }

  @Test
  void otherVersionsAndOtherFilesAreRefused() {
    assertThatThrownBy(() -> ResultsJson.read("x.json", "{\"schemaVersion\": 1}"))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("x.json")
        .hasMessageContaining("schemaVersion is 1");
    assertThat(refusal("[]")).isEqualTo("it has no schemaVersion");
    assertThat(refusal("")).isEqualTo("it has no schemaVersion");
    assertThat(refusal("{\n  oops")).startsWith("no JSON at line 2, column ");
    assertThat(refusal("{\"schemaVersion\": 3}"))
        .isEqualTo("a field is missing, or not what it should be");
    assertThat(refusal("{\"schemaVersion\": 3, \"results\": [{\"p50\": \"x\"}]}"))
        .isEqualTo("results[0].p50 is missing, or not what it should be");
  }

  private static String refusal(String text) {
    try {
      ResultsJson.read("x.json", text);
      throw new AssertionError("read: " + text);
    } catch (SluiceException e) {
      return e.getMessage().replace("x.json is no results.json of this version: ", "");
    }
  }

  /** Fields that came are not missed in a file of before. */
  @Test
  void olderFilesOfTheSameSchemaAreRead() throws IOException {
    ObjectNode json = roundTripped();
    json.path("candidates").forEach(c -> ((ObjectNode) c).remove("offloads"));
    assertThat(ResultsJson.read("x.json", json.toString()).candidates())
        .extracting(Results.Path::offloads)
        .containsOnly(Optional.empty());
  }

  @Test
  void theReferenceHasNoRatio() {
    JsonNode veth = ResultsJson.toJson(ResultsSample.create()).path("results").path(2);
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
    Path plain = Files.createFile(out.resolve("plain"));
    assertThat(Files.getPosixFilePermissions(file))
        .as("those that the umask leaves")
        .isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void aDirectoryThatCannotBeMadeIsNamed(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> ResultsJson.write(ResultsSample.create(), file))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining(file.resolve("results.json").toString());
  }
}
