package dev.sluice.core.sys;

import dev.sluice.core.error.SluiceException;

/**
 * A system call failed: what was tried, on what, and the kernel's reason. The message reads {@code
 * mount /run/netns/a: EPERM (Operation not permitted)}.
 */
public final class SyscallException extends SluiceException {

  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String object;
  private final transient Errno errno;

  public SyscallException(String operation, String object, Errno errno) {
    super(errno.category(), operation + " " + object + ": " + errno);
    this.operation = operation;
    this.object = object;
    this.errno = errno;
  }

  /** What was tried, mostly the name of the C function. */
  public String operation() {
    return operation;
  }

  /** What it was tried on: a path, a namespace, an address. */
  public String object() {
    return object;
  }

  public Errno errno() {
    return errno;
  }
}
