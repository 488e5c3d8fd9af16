package dev.sluice.bpf.lib;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.sys.Errno;
import java.util.List;

/**
 * The kernel does not take a program or a map. What libbpf and the end of the verifier's log say
 * comes first, for that is where the reason is; {@link #log} has all of it.
 */
public final class BpfLoadException extends SluiceException {

  private static final long serialVersionUID = 1L;

  private static final int TAIL = 12;

  private final transient Errno errno;
  private final String log;

  /**
   * @param object name of the object file
   * @param words what libbpf said, a line each
   * @param log the verifier's; empty if it did not come so far
   */
  BpfLoadException(String object, Errno errno, List<String> words, String log) {
    super(category(errno, log), text(object, errno, words, log));
    this.errno = errno;
    this.log = log;
  }

  /**
   * The verifier has errors of its own for what is merely wrong: EACCES is no lack of privilege.
   */
  private static Category category(Errno errno, String log) {
    return log.isEmpty() || errno.is(Errno.EPERM) ? BpfErrno.category(errno) : Category.INTERNAL;
  }

  private static String text(String object, Errno errno, List<String> words, String log) {
    StringBuilder out = new StringBuilder("load BPF object " + object + ": " + errno);
    List<String> lines = log.lines().toList();
    if (!lines.isEmpty()) {
      out.append("\n  the verifier's log ends:");
      lines
          .subList(Math.max(0, lines.size() - TAIL), lines.size())
          .forEach(line -> out.append("\n    ").append(line));
    }
    words.forEach(word -> out.append("\n  ").append(word));
    return out.toString();
  }

  public Errno errno() {
    return errno;
  }

  /** The whole log of the verifier, of the program that failed; empty if there is none. */
  public String log() {
    return log;
  }
}
