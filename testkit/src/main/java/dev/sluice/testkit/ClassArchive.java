package dev.sluice.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;

/**
 * The class path of this process as jars alone, as an archive of loaded classes wants it, and where
 * that archive is: in the module's {@code target}, made once for each process of tests.
 */
record ClassArchive(String classPath, Path file) {

  /** Packs the directories of this process's class path; the archive is still to be made. */
  static ClassArchive pack() throws IOException {
    return pack(
        System.getProperty("java.class.path"), Path.of("target", "class-archive").toAbsolutePath());
  }

  static ClassArchive pack(String classPath, Path into) throws IOException {
    Files.createDirectories(into);
    ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
    List<String> jars = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      // Surefire's ends with an empty one, which jar(1) takes for the root directory.
      if (entry.isEmpty()) {
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

  /** Options of the JVM that makes it when it ends. */
  List<String> making() {
    return List.of("-XX:ArchiveClassesAtExit=" + file, "-cp", classPath);
  }

  /** Options of a JVM that starts from it. */
  List<String> using() {
    return List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto", "-cp", classPath);
  }
}
