package dev.sluice.core.sys;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A file descriptor that is owned: closed once, by whoever closes this. */
public final class Fd implements AutoCloseable {

  private static final int CLOSED = -1;

  private final AtomicInteger number;

  /** Takes ownership of an open descriptor. */
  Fd(int number) {
    this.number = new AtomicInteger(number);
  }

  /** open(2) of an existing file; always close-on-exec. */
  static Fd open(Path file, int flags) {
    return new Fd(Libc.check(Libc.open(Libc.cString(file), flags | Libc.O_CLOEXEC), "open", file));
  }

  /** The number, valid until {@link #close}; afterwards the kernel gives it to somebody else. */
  public int number() {
    int n = number.get();
    if (n == CLOSED) {
      throw new IllegalStateException("the descriptor is closed");
    }
    return n;
  }

  /** Closes the descriptor; further calls do nothing. */
  @Override
  public void close() {
    int n = number.getAndSet(CLOSED);
    if (n != CLOSED) {
      Libc.check(Libc.close(n), "close", "descriptor " + n);
    }
  }

  @Override
  public String toString() {
    return "fd " + number.get();
  }
}
