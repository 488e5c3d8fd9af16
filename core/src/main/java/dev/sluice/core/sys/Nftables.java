package dev.sluice.core.sys;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.sluice.core.error.UnsupportedFeatureException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A context of libnftables (libnftables(3)): takes commands in nft(8)'s language and carries them
 * out in the network namespace of the thread that opened it, which must also be the one of every
 * thread that uses it. Commands of one call are one transaction.
 *
 * <p>The library ends the whole process where it cannot open a socket: open a context before
 * anything is changed.
 */
public final class Nftables implements AutoCloseable {

  private static final int OUTPUT_STATELESS = 1 << 2;
  private static final int OUTPUT_JSON = 1 << 4;
  private static final int OUTPUT_NUMERIC_ALL = 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10;

  /** The library keeps tables of names in globals: one call at a time, whatever the context. */
  private static final Object ONE_AT_A_TIME = new Object();

  private final Pointer context;

  private Nftables(Pointer context) {
    this.context = context;
  }

  /**
   * What became of some commands.
   *
   * @param done false: the kernel or the parser refused, and nothing was changed
   * @param errors the library's own words, each with the command it is about
   */
  public record Result(boolean done, String output, String errors) {}

  /**
   * A context for the calling thread's namespace.
   *
   * @throws UnsupportedFeatureException the library is not installed
   */
  public static Nftables open() {
    synchronized (ONE_AT_A_TIME) {
      try {
        Pointer context = Library.nft_ctx_new(0);
        Library.nft_ctx_buffer_output(context);
        Library.nft_ctx_buffer_error(context);
        return new Nftables(context);
      } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
        throw new UnsupportedFeatureException(
            "nftables cannot be spoken to",
            List.of("libnftables.so.1 is not there: install the Debian package libnftables1"));
      }
    }
  }

  /** Runs commands; what they print is as nft(8) prints it, all names as numbers. */
  public Result run(String commands) {
    return run(commands, OUTPUT_NUMERIC_ALL);
  }

  /** As {@link #run}, with the output in JSON (libnftables-json(5)), counters included. */
  public Result json(String commands) {
    return run(commands, OUTPUT_NUMERIC_ALL | OUTPUT_JSON);
  }

  /** As {@link #json}, without the state of counters and the like. */
  public Result statelessJson(String commands) {
    return run(commands, OUTPUT_NUMERIC_ALL | OUTPUT_JSON | OUTPUT_STATELESS);
  }

  private Result run(String commands, int flags) {
    synchronized (ONE_AT_A_TIME) {
      Library.nft_ctx_output_set_flags(context, flags);
      int status = Library.nft_run_cmd_from_buffer(context, Libc.cString(commands));
      String output = text(Library.nft_ctx_get_output_buffer(context));
      String errors = text(Library.nft_ctx_get_error_buffer(context)).strip();
      return new Result(status == 0, output, status == 0 ? errors : located(commands, errors));
    }
  }

  /**
   * Of commands in memory the library quotes the first line, whichever is at fault (1.0.6); of a
   * file it quotes the right one. So those that were refused are tried again from a file, without
   * effect.
   */
  private String located(String commands, String errors) {
    try {
      Path file = Files.createTempFile("sluice", ".nft");
      try {
        Files.writeString(file, commands);
        Library.nft_ctx_set_dry_run(context, true);
        int status = Library.nft_run_cmd_from_filename(context, Libc.cString(file));
        String located = text(Library.nft_ctx_get_error_buffer(context)).strip();
        return status == 0 || located.isEmpty() ? errors : located.replace(file + ":", "line ");
      } finally {
        Library.nft_ctx_set_dry_run(context, false);
        Files.delete(file);
      }
    } catch (IOException e) {
      return errors;
    }
  }

  private static String text(Pointer chars) {
    return chars.getString(0, StandardCharsets.UTF_8.name());
  }

  @Override
  public void close() {
    synchronized (ONE_AT_A_TIME) {
      Library.nft_ctx_free(context);
    }
  }

  /**
   * The functions by their C names (nftables/libnftables.h); a class of its own, so that only users
   * need the library.
   */
  @SuppressWarnings("MethodName")
  private static final class Library {

    static {
      Native.register(Library.class, NativeLibrary.getInstance("libnftables.so.1"));
    }

    private Library() {}

    /** A context, never NULL. */
    static native Pointer nft_ctx_new(int flags);

    static native void nft_ctx_free(Pointer context);

    static native void nft_ctx_output_set_flags(Pointer context, int flags);

    /** 0. Output then goes to a buffer of the context, which the next command starts anew. */
    static native int nft_ctx_buffer_output(Pointer context);

    static native int nft_ctx_buffer_error(Pointer context);

    static native Pointer nft_ctx_get_output_buffer(Pointer context);

    static native Pointer nft_ctx_get_error_buffer(Pointer context);

    /** A dry run changes nothing, but asks the kernel. */
    static native void nft_ctx_set_dry_run(Pointer context, boolean dry);

    /** As {@link #nft_run_cmd_from_buffer}. */
    static native int nft_run_cmd_from_filename(Pointer context, byte[] name);

    /** 0, or -1 if a command was refused. */
    static native int nft_run_cmd_from_buffer(Pointer context, byte[] commands);
  }
}
