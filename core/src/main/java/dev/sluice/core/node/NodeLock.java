package dev.sluice.core.node;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * One change of a node at a time, in this process and in others; or one of something else that a
 * node has only one of. Held by an open file, so that it goes with the process.
 */
public final class NodeLock implements AutoCloseable {

  private static final long RETRY_MILLIS = 50;

  /**
   * The locks that this process holds. The kernel takes a process's lock away with the first of its
   * descriptors of the file that is closed (fcntl(2)): so nobody opens a file that is locked here.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private NodeLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock, waiting at most {@code patience} for another holder.
   *
   * @param waiting told once, if there is a wait, who holds it
   */
  public static NodeLock take(Node node, Duration patience, Consumer<String> waiting) {
    return take(node, "lock", new Wait("is changing node " + node.name(), patience, waiting));
  }

  /**
   * Takes the lock of what is called {@code name}, or fails at once.
   *
   * @param doing what its holder does, for whoever finds it held: "is a peer"
   */
  public static NodeLock takeNow(Node node, String name, String doing) {
    Wait wait = new Wait(doing + " on node " + node.name(), Duration.ZERO, note -> {});
    return take(node, name + ".lock", wait);
  }

  private static NodeLock take(Node node, String name, Wait wait) {
    Path file = node.directories().run().resolve(name).toAbsolutePath().normalize();
    while (!HELD.add(file)) {
      wait.forHolder(Long.toString(ProcessHandle.current().pid()));
    }
    try {
      return takeFromOthers(file, wait);
    } catch (ClosedByInterruptException e) {
      HELD.remove(file);
      throw new SluiceException(Category.TRANSIENT, "interrupted; nothing was changed", e);
    } catch (IOException e) {
      HELD.remove(file);
      throw new SluiceException(
          Category.TRANSIENT, "cannot lock node " + node.name() + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      HELD.remove(file);
      throw e;
    }
  }

  private static NodeLock takeFromOthers(Path file, Wait wait) throws IOException {
    Files.createDirectories(file.getParent());
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      while (lock == null) {
        wait.forHolder(holder(channel));
        lock = channel.tryLock();
      }
      channel.truncate(0);
      String holder = Long.toString(ProcessHandle.current().pid());
      channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.US_ASCII)), 0);
      return new NodeLock(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** One caller's patience. */
  private static final class Wait {
    private final String doing;
    private final Duration patience;
    private final Consumer<String> waiting;
    private final long deadline;
    private boolean told;

    Wait(String doing, Duration patience, Consumer<String> waiting) {
      this.doing = doing;
      this.patience = patience;
      this.waiting = waiting;
      this.deadline = System.nanoTime() + patience.toNanos();
    }

    /** Sleeps a little, or throws when patience is at its end. */
    void forHolder(String pid) {
      String holder = "process " + pid + " " + doing;
      if (patience.isZero()) {
        throw new SluiceException(Category.TRANSIENT, holder + ": nothing was changed");
      }
      if (System.nanoTime() >= deadline) {
        throw new SluiceException(
            Category.TRANSIENT,
            holder + "; gave up after " + patience.toSeconds() + " s, nothing was changed");
      }
      if (!told) {
        waiting.accept(holder + "; waiting up to " + patience.toSeconds() + " s");
        told = true;
      }
      try {
        Thread.sleep(RETRY_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SluiceException(Category.TRANSIENT, "interrupted; nothing was changed", e);
      }
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer pid = ByteBuffer.allocate(20);
    int read = channel.read(pid, 0);
    return read <= 0 ? "?" : new String(pid.array(), 0, read, StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new SluiceException(
          Category.INTERNAL, "cannot give the node's lock back: " + e.getMessage(), e);
    } finally {
      HELD.remove(file);
    }
  }
}
