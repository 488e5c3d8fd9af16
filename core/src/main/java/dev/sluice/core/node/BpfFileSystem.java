package dev.sluice.core.node;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.Mounts;
import dev.sluice.core.sys.SyscallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The kernel's file system of BPF pins (bpf(2), "BPF_OBJ_PIN"). What is pinned there lives until it
 * is removed or the file system goes, whoever made it.
 */
public final class BpfFileSystem {

  /** Where everybody looks for it. */
  public static final Path MOUNT_POINT = Path.of("/sys/fs/bpf");

  private static final String BY_HAND = "mount -t bpf bpf " + MOUNT_POINT;

  private BpfFileSystem() {}

  /**
   * Mounts it where it is not mounted. One thread at a time: a second mount would hide what is
   * pinned in the first.
   *
   * @throws SluiceException it cannot be mounted, or the mount would be of this process and its
   *     children only, and what is pinned would go with them; the message has the command that does
   *     it
   */
  static synchronized void require() {
    if (Mounts.isBpf(MOUNT_POINT)) {
      return;
    }
    if (!isMountNamespaceOfInit()) {
      throw new SluiceException(
          Category.ENVIRONMENT,
          "%s is not mounted, and this process has mounts of its own: what it pins would go with it; as root: nsenter --mount=/proc/1/ns/mnt %s"
              .formatted(MOUNT_POINT, BY_HAND));
    }
    try {
      Mounts.mountBpf(MOUNT_POINT);
    } catch (SyscallException e) {
      throw new SluiceException(
          e.category(), "%s; by hand: %s".formatted(e.getMessage(), BY_HAND), e);
    }
  }

  /**
   * By the numbers of mounts, no two of which are alike on a machine: {@code /proc/1/ns} may be
   * closed even to root.
   */
  private static boolean isMountNamespaceOfInit() {
    try {
      Set<String> theirs = mounts("1");
      return mounts("self").stream().anyMatch(theirs::contains);
    } catch (IOException e) {
      return false;
    }
  }

  private static Set<String> mounts(String process) throws IOException {
    return Files.readAllLines(Path.of("/proc", process, "mountinfo")).stream()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .collect(Collectors.toSet());
  }

  /**
   * {@code name} as a file may be called here: without a dot, which the kernel keeps for itself.
   */
  public static String pinName(String name) {
    return name.replace("%", "%25").replace(".", "%2e");
  }

  /** What {@link #pinName} has made a file name of. */
  public static String ofPinName(String file) {
    return file.replace("%2e", ".").replace("%25", "%");
  }
}
