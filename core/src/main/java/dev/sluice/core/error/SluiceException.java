package dev.sluice.core.error;

/**
 * The root of every failure that Sluice reports. The message says operation, object, cause in the
 * kernel's or the file's own words, and what to do.
 */
public class SluiceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Who can mend the failure; it sets the exit status of a command (see {@code docs/commands.md}).
   */
  public enum Category {
    /** The input is wrong: 65. */
    USER(65),
    /** The kernel or the host lacks something: 69. */
    ENVIRONMENT(69),
    /** The caller may not do this: 77. */
    PERMISSION(77),
    /** The work failed or was rolled back, and may succeed when its cause is gone: 1. */
    TRANSIENT(1),
    /** A fault of ours: 70. */
    INTERNAL(70);

    private final int exitStatus;

    Category(int exitStatus) {
      this.exitStatus = exitStatus;
    }

    /** The exit status of a command that ends with a failure of this category. */
    public int exitStatus() {
      return exitStatus;
    }
  }

  private final Category category;

  public SluiceException(Category category, String message) {
    super(message);
    this.category = category;
  }

  public SluiceException(Category category, String message, Throwable cause) {
    super(message, cause);
    this.category = category;
  }

  public final Category category() {
    return category;
  }
}
