package dev.sluice.core.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who this process is and what it may do (capabilities(7)). */
public final class Users {

  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_ADMIN = 21;
  private static final String EFFECTIVE = "CapEff:";

  private Users() {}

  /**
   * Whether links, addresses and namespaces may be made: CAP_NET_ADMIN and CAP_SYS_ADMIN effective.
   */
  public static boolean hasNetAdmin() {
    long wanted = 1L << CAP_NET_ADMIN | 1L << CAP_SYS_ADMIN;
    try {
      return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
          .filter(line -> line.startsWith(EFFECTIVE))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16))
          .anyMatch(effective -> (effective & wanted) == wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
