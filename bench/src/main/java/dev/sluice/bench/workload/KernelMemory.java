package dev.sluice.bench.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Memory that the kernel of this machine has taken for itself, by {@code /proc/meminfo}, in bytes;
 * whoever made it take it. The kernel counts whole pages, so that small objects show in leaps.
 */
public final class KernelMemory {

  private static final Path FILE = Path.of("/proc/meminfo");
  private static final String SLAB = "SUnreclaim";
  private static final Set<String> ALL = Set.of(SLAB, "VmallocUsed", "Percpu");

  private KernelMemory() {}

  /** In slabs, of which nothing can be given back. */
  public static long slab() {
    return sum(Set.of(SLAB));
  }

  /**
   * In such slabs, in vmalloc areas (large maps, tables, modules) and for each CPU. Page tables,
   * stacks and caches are not in it; large buffers that are neither are not either.
   */
  public static long all() {
    return sum(ALL);
  }

  private static long sum(Set<String> names) {
    try {
      return Files.readAllLines(FILE).stream()
          .map(line -> List.of(line.split("[: ]+", -1)))
          .filter(words -> names.contains(words.get(0)))
          .mapToLong(words -> 1024 * Long.parseLong(words.get(1)))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
