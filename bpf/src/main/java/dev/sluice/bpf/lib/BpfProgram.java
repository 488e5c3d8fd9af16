package dev.sluice.bpf.lib;

import com.sun.jna.Memory;
import java.nio.file.Path;
import java.util.Arrays;

/** A program in the kernel. Closing lets go of it; what is pinned or attached stays. */
public final class BpfProgram implements AutoCloseable {

  /** A verdict may make a frame longer by so much. */
  private static final int GROWTH = 256;

  private static final int OPTIONS_SIZE = 80;

  private final Handle handle;

  BpfProgram(Handle handle) {
    this.handle = handle;
  }

  /** The one that is pinned there; {@link BpfException} if there is none. */
  public static BpfProgram pinned(Path pin) {
    return new BpfProgram(Handle.pinned(pin, "program"));
  }

  /** The name, as far as it is known, and the number of a program of anybody's. */
  public static String describe(int id) {
    LibBpf.require();
    int fd = LibBpf.bpf_prog_get_fd_by_id(id);
    if (fd < 0) {
      return "id " + id;
    }
    try (BpfProgram program = new BpfProgram(Handle.owned(fd, "program " + id))) {
      String name = program.info().name();
      return (name.isEmpty() ? "" : name + ", ") + "id " + id;
    }
  }

  /**
   * What the kernel says of a program (linux/bpf.h, {@code struct bpf_prog_info}).
   *
   * @param id never used again until the next boot
   * @param name at most 15 characters
   * @param translatedBytes of instructions, 8 bytes each, after the verifier
   * @param machineBytes of machine code; 0 without JIT
   * @param verifiedInstructions what the verifier went through
   * @param runs while statistics were kept ({@link RunStatistics})
   * @param nanoseconds of those runs
   */
  public record ProgramInfo(
      int id,
      String name,
      int translatedBytes,
      int machineBytes,
      int verifiedInstructions,
      long runs,
      long nanoseconds) {}

  /** As it is now. */
  public ProgramInfo info() {
    try (Info info = Info.of(handle)) {
      return new ProgramInfo(
          info.number(4),
          info.name(64),
          info.number(20),
          info.number(16),
          info.number(216),
          info.wide(200),
          info.wide(192));
    }
  }

  /**
   * What a run came to.
   *
   * @param verdict the program's return value
   * @param nanoseconds of one run, on average
   * @param frame the packet afterwards
   * @param context the context afterwards; empty where none was given
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record TestResult(int verdict, int nanoseconds, byte[] frame, byte[] context) {}

  /**
   * Runs the program on a packet of ours (bpf(2), "BPF_PROG_TEST_RUN"); an ifindex in the context
   * is of the calling thread's namespace.
   *
   * @param frame from the Ethernet header on, 14 bytes at least
   * @param context {@link SkbContext#bytes} for tc; empty: the kernel's own
   * @param repeat how often; each after the first meets the packet as the one before left it
   */
  public TestResult testRun(byte[] frame, byte[] context, int repeat) {
    int room = frame.length + GROWTH;
    try (Memory memory =
        new Memory(OPTIONS_SIZE + (long) room + frame.length + 2L * context.length)) {
      memory.clear();
      long out = OPTIONS_SIZE;
      long in = out + room;
      long contextIn = in + frame.length;
      long contextOut = contextIn + context.length;
      memory.write(in, frame, 0, frame.length);
      memory.setLong(0, OPTIONS_SIZE);
      memory.setPointer(8, memory.share(in));
      memory.setPointer(16, memory.share(out));
      memory.setInt(24, frame.length);
      memory.setInt(28, room);
      if (context.length > 0) {
        memory.write(contextIn, context, 0, context.length);
        memory.setPointer(32, memory.share(contextIn));
        memory.setPointer(40, memory.share(contextOut));
        memory.setInt(48, context.length);
        memory.setInt(52, context.length);
      }
      memory.setInt(60, repeat);
      BpfErrno.check(LibBpf.bpf_prog_test_run_opts(handle.fd(), memory), "test-run BPF", handle);
      return new TestResult(
          memory.getInt(56),
          memory.getInt(64),
          memory.getByteArray(out, memory.getInt(28)),
          context.length == 0
              ? new byte[0]
              : Arrays.copyOf(memory.getByteArray(contextOut, context.length), memory.getInt(52)));
    }
  }

  /** Makes it outlive this process. */
  public void pin(Path pin) {
    handle.pin(pin);
  }

  /** Its descriptor, valid until it is closed. */
  public int fd() {
    return handle.fd();
  }

  @Override
  public void close() {
    handle.close();
  }

  @Override
  public String toString() {
    return handle.toString();
  }
}
