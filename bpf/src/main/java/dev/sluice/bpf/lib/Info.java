package dev.sluice.bpf.lib;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import java.nio.charset.StandardCharsets;

/** An answer of bpf(2), "BPF_OBJ_GET_INFO_BY_FD": fields by their offset in linux/bpf.h. */
final class Info implements AutoCloseable {

  /** More than any kernel fills; the rest stays zero. */
  private static final int ROOM = 512;

  private static final int NAME_LENGTH = 16;

  private final Memory memory;

  private Info(Memory memory) {
    this.memory = memory;
  }

  static Info of(Handle handle) {
    Memory memory = new Memory(ROOM);
    memory.clear();
    Info info = new Info(memory);
    info.fill(handle);
    return info;
  }

  private void fill(Handle handle) {
    IntByReference length = new IntByReference(ROOM);
    BpfErrno.check(
        LibBpf.bpf_obj_get_info_by_fd(handle.fd(), memory, length), "ask about BPF", handle);
  }

  int number(int offset) {
    return memory.getInt(offset);
  }

  long wide(int offset) {
    return memory.getLong(offset);
  }

  String name(int offset) {
    byte[] chars = memory.getByteArray(offset, NAME_LENGTH);
    int length = 0;
    while (length < NAME_LENGTH && chars[length] != 0) {
      length++;
    }
    return new String(chars, 0, length, StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    memory.close();
  }
}
