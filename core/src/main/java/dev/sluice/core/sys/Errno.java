package dev.sluice.core.sys;

import dev.sluice.core.error.SluiceException.Category;
import java.nio.charset.StandardCharsets;

/**
 * An error number of Linux (errno(3)), with the symbolic name and the text that C programs show.
 *
 * @param number positive
 * @param name such as {@code EPERM}; {@code errno 4711} for a number without a name
 * @param text such as {@code Operation not permitted}
 */
public record Errno(int number, String name, String text) {

  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int EROFS = 30;
  public static final int ENOSYS = 38;
  public static final int EPROTONOSUPPORT = 93;
  public static final int ESOCKTNOSUPPORT = 94;
  public static final int EMSGSIZE = 90;
  public static final int EOPNOTSUPP = 95;
  public static final int EAFNOSUPPORT = 97;
  public static final int EADDRNOTAVAIL = 99;
  public static final int ENOBUFS = 105;

  /** The error of that number. */
  public static Errno of(int number) {
    return ErrnoTable.lookup(number);
  }

  /** Whether this is the error of that number, one of the constants of this class. */
  public boolean is(int other) {
    return number == other;
  }

  /** As strerror(3) has it, and so libraries in C: in the language of this process. */
  public String localText() {
    return Libc.strerror(number).getString(0, StandardCharsets.UTF_8.name());
  }

  /** Who can mend an error of this number, if its operation is not known any better. */
  public Category category() {
    return switch (number) {
      case EPERM, EACCES -> Category.PERMISSION;
      case ENOSYS, EOPNOTSUPP, EAFNOSUPPORT, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EROFS ->
          Category.ENVIRONMENT;
      case EBADF, EFAULT -> Category.INTERNAL;
      default -> Category.TRANSIENT;
    };
  }

  /** {@code EPERM (Operation not permitted)}. */
  @Override
  public String toString() {
    return name + " (" + text + ")";
  }
}
