package dev.sluice.core.error;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A topology file is wrong. It carries every fault of the file, in the order of their positions;
 * the message is one line for each.
 */
public final class InvalidTopologyException extends SluiceException {

  private static final long serialVersionUID = 1L;

  /**
   * One fault.
   *
   * @param file the file as the user named it
   * @param line counted from 1
   * @param column counted from 1, in characters
   * @param message what is wrong, and what would be right; one line
   */
  public record Fault(String file, int line, int column, String message) {
    @Override
    public String toString() {
      return file + ":" + line + ":" + column + ": " + message;
    }
  }

  private final transient List<Fault> faults;

  /** {@code faults}: at least one. */
  public InvalidTopologyException(List<Fault> faults) {
    super(Category.USER, faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
    if (faults.isEmpty()) {
      throw new IllegalArgumentException("no fault");
    }
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
