package dev.sluice.core.node;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.netlink.route.LinkChange;
import dev.sluice.core.netlink.route.LinkRequests;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.sys.Mounts;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.sys.SyscallException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node in a namespace of its own, with directories of its own, that closing removes with all it
 * holds. Its directory is named after the process that made it, so that what a killed process left
 * behind is found and removed by a later one.
 */
public final class ThrowawayNode implements AutoCloseable {

  private static final Path ROOT = NodeDirectories.RUN.resolve("throwaway");
  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final Node node;
  private final Path root;

  private ThrowawayNode(Node node, Path root) {
    this.node = node;
    this.root = root;
  }

  /** A new node; {@code label} is for messages. */
  public static ThrowawayNode create(String label) {
    Path root = ROOT.resolve(ownerPrefix() + "." + COUNTER.incrementAndGet());
    Node node = new Node(label, Netns.create(), NodeDirectories.under(root));
    try {
      node.prepare();
      node.netns().run(ThrowawayNode::loopbackUp);
    } catch (RuntimeException e) {
      node.close();
      remove(root);
      throw e;
    }
    return new ThrowawayNode(node, root);
  }

  /** As on any host; a new namespace has it down. */
  private static void loopbackUp() {
    try (RouteSocket route = RouteSocket.open()) {
      route.executeAll(LinkRequests.change(LinkChange.named("lo").up()));
    }
  }

  public Node node() {
    return node;
  }

  /**
   * Takes down what is bound here and removes the directory; the kernel then frees all that was
   * inside.
   */
  @Override
  public void close() {
    node.close();
    remove(root);
  }

  /** Removes what processes that are gone have left; returns how many nodes that were. */
  public static int collectLeftovers() {
    int collected = 0;
    try (DirectoryStream<Path> nodes = Files.newDirectoryStream(ROOT)) {
      for (Path dir : nodes) {
        if (!ownerLives(dir.getFileName().toString())) {
          remove(dir);
          collected++;
        }
      }
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw failure(ROOT, e);
    }
    return collected;
  }

  /** A pid is used again, a pid with its start time is not. */
  private static String ownerPrefix() {
    long pid = ProcessHandle.current().pid();
    return pid + "." + startTime(pid);
  }

  private static boolean ownerLives(String directory) {
    String[] parts = directory.split("\\.", -1);
    return parts.length == 3
        && parts[0].matches("[0-9]{1,10}")
        && parts[1].equals(startTime(Long.parseLong(parts[0])));
  }

  /**
   * Field 22 of {@code /proc/PID/stat}, counted from behind the command, which may hold anything;
   * empty if it is gone.
   */
  private static String startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
    } catch (IOException e) {
      return "";
    }
  }

  private static void remove(Path root) {
    List<RuntimeException> errors = new ArrayList<>();
    NodeDirectories dirs = NodeDirectories.under(root);
    for (Path bindings : List.of(dirs.names(), dirs.marks())) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(bindings)) {
        for (Path file : files) {
          unbind(file);
        }
      } catch (IOException e) {
        if (!(e instanceof NoSuchFileException)) {
          errors.add(failure(bindings, e));
        }
      } catch (SyscallException e) {
        errors.add(e);
      }
    }
    try {
      removePins(dirs.pins());
      deleteTree(root);
    } catch (IOException e) {
      // One that vanished is what was wanted: another process collects too.
      if (!(e instanceof NoSuchFileException)) {
        errors.add(failure(root, e));
      }
    }
    if (!errors.isEmpty()) {
      RuntimeException first = errors.get(0);
      errors.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  /** Programs are detached by the kernel once nothing holds their link. */
  private static void removePins(Path pins) throws IOException {
    if (Files.exists(pins)) {
      deleteTree(pins);
    }
  }

  private static void unbind(Path file) throws IOException {
    while (Mounts.isMountPoint(file)) {
      Mounts.unmount(file);
    }
    Files.deleteIfExists(file);
  }

  private static void deleteTree(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
        for (Path child : children) {
          deleteTree(child);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  private static SluiceException failure(Path what, IOException e) {
    return new SluiceException(
        Category.TRANSIENT, "cannot remove " + what + ": " + e.getMessage(), e);
  }
}
