package dev.sluice.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * An archive of loaded classes, which spares JVMs that a test starts most of what that costs. It
 * wants the class path as jars alone, and is in the module's {@code target}, made once for each
 * process of tests.
 */
public final class ClassArchive {

  private static List<String> using;

  private final String classPath;
  private final Path file;

  private ClassArchive(String classPath, Path file) {
    this.classPath = classPath;
    this.file = file;
  }

  /** Has a JVM with the options that it is given do what others will, and tells what that said. */
  public interface Training {
    String run(List<String> options) throws IOException;
  }

  /**
   * Options, the class path among them, of a JVM that starts from what the first training of this
   * process has made.
   */
  public static synchronized List<String> options(Training training) {
    if (using == null) {
      try {
        ClassArchive archive =
            pack(
                System.getProperty("java.class.path"),
                Path.of("target", "class-archive").toAbsolutePath());
        String said = training.run(archive.making());
        if (Files.notExists(archive.file)) {
          throw new AssertionError("no archive of classes: " + said);
        }
        using = archive.using();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return using;
  }

  /** Packs its own class path into a directory, and prints that of the jars. */
  public static void main(String[] into) throws IOException {
    System.out.println(
        pack(System.getProperty("java.class.path"), Path.of(into[0]).toAbsolutePath()).classPath);
  }

  /** Packs the directories of a class path; the archive is still to be made. */
  static ClassArchive pack(String classPath, Path into) throws IOException {
    Files.createDirectories(into);
    ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
    List<String> jars = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      // Surefire's ends with an empty one, which jar(1) takes for the root directory.
      if (entry.isEmpty() || Files.notExists(Path.of(entry))) {
        continue;
      }
      if (!Files.isDirectory(Path.of(entry))) {
        jars.add(entry);
        continue;
      }
      String packed = into.resolve(jars.size() + ".jar").toString();
      if (jar.run(System.out, System.err, "-c", "-0", "-f", packed, "-C", entry, ".") != 0) {
        throw new IOException("jar cannot pack " + entry);
      }
      jars.add(packed);
    }
    Path file = into.resolve("classes.jsa");
    Files.deleteIfExists(file);
    return new ClassArchive(String.join(File.pathSeparator, jars), file);
  }

  String classPath() {
    return classPath;
  }

  private List<String> making() {
    return List.of("-XX:ArchiveClassesAtExit=" + file, "-cp", classPath);
  }

  /** Where it was laid out for, so that not all of it has to be read and changed first. */
  private List<String> using() {
    return List.of(
        "-XX:SharedArchiveFile=" + file,
        "-Xshare:auto",
        "-XX:+IgnoreUnrecognizedVMOptions",
        "-XX:+UnlockDiagnosticVMOptions",
        "-XX:ArchiveRelocationMode=0",
        "-cp",
        classPath);
  }
}
