package dev.sluice.core.nft;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.sys.Errno;
import java.util.Arrays;
import java.util.List;

/**
 * nftables refused some commands, all of which are then undone: the ruleset is as before. The
 * message has the library's words, with the rule they are about.
 */
public final class NftException extends SluiceException {

  private static final long serialVersionUID = 1L;

  private final String errors;

  /** {@code errors}: the library's words. */
  public NftException(String operation, String errors) {
    super(Category.TRANSIENT, operation + ": nftables refused: " + errors);
    this.errors = errors;
  }

  /**
   * Whether it is one of these errno that the kernel answered with, each time if there was more
   * than one error. The library does not tell numbers, so this looks for their words.
   */
  public boolean isOnly(int... errnos) {
    List<String> words =
        Arrays.stream(errnos).mapToObj(number -> ": " + Errno.of(number).localText()).toList();
    List<String> lines = errors.lines().filter(line -> line.contains("Error: ")).toList();
    return !lines.isEmpty()
        && lines.stream().allMatch(line -> words.stream().anyMatch(line::endsWith));
  }
}
