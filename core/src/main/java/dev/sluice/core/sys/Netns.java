package dev.sluice.core.sys;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * A handle on a network namespace (network_namespaces(7)): it stays alive at least as long as this
 * is open. Work inside it is done by threads made for the purpose; the calling thread never moves.
 * Thread-safe, but for closing it while it is in use.
 */
public final class Netns implements AutoCloseable {

  /** ioctl_ns(2). */
  private static final long NS_GET_NSTYPE = 0xb703;

  /** The namespace of the calling thread; /proc/self would be that of the process's first. */
  private static final Path OF_THIS_THREAD = Path.of("/proc/thread-self/ns/net");

  private final Fd fd;
  private final String description;

  private Netns(Fd fd, String description) {
    this.fd = fd;
    this.description = description;
  }

  /**
   * The namespace that {@code file} stands for: a bind mount such as those in {@code /run/netns},
   * or {@code /proc/PID/ns/net}. Any other file is refused with an error that says so.
   */
  public static Netns open(Path file) {
    Fd fd = Fd.open(file, Libc.O_RDONLY);
    int type = Libc.ioctl(fd.number(), NS_GET_NSTYPE);
    if (type != Libc.CLONE_NEWNET) {
      fd.close();
      throw new SluiceException(
          Category.TRANSIENT,
          file
              + " is no network namespace: "
              + (type == -1
                  ? "a plain file, perhaps the mount point of one that is not mounted any more"
                  : "it is a namespace of another kind"));
    }
    return new Netns(fd, file.toString());
  }

  /** The namespace of the calling thread. */
  public static Netns current() {
    return new Netns(Fd.open(OF_THIS_THREAD, Libc.O_RDONLY), "the current namespace");
  }

  /** The number of the calling thread's namespace, never used again until the next boot. */
  public static long currentCookie() {
    try (NetlinkSocket socket = NetlinkSocket.open(0)) {
      return socket.netnsCookie();
    }
  }

  /** A new namespace without a name, gone with its last handle, socket or process. */
  public static Netns create() {
    return NamespaceThread.run(
        () -> {
          enterNew();
          return new Netns(Fd.open(OF_THIS_THREAD, Libc.O_RDONLY), "an unnamed namespace");
        });
  }

  /**
   * Runs {@code task} on a new thread inside this namespace and waits for it. Sockets that it opens
   * belong to this namespace and may be used from anywhere afterwards. An interrupt is passed on to
   * the task, and kept for the caller.
   *
   * @throws SluiceException the namespace cannot be entered, or the task threw a checked exception,
   *     which is then the cause; what the task throws unchecked comes out as it is
   */
  public <T> T call(Callable<T> task) {
    return NamespaceThread.run(
        () -> {
          enter();
          return task.call();
        });
  }

  /** As {@link #call}, for a task without a result. */
  public void run(Runnable task) {
    call(
        () -> {
          task.run();
          return true;
        });
  }

  /** Moves the calling thread in here: only for threads of this package, which never leave it. */
  void enter() {
    Libc.check(Libc.setns(fd.number(), Libc.CLONE_NEWNET), "setns", description);
  }

  /** Moves the calling thread into a new namespace: as {@link #enter}. */
  static void enterNew() {
    Libc.check(Libc.unshare(Libc.CLONE_NEWNET), "unshare", "network namespace");
  }

  /** The descriptor, for requests that name a namespace by one; owned by this handle. */
  public int fd() {
    return fd.number();
  }

  /** The inode in nsfs: what {@code readlink /proc/PID/ns/net} shows; reused after deletion. */
  public long inode() {
    return FileStatus.of(fd).inode();
  }

  /**
   * Gives the namespace a name: makes {@code file}, which must not be there, and binds the
   * namespace onto it, as ip-netns(8) does. Undone by {@link Mounts#unmount} and deleting the file.
   */
  public void bindTo(Path file) {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      throw new SyscallException("create", file.toString(), Errno.of(Errno.EEXIST));
    } catch (IOException e) {
      throw new SluiceException(Category.TRANSIENT, "create " + file + ": " + e.getMessage(), e);
    }
    try {
      Mounts.bind(Path.of("/proc/thread-self/fd/" + fd.number()), file);
    } catch (SyscallException e) {
      try {
        Files.delete(file);
      } catch (IOException left) {
        e.addSuppressed(left);
      }
      throw e;
    }
  }

  @Override
  public void close() {
    fd.close();
  }

  @Override
  public String toString() {
    return description;
  }
}
