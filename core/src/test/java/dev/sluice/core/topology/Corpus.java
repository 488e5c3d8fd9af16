package dev.sluice.core.topology;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The topology files that several tests read. */
final class Corpus {

  private static final Path RESOURCES = Path.of("src/test/resources/dev/sluice/core/topology");

  private Corpus() {}

  static List<Path> valid() {
    return Stream.concat(
            files(RESOURCES.resolve("valid")).stream(), files(Path.of("../examples")).stream())
        .toList();
  }

  static List<Path> invalid() {
    return files(RESOURCES.resolve("invalid"));
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
