package dev.sluice.bench.report;

import dev.sluice.core.error.IoReason;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes files that a reader sees whole or not at all. */
final class WholeFile {

  private WholeFile() {}

  /** The directory is made if it is not there. Returns {@code file}. */
  static Path write(Path file, String text) {
    try {
      Path directory = file.toAbsolutePath().getParent();
      Files.createDirectories(directory);
      // Not a temporary file of Java's, which nobody else may read whatever the umask.
      String name = "%s.%d.partial".formatted(file.getFileName(), ProcessHandle.current().pid());
      Path partial = directory.resolve(name);
      Files.deleteIfExists(partial);
      try {
        Files.writeString(partial, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(partial);
      }
      return file;
    } catch (IOException e) {
      throw new SluiceException(
          Category.ENVIRONMENT, "cannot write " + file + ": " + IoReason.of(e), e);
    }
  }
}
