package dev.sluice.core.sys;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * As much of bpf(2) as it takes to find out what the kernel has, by no library. A program here is a
 * traffic classifier that ends at once, and may call a helper before.
 */
public final class Bpf {

  private static final long NUMBER = System.getProperty("os.arch").equals("amd64") ? 321 : 280;

  private static final int PROG_LOAD = 5;
  private static final int OBJ_GET_INFO_BY_FD = 15;
  private static final int LINK_CREATE = 28;
  private static final int PROG_TYPE_SCHED_CLS = 3;
  private static final int TCX_INGRESS = 46;

  private static final int ADD64_IMM = 0x07;
  private static final int MOV64_IMM = 0xb7;
  private static final int MOV64_REGISTER = 0xbf;
  private static final int CALL = 0x85;
  private static final int EXIT = 0x95;
  private static final int INSTRUCTION = 8;
  private static final int STACK = 10;
  private static final int PROBE_READ_KERNEL = 113;

  private static final int ATTRIBUTES = 64;
  private static final int INFO = 32;
  private static final int INFO_JITED_LENGTH = 16;

  private Bpf() {}

  /** Loads a program that returns 0. */
  public static Fd load() {
    try (Instructions program = new Instructions(2)) {
      return load(program.add(MOV64_IMM, 0, 0).add(EXIT, 0, 0));
    }
  }

  /**
   * Loads a program that returns what a helper of two numbers does; EINVAL if the kernel has none.
   *
   * @param helper its number (enum bpf_func_id of linux/bpf.h)
   */
  public static Fd loadCalling(int helper) {
    try (Instructions program = new Instructions(4)) {
      return load(
          program.add(MOV64_IMM, 1, 0).add(MOV64_IMM, 2, 0).add(CALL, 0, helper).add(EXIT, 0, 0));
    }
  }

  /**
   * Loads a program that reads eight bytes of the kernel's memory (bpf_probe_read_kernel); EINVAL
   * if the kernel has no such helper, or lets nobody use it ("lockdown=confidentiality").
   */
  public static Fd loadReadingKernel() {
    try (Instructions program = new Instructions(6)) {
      return load(
          program
              .add(MOV64_REGISTER, 1 | STACK << 4, 0)
              .add(ADD64_IMM, 1, -8)
              .add(MOV64_IMM, 2, 8)
              .add(MOV64_IMM, 3, 0)
              .add(CALL, 0, PROBE_READ_KERNEL)
              .add(EXIT, 0, 0));
    }
  }

  private static Fd load(Instructions program) {
    try (Memory license = new Memory(4)) {
      license.setString(0, "GPL");
      ByteBuffer attributes =
          attributes()
              .putInt(PROG_TYPE_SCHED_CLS)
              .putInt(program.count)
              .putLong(Pointer.nativeValue(program.memory))
              .putLong(Pointer.nativeValue(license));
      return new Fd(call(PROG_LOAD, attributes, "load", "a BPF program"));
    }
  }

  /** Whether a program runs as machine code. */
  public static boolean isCompiled(Fd program) {
    try (Memory info = new Memory(INFO)) {
      info.clear();
      ByteBuffer attributes =
          attributes().putInt(program.number()).putInt(INFO).putLong(Pointer.nativeValue(info));
      call(OBJ_GET_INFO_BY_FD, attributes, "ask about", "a BPF program");
      return info.getInt(INFO_JITED_LENGTH) != 0;
    }
  }

  /**
   * Attaches a program to the ingress of a device, by TCX, until what is returned is closed.
   *
   * @param ifindex in the namespace of the calling thread
   */
  public static Fd attach(Fd program, int ifindex) {
    ByteBuffer attributes =
        attributes().putInt(program.number()).putInt(ifindex).putInt(TCX_INGRESS);
    return new Fd(call(LINK_CREATE, attributes, "attach a BPF program to", "device " + ifindex));
  }

  private static ByteBuffer attributes() {
    return ByteBuffer.allocate(ATTRIBUTES).order(ByteOrder.nativeOrder());
  }

  private static int call(int command, ByteBuffer attributes, String operation, String object) {
    byte[] bytes = new byte[ATTRIBUTES];
    attributes.get(0, bytes);
    long result = Libc.syscall(NUMBER, command, bytes, ATTRIBUTES);
    return (int) Libc.check(result, operation, object);
  }

  private static final class Instructions implements AutoCloseable {
    private final Memory memory;
    private int count;

    Instructions(int most) {
      memory = new Memory((long) most * INSTRUCTION);
      memory.clear();
    }

    /** Of {@code registers} the lower four bits are the one written, the upper the one read. */
    Instructions add(int code, int registers, int number) {
      long at = (long) count++ * INSTRUCTION;
      memory.setByte(at, (byte) code);
      memory.setByte(at + 1, (byte) registers);
      memory.setInt(at + 4, number);
      return this;
    }

    @Override
    public void close() {
      memory.close();
    }
  }
}
