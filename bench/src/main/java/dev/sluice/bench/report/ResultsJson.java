package dev.sluice.bench.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.sluice.core.error.IoReason;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code results.json}, as {@code docs/results-json.md} tells it: the records of {@link Results} by
 * the names of their components. That the format stays what was promised is held by a schema,
 * {@code results.schema.json}, which tests validate against.
 */
public final class ResultsJson {

  /** Raised when a field changes its meaning or goes; not when one comes. */
  public static final int SCHEMA_VERSION = 3;

  static final String FILE = "results.json";
  private static final String VERSION = "schemaVersion";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(Include.NON_ABSENT, Include.NON_ABSENT))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private ResultsJson() {}

  public static ObjectNode toJson(Results results) {
    ObjectNode json = MAPPER.createObjectNode().put(VERSION, SCHEMA_VERSION);
    json.setAll((ObjectNode) MAPPER.valueToTree(results));
    for (int i = 0; i < results.results().size(); i++) {
      ((ObjectNode) json.path("results").path(i))
          .put("unit", results.results().get(i).metric().unit());
    }
    return json;
  }

  /**
   * Reads what {@link #toJson} has made, by this version or another of the same schema.
   *
   * @param name of the file, for messages
   */
  public static Results read(String name, String text) {
    try {
      JsonNode json = MAPPER.readTree(text);
      JsonNode version = json.path(VERSION);
      if (!version.isInt()) {
        throw bad(name, "it has no schemaVersion", null);
      }
      if (version.asInt() != SCHEMA_VERSION) {
        throw bad(name, "its schemaVersion is " + version + ", and not " + SCHEMA_VERSION, null);
      }
      return MAPPER.treeToValue(json, Results.class);
    } catch (JsonMappingException e) {
      throw bad(name, "%s is missing, or not what it should be".formatted(place(e)), e);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw bad(
          name, "no JSON at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr()), e);
    }
  }

  /** As {@code results[0].p50}. */
  private static String place(JsonMappingException e) {
    StringBuilder place = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        place.append('[').append(step.getIndex()).append(']');
      } else {
        place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return place.isEmpty() ? "a field" : place.toString();
  }

  private static SluiceException bad(String name, String why, Exception cause) {
    return new SluiceException(
        Category.USER, name + " is no results.json of this version: " + why, cause);
  }

  /**
   * Writes {@code results.json} into {@code directory}, which is made if it is not there; a reader
   * sees the whole file or none.
   */
  public static Path write(Results results, Path directory) {
    try {
      String text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(toJson(results));
      return WholeFile.write(directory.resolve(FILE), text + "\n");
    } catch (JsonProcessingException e) {
      throw new SluiceException(Category.INTERNAL, "results.json: " + e, e);
    }
  }

  /** Reads the file that {@link #write} has written. */
  public static Results read(Path file) {
    try {
      return read(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new SluiceException(Category.USER, "cannot read " + file + ": " + IoReason.of(e), e);
    }
  }
}
