package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts kept under {@code src/test/resources} that a test compares with. After a wanted change they
 * are written anew by running the test with {@code -Dsluice.golden.update=true}; look at the
 * difference before committing it.
 */
public final class Golden {

  private static final Path RESOURCES = Path.of("src/test/resources");

  private Golden() {}

  /** Fails unless the file {@code name}, relative to the resources, holds {@code actual}. */
  public static void assertMatches(String name, String actual) {
    Path file = RESOURCES.resolve(name);
    try {
      if (Boolean.getBoolean("sluice.golden.update")) {
        Files.createDirectories(file.getParent());
        Files.writeString(file, actual);
      }
      assertThat(actual)
          .as("differs from %s (wanted? then run with -Dsluice.golden.update=true)", file)
          .isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
