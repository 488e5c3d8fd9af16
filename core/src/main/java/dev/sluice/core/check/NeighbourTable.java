package dev.sluice.core.check;

import dev.sluice.core.sys.SyscallException;
import dev.sluice.core.sys.Sysctls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kernel's two tables of neighbours, which all namespaces of a machine share. Both their size
 * and their counters are shown in the machine's first namespace only; elsewhere the size is taken
 * for the kernel's default, and overflows are not noticed.
 */
public final class NeighbourTable {

  private static final int DEFAULT_SIZE = 1024;
  private static final Path STATISTICS = Path.of("/proc/thread-self/net/stat");

  private NeighbourTable() {}

  /** How many neighbours either table has room for. */
  public static int size() {
    return Math.min(size("ipv4"), size("ipv6"));
  }

  private static int size(String family) {
    try {
      return Integer.parseInt(Sysctls.read("net/" + family + "/neigh/default/gc_thresh3"));
    } catch (SyscallException e) {
      return DEFAULT_SIZE;
    }
  }

  /** How often one of them was too full for a new neighbour, since the machine started. */
  public static long overflows() {
    return Stream.of("arp_cache", "ndisc_cache").mapToLong(NeighbourTable::overflows).sum();
  }

  /** A line of column names, then one of hexadecimal numbers for each CPU. */
  private static long overflows(String table) {
    List<String> lines;
    try {
      lines = Files.readAllLines(STATISTICS.resolve(table));
    } catch (IOException e) {
      return 0;
    }
    int column = columns(lines.get(0)).indexOf("table_fulls");
    return column < 0
        ? 0
        : lines.stream()
            .skip(1)
            .mapToLong(line -> Long.parseLong(columns(line).get(column), 16))
            .sum();
  }

  private static List<String> columns(String line) {
    return List.of(line.trim().split("\\s+", -1));
  }
}
