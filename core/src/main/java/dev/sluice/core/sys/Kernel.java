package dev.sluice.core.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which kernel this is, and which boot of which machine. */
public final class Kernel {

  private static final Path MACHINE_ID = Path.of("/etc/machine-id");

  private Kernel() {}

  /** The release, such as {@code 6.12.9-amd64} (uname(2)). */
  public static String release() {
    return Sysctls.read("kernel/osrelease");
  }

  /** A UUID that is new with each boot (random(4)). */
  public static String bootId() {
    return Sysctls.read("kernel/random/boot_id");
  }

  /**
   * What tells this machine from others, 32 hex digits (machine-id(5)). A machine that has none,
   * such as a bare container, is as old as its boot: the boot id then.
   */
  public static String machineId() {
    try {
      String id = Files.readString(MACHINE_ID).strip();
      if (id.matches("[0-9a-f]{32}")) {
        return id;
      }
    } catch (IOException e) {
      // None: the boot id below.
    }
    return bootId().replace("-", "");
  }
}
