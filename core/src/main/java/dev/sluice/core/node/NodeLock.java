package dev.sluice.core.node;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One change of a node at a time, in this process and in others. Held by an open file, so that it
 * goes with the process.
 */
public final class NodeLock implements AutoCloseable {

  private static final long RETRY_MILLIS = 50;

  private final FileChannel channel;

  private NodeLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, waiting at most {@code patience} for another holder.
   *
   * @param waiting told once, if there is a wait, who holds it
   */
  public static NodeLock take(Node node, Duration patience, Consumer<String> waiting) {
    Path file = node.directories().run().resolve("lock");
    try {
      Files.createDirectories(file.getParent());
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        await(channel, node, patience, waiting);
        channel.truncate(0);
        String holder = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.US_ASCII)), 0);
        return new NodeLock(channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new SluiceException(
          Category.TRANSIENT, "cannot lock node " + node.name() + ": " + e.getMessage(), e);
    }
  }

  private static void await(
      FileChannel channel, Node node, Duration patience, Consumer<String> waiting)
      throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    boolean told = false;
    while (!tryLock(channel)) {
      String holder = "process " + holder(channel) + " is changing node " + node.name();
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

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Held by another thread of this process.
      return false;
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
    }
  }
}
