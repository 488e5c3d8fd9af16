package dev.sluice.bpf.lib;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.sys.Errno;

/** A call of bpf(2) failed: what was tried, on what, and the kernel's reason. */
public final class BpfException extends SluiceException {

  private static final long serialVersionUID = 1L;

  private final transient Errno errno;

  BpfException(String operation, Object object, Errno errno) {
    super(BpfErrno.category(errno), operation + " " + object + ": " + errno);
    this.errno = errno;
  }

  public Errno errno() {
    return errno;
  }
}
