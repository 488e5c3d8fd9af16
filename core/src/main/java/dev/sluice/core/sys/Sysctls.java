package dev.sluice.core.sys;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Kernel parameters under {@code /proc/sys}. What lies below {@code net/} is that of the namespace
 * of the <em>calling thread</em>: run this inside {@link Netns#call} for another one.
 *
 * <p>A name is a path such as {@code net/ipv4/conf/eth0/forwarding}: the dotted form is ambiguous,
 * since the name of an interface may hold a dot.
 */
public final class Sysctls {

  private static final Path ROOT = Path.of("/proc/sys");
  private static final int MAX_VALUE = 4096;

  private Sysctls() {}

  /** The value, without the newline that ends it. ENOENT if the kernel or interface has none. */
  public static String read(String name) {
    Path file = file(name);
    try (Fd fd = Fd.open(file, Libc.O_RDONLY)) {
      byte[] buffer = new byte[MAX_VALUE];
      int length = (int) Libc.check(Libc.read(fd.number(), buffer, buffer.length), "read", file);
      return new String(buffer, 0, length, StandardCharsets.UTF_8).stripTrailing();
    }
  }

  /** Sets the value, in one write as sysctl files demand. */
  public static void write(String name, String value) {
    Path file = file(name);
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    try (Fd fd = Fd.open(file, Libc.O_WRONLY)) {
      Libc.check(Libc.write(fd.number(), bytes, bytes.length), "write \"" + value + "\" to", file);
    }
  }

  private static Path file(String name) {
    Path file = ROOT.resolve(name).normalize();
    if (!file.startsWith(ROOT) || !file.equals(ROOT.resolve(name))) {
      throw new IllegalArgumentException("not the name of a sysctl: " + name);
    }
    return file;
  }
}
