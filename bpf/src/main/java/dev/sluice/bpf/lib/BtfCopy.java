package dev.sluice.bpf.lib;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Types of the kernel by themselves, as {@code bpftool gen min_core_btf} makes them: each with all
 * that lies within it, where it lies. What it points to is left out: libbpf compares no more of a
 * pointer than that it is one, and for what is behind it there is a relocation of its own.
 */
final class BtfCopy implements AutoCloseable {

  private final Pointer kernel;
  private final Pointer copy;

  /** By the numbers that types have in the kernel's. */
  private final Map<Integer, Integer> copied = new HashMap<>();

  private final int pointer;

  private BtfCopy() {
    kernel = BpfErrno.check(LibBpf.btf__load_vmlinux_btf(), "read", "the kernel's types (BTF)");
    copy = BpfErrno.check(LibBpf.btf__new_empty(), "make", "types (BTF)");
    pointer = BpfErrno.check(LibBpf.btf__add_ptr(copy, 0), "copy", "a pointer");
  }

  /**
   * Those of {@code names} that the kernel has, in the BPF Type Format.
   *
   * @throws BpfException the kernel's cannot be read
   */
  static byte[] of(Set<String> names) {
    try (BtfCopy copy = new BtfCopy()) {
      names.forEach(copy::add);
      IntByReference size = new IntByReference();
      Pointer raw = BpfErrno.check(LibBpf.btf__raw_data(copy.copy, size), "make", "types (BTF)");
      return raw.getByteArray(0, size.getValue());
    }
  }

  private void add(String name) {
    for (int kind : Btf.NAMED) {
      int id = LibBpf.btf__find_by_name_kind(kernel, LibBpf.cString(name), kind);
      if (id > 0) {
        copy(id);
      }
    }
  }

  /** The number of what is that type in the copy. */
  private int copy(int id) {
    if (id == 0) {
      return 0;
    }
    Integer there = copied.get(id);
    if (there != null) {
      return there;
    }
    Pointer type = LibBpf.btf__type_by_id(kernel, id);
    int kind = Btf.kindOf(type.getInt(4));
    if (kind == Btf.PTR) {
      return pointer;
    }
    int made = BpfErrno.check(LibBpf.btf__add_type(copy, kernel, type), "copy", "type " + id);
    copied.put(id, made);
    for (int at : Btf.references(kind, Btf.lengthOf(type.getInt(4)))) {
      int referred = copy(type.getInt(at));
      // Only now: what is added moves what is there.
      LibBpf.btf__type_by_id(copy, made).setInt(at, referred);
    }
    return made;
  }

  @Override
  public void close() {
    LibBpf.btf__free(copy);
    LibBpf.btf__free(kernel);
  }
}
