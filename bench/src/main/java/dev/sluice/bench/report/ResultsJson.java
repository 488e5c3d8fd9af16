package dev.sluice.bench.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * {@code results.json}, as {@code docs/results-json.md} tells it. The fields are written out one by
 * one: the format is a promise, and does not follow the records' names.
 */
public final class ResultsJson {

  /** Raised when a field changes its meaning or goes; not when one comes. */
  public static final int SCHEMA_VERSION = 1;

  private static final String FILE = "results.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ResultsJson() {}

  public static ObjectNode toJson(Results results) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("schemaVersion", SCHEMA_VERSION);
    json.set("environment", environment(results.environment()));
    json.put("rounds", results.rounds());
    json.put("slice", results.slice().toNanos() / 1e9);
    json.put("seed", results.seed());
    json.put("precision", results.precision());
    json.put("minimumEffect", results.minimumEffect());
    ArrayNode candidates = json.putArray("candidates");
    for (Results.Path path : results.candidates()) {
      candidates
          .addObject()
          .put("name", path.name())
          .put("serverAddress", path.serverAddress())
          .put("mtu", path.mtu());
    }
    ArrayNode checks = json.putArray("checks");
    for (Results.Check check : results.checks()) {
      checks
          .addObject()
          .put("datapath", check.datapath())
          .put("probes", check.probes())
          .put("agree", check.agree());
    }
    ArrayNode list = json.putArray("results");
    results.results().forEach(result -> list.add(result(result)));
    return json;
  }

  /**
   * Writes {@code results.json} into {@code directory}, which is made if it is not there; a reader
   * sees the whole file or none.
   */
  public static Path write(Results results, Path directory) {
    Path file = directory.resolve(FILE);
    try {
      Files.createDirectories(directory);
      Path partial = Files.createTempFile(directory, FILE, ".partial");
      try {
        MAPPER.writerWithDefaultPrettyPrinter().writeValue(partial.toFile(), toJson(results));
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      throw new SluiceException(Category.ENVIRONMENT, "write " + file + ": " + e, e);
    }
    return file;
  }

  private static ObjectNode environment(Environment environment) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("started", environment.started().toString());
    json.put("kernel", environment.kernel());
    json.put("cpuModel", environment.cpuModel());
    json.put("cpus", environment.cpus());
    environment.governor().ifPresent(governor -> json.put("governor", governor));
    environment.mitigations().ifPresent(mitigations -> json.put("mitigations", mitigations));
    environment.bridgeNfCall().ifPresent(called -> json.put("bridgeNfCall", called));
    json.put("java", environment.java());
    json.put("loadAverage", environment.loadAverage());
    json.put("stealShare", environment.stealShare());
    return json;
  }

  private static ObjectNode result(Results.Result result) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("candidate", result.candidate());
    json.put("workload", result.workload());
    json.put("mode", result.mode().word());
    json.put("clientCpu", result.cpus().client());
    json.put("serverCpu", result.cpus().server());
    json.put("unit", result.metric().unit());
    json.put("p50", result.p50());
    json.put("p90", result.p90());
    json.put("p99", result.p99());
    result
        .ratio()
        .ifPresent(
            ratio -> {
              ObjectNode to = json.putObject("ratio");
              to.put("to", ratio.to()).put("median", ratio.median());
              ratio.interval().ifPresent(i -> to.put("low", i.low()).put("high", i.high()));
            });
    json.put("samples", result.samples());
    json.put("rounds", result.rounds().size());
    ObjectNode noise = json.putObject("noise");
    noise.put("stealShare", result.noise().stealShare());
    noise.put("othersShare", result.noise().othersShare());
    noise.put("throttled", result.noise().throttled());
    result.noiseFloor().ifPresent(floor -> json.put("noiseFloor", floor.share()));
    json.put("verdict", result.verdict().word());
    return json;
  }
}
