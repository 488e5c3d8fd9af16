package dev.sluice.bpf.lib;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import dev.sluice.core.sys.Errno;
import java.nio.file.Path;

/** A descriptor of something of BPF, and what it stands for in messages. */
final class Handle implements AutoCloseable {

  private final int fd;
  private final boolean owned;
  private final String what;

  private Handle(int fd, boolean owned, String what) {
    this.fd = fd;
    this.owned = owned;
    this.what = what;
  }

  /** One that is closed with this. */
  static Handle owned(int fd, String what) {
    return new Handle(fd, true, what);
  }

  /** One that belongs to a loaded object. */
  static Handle borrowed(int fd, String what) {
    return new Handle(fd, false, what);
  }

  /**
   * Opens a pin.
   *
   * @throws BpfException there is none
   */
  static Handle pinned(Path pin, String sort) {
    LibBpf.require();
    int fd = BpfErrno.check(LibBpf.bpf_obj_get(LibBpf.cString(pin)), "open BPF " + sort, pin);
    return owned(fd, sort + " " + pin);
  }

  int fd() {
    return fd;
  }

  /** bpf(2), "BPF_OBJ_PIN". */
  void pin(Path pin) {
    BpfErrno.check(LibBpf.bpf_obj_pin(fd, LibBpf.cString(pin)), "pin BPF " + what + " at", pin);
  }

  @Override
  public void close() {
    if (owned && C.close(fd) == -1) {
      throw new BpfException("close", what, Errno.of(Native.getLastError()));
    }
  }

  @Override
  public String toString() {
    return what;
  }

  private static final class C {
    static {
      Native.register(C.class, NativeLibrary.getProcess());
    }

    private C() {}

    /** close(2). */
    static native int close(int fd);
  }
}
