package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {

  @TempDir private Path dir;

  /** Surefire's class path ends so; jar(1) would pack all that the host has. */
  @Test
  void anEmptyEntryIsNothingToPack() throws IOException {
    Path classes = Files.createDirectory(dir.resolve("classes"));
    Files.writeString(classes.resolve("a.txt"), "a");
    Path library = Files.createFile(dir.resolve("library.jar"));
    String given = String.join(File.pathSeparator, classes.toString(), library.toString(), "");

    ClassArchive archive = ClassArchive.pack(given, dir.resolve("into"));

    String[] packed = archive.classPath().split(File.pathSeparator, -1);
    assertThat(packed).hasSize(2).endsWith(library.toString());
    try (JarFile jar = new JarFile(packed[0])) {
      assertThat(jar.getEntry("a.txt")).isNotNull();
    }
  }
}
