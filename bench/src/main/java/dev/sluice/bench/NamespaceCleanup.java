package dev.sluice.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel frees namespaces after they are gone, in cleanup_net() on a workqueue. */
final class NamespaceCleanup {

  private NamespaceCleanup() {}

  /** Whether it does so now: a worker's name then ends in the workqueue's. */
  static boolean runs() {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        String name = comm(process);
        if (name.startsWith("kworker/") && name.endsWith("+netns")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String comm(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException gone) {
      return "";
    }
  }
}
