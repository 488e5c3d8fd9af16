package dev.sluice.bpf.lib;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.Errno;

/** libbpf's way to say what failed: a negative errno, or NULL with errno set. */
final class BpfErrno {

  static final int E2BIG = 7;
  static final int ENOSPC = 28;

  /** Of the kernel's own; it is what bpf(2) says where a map has no such operation. */
  static final int ENOTSUPP = 524;

  private BpfErrno() {}

  /** {@code result}, unless it is negative. */
  static int check(int result, String operation, Object object) {
    if (result < 0) {
      throw new BpfException(operation, object, Errno.of(-result));
    }
    return result;
  }

  /** {@code result}, unless it is NULL; must be the next call on the thread. */
  static Pointer check(Pointer result, String operation, Object object) {
    if (result == null) {
      throw new BpfException(operation, object, Errno.of(Native.getLastError()));
    }
    return result;
  }

  static boolean is(int result, int errno) {
    return result == -errno;
  }

  /** Whether the kernel has no such operation for such a map. */
  static boolean isUnsupported(int result) {
    return is(result, ENOTSUPP) || is(result, Errno.EOPNOTSUPP) || is(result, Errno.EINVAL);
  }

  static Category category(Errno errno) {
    return errno.is(ENOTSUPP) ? Category.ENVIRONMENT : errno.category();
  }
}
