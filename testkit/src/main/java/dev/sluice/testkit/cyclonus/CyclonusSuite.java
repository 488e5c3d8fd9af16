package dev.sluice.testkit.cyclonus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.testkit.cyclonus.CyclonusCase.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the suite's file, {@code cyclonus-cases.json} beside this class. */
public final class CyclonusSuite {

  private static final String FILE = "cyclonus-cases.json";

  private CyclonusSuite() {}

  /** All cases, in the order of the file. */
  public static List<CyclonusCase> load() {
    JsonNode suite = read();
    List<CyclonusCase> cases = new ArrayList<>();
    for (JsonNode node : suite.get("cases")) {
      cases.add(readCase(suite, node));
    }
    return List.copyOf(cases);
  }

  private static CyclonusCase readCase(JsonNode suite, JsonNode node) {
    Declared declared = Declared.initial(suite);
    Setting initial = declared.setting();
    List<Step> steps = new ArrayList<>();
    for (JsonNode step : node.get("steps")) {
      List<String> actions = new ArrayList<>();
      for (JsonNode action : step.get("actions")) {
        actions.add(declared.apply(action));
      }
      Setting setting = declared.setting();
      steps.add(new Step(actions, setting, expected(step.get("expected"), setting)));
    }
    List<String> tags = new ArrayList<>();
    node.get("tags").forEach(tag -> tags.add(tag.asText()));
    return new CyclonusCase(
        node.get("id").asInt(), node.get("description").asText(), tags, initial, steps);
  }

  /** Rows are {@code x/a #XX..X..X}; of the same pods in the same order as the setting's. */
  private static List<Matrix> expected(JsonNode tables, Setting setting) {
    List<Matrix> out = new ArrayList<>();
    tables
        .properties()
        .forEach(
            table -> {
              String[] title = table.getKey().split("/", -1);
              List<String> endpoints = new ArrayList<>();
              List<String> rows = new ArrayList<>();
              for (JsonNode row : table.getValue()) {
                String[] words = row.asText().split(" ", -1);
                endpoints.add(words[0].replace('/', '-'));
                rows.add(words[1]);
              }
              if (!endpoints.equals(setting.endpoints())) {
                throw new IllegalStateException(
                    "rows of " + endpoints + ", but the pods are " + setting.endpoints());
              }
              out.add(
                  new Matrix(
                      Protocol.valueOf(title[0]), Integer.parseInt(title[1]), endpoints, rows));
            });
    return out;
  }

  private static JsonNode read() {
    try (InputStream in = CyclonusSuite.class.getResourceAsStream(FILE)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
