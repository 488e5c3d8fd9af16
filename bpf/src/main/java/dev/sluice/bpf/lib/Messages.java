package dev.sluice.bpf.lib;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What libbpf would print to standard error: kept for the exception of the call in hand, otherwise
 * logged.
 */
final class Messages {

  private static final Logger LOG = LoggerFactory.getLogger(Messages.class);

  private static final int WARN = 0;
  private static final int ROOM = 4096;

  private static final ThreadLocal<List<String>> KEPT = new ThreadLocal<>();

  /** Referred to for as long as the library may call it. */
  private static final LibBpf.Print PRINT = Messages::print;

  private Messages() {}

  static void install() {
    LibBpf.libbpf_set_print(PRINT);
  }

  /** From now on warnings of the calling thread go to the list that is returned. */
  static List<String> keep() {
    List<String> kept = new ArrayList<>();
    KEPT.set(kept);
    return kept;
  }

  static void release() {
    KEPT.remove();
  }

  private static int print(int level, Pointer format, Pointer arguments) {
    List<String> kept = KEPT.get();
    if (!(level == WARN && kept != null) && !LOG.isDebugEnabled()) {
      return 0;
    }
    try (Memory text = new Memory(ROOM)) {
      C.vsnprintf(text, ROOM, format, arguments);
      String line = LibBpf.text(text).strip();
      LOG.debug("{}", line);
      if (level == WARN && kept != null) {
        kept.add(line);
      }
    }
    return 0;
  }

  private static final class C {
    static {
      Native.register(C.class, NativeLibrary.getProcess());
    }

    private C() {}

    /** vsnprintf(3): the length that the text has or would have. */
    static native int vsnprintf(Pointer to, long size, Pointer format, Pointer arguments);
  }
}
