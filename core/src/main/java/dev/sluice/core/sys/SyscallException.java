package dev.sluice.core.sys;

import dev.sluice.core.error.SluiceException;

/**
 * A system call failed: what was tried, on what, and the kernel's reason. The message reads {@code
 * mount /run/netns/a: EPERM (Operation not permitted)}.
 */
public final class SyscallException extends SluiceException {

  private static final long serialVersionUID = 1L;

  private final transient Errno errno;

  /**
   * @param operation what was tried, mostly the name of the C function
   * @param object what it was tried on: a path, a namespace, an address
   */
  public SyscallException(String operation, String object, Errno errno) {
    super(errno.category(), operation + " " + object + ": " + errno);
    this.errno = errno;
  }

  public Errno errno() {
    return errno;
  }
}
