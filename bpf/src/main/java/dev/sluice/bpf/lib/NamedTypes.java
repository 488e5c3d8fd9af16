package dev.sluice.bpf.lib;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The names of the kernel's types of which an object file wants to know where their fields are: at
 * these its CO-RE relocations begin (Documentation/bpf/llvm_reloc.rst of Linux), in the section
 * {@code .BTF.ext}, where libbpf has no function that tells them.
 */
final class NamedTypes {

  private static final int ELF = 0x7f454c46;
  private static final int RELOCATION = 16;

  private final ByteBuffer file;

  private NamedTypes(byte[] elf) {
    file = ByteBuffer.wrap(elf).order(ByteOrder.nativeOrder());
  }

  /** Nothing too if {@code elf} is no object file: what to say of that is libbpf's. */
  static SortedSet<String> in(byte[] elf) {
    SortedSet<String> out = new TreeSet<>();
    NamedTypes types = new NamedTypes(elf);
    if (elf.length < 64 || ByteBuffer.wrap(elf).getInt() != ELF) {
      return out;
    }
    types
        .section(".BTF.ext")
        .ifPresent(
            relocations -> {
              ByteBuffer own = types.section(".BTF").orElseThrow();
              byte[] raw = new byte[own.remaining()];
              own.get(raw);
              read(relocations, new Btf(raw), out);
            });
    return out;
  }

  /** {@code struct btf_ext_header}, and for each section of programs its relocations. */
  private static void read(ByteBuffer ext, Btf own, SortedSet<String> out) {
    int header = ext.getInt(4);
    int at = header + ext.getInt(24);
    int end = at + ext.getInt(28);
    if (at == end) {
      return;
    }
    int size = Math.max(ext.getInt(at), RELOCATION);
    at += 4;
    while (at < end) {
      int relocations = ext.getInt(at + 4);
      at += 8;
      for (int i = 0; i < relocations; i++) {
        // What follows ___ tells the source's versions of a type from each other (libbpf).
        out.add(own.nameOf(ext.getInt(at + 4)).replaceFirst("___.*", ""));
        at += size;
      }
    }
  }

  /** elf(5), {@code Elf64_Ehdr} and {@code Elf64_Shdr}. */
  private Optional<ByteBuffer> section(String name) {
    long headers = file.getLong(40);
    int size = file.getShort(58);
    int count = file.getShort(60);
    int names = (int) file.getLong((int) headers + size * file.getShort(62) + 24);
    for (int i = 0; i < count; i++) {
      int header = (int) headers + size * i;
      if (isAt(names + file.getInt(header), name)) {
        int from = (int) file.getLong(header + 24);
        int length = (int) file.getLong(header + 32);
        return Optional.of(file.slice(from, length).order(ByteOrder.nativeOrder()));
      }
    }
    return Optional.empty();
  }

  private boolean isAt(int offset, String name) {
    byte[] bytes = LibBpf.cString(name);
    return file.slice(offset, Math.min(bytes.length, file.capacity() - offset))
        .equals(ByteBuffer.wrap(bytes));
  }
}
