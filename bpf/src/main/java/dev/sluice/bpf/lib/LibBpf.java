package dev.sluice.bpf.lib;

import com.sun.jna.Callback;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import dev.sluice.core.error.UnsupportedFeatureException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The functions of libbpf 1.x by their C names (bpf/libbpf.h, bpf/bpf.h, bpf/btf.h), as JNA direct
 * mappings. Unless said otherwise one that returns an int gives a negative errno on failure, one
 * that returns a pointer NULL with errno set. Strings are NUL-terminated; LP64 only.
 */
@SuppressWarnings("MethodName")
final class LibBpf {

  /** {@code libbpf_print_fn_t}; the last argument is a va_list, which all our machines pass so. */
  interface Print extends Callback {
    int invoke(int level, Pointer format, Pointer arguments);
  }

  /** {@code ring_buffer_sample_fn}: a negative number ends the call that has come so far. */
  interface Sample extends Callback {
    int invoke(Pointer context, Pointer data, long size);
  }

  static {
    Native.register(LibBpf.class, NativeLibrary.getInstance(BpfLibrary.NAME));
    Messages.install();
  }

  private LibBpf() {}

  /**
   * Makes sure that the library is there.
   *
   * @throws UnsupportedFeatureException it is not
   */
  static void require() {
    try {
      libbpf_num_possible_cpus();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new UnsupportedFeatureException(
          "BPF programs cannot be loaded",
          List.of(
              BpfLibrary.NAME + " is not there: install the Debian package " + BpfLibrary.PACKAGE));
    }
  }

  static byte[] cString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  static byte[] cString(Path path) {
    return cString(path.toString());
  }

  static String text(Pointer chars) {
    return chars.getString(0, StandardCharsets.UTF_8.name());
  }

  /** The callback before. */
  static native Pointer libbpf_set_print(Print print);

  static native int libbpf_num_possible_cpus();

  static native Pointer bpf_object__open_mem(byte[] elf, long size, Pointer options);

  static native int bpf_object__load(Pointer object);

  /** Frees it; what is pinned or attached stays. */
  static native void bpf_object__close(Pointer object);

  /** NULL at the end; {@code previous} may be null. */
  static native Pointer bpf_object__next_program(Pointer object, Pointer previous);

  static native Pointer bpf_object__next_map(Pointer object, Pointer previous);

  /** NULL without errno's being of use if the object has none. */
  static native Pointer bpf_object__btf(Pointer object);

  static native Pointer bpf_program__name(Pointer program);

  static native int bpf_program__fd(Pointer program);

  static native Pointer bpf_map__name(Pointer map);

  static native int bpf_map__fd(Pointer map);

  static native int bpf_map__type(Pointer map);

  static native int bpf_map__key_size(Pointer map);

  static native int bpf_map__value_size(Pointer map);

  static native int bpf_map__max_entries(Pointer map);

  static native int bpf_map__map_flags(Pointer map);

  static native int bpf_map__set_max_entries(Pointer map, int entries);

  /** {@code path} may be null: not to be pinned. */
  static native int bpf_map__set_pin_path(Pointer map, byte[] path);

  /** Of a map of global variables: its memory until the object is loaded. */
  static native Pointer bpf_map__initial_value(Pointer map, LongByReference size);

  static native Pointer btf__raw_data(Pointer btf, IntByReference size);

  static native Pointer btf__load_vmlinux_btf();

  static native Pointer btf__new_empty();

  /** {@code btf} may be null. */
  static native void btf__free(Pointer btf);

  /** A number, of the first of that name and kind. */
  static native int btf__find_by_name_kind(Pointer btf, byte[] name, int kind);

  /** Valid until a type is added; NULL if there is none of that number. */
  static native Pointer btf__type_by_id(Pointer btf, int id);

  /** The number of the new one; what it refers to still has the numbers of {@code source}. */
  static native int btf__add_type(Pointer btf, Pointer source, Pointer type);

  static native int btf__add_ptr(Pointer btf, int to);

  static native int bpf_obj_pin(int fd, byte[] path);

  /** A descriptor. */
  static native int bpf_obj_get(byte[] path);

  /** A descriptor. */
  static native int bpf_prog_get_fd_by_id(int id);

  static native int bpf_obj_get_info_by_fd(int fd, Pointer info, IntByReference length);

  /** A descriptor; {@code target} is an ifindex of the thread's namespace. */
  static native int bpf_link_create(int program, int target, int type, Pointer options);

  static native int bpf_link_update(int link, int program, Pointer options);

  static native int bpf_link_detach(int link);

  /** A descriptor; {@code options} may be null. */
  static native int bpf_map_create(
      int type, byte[] name, int keySize, int valueSize, int maxEntries, Pointer options);

  static native int bpf_map_lookup_elem(int map, byte[] key, byte[] value);

  static native int bpf_map_update_elem(int map, byte[] key, byte[] value, long flags);

  static native int bpf_map_delete_elem(int map, byte[] key);

  /** {@code key} may be null: the first. */
  static native int bpf_map_get_next_key(int map, byte[] key, byte[] next);

  /** ENOENT with what is left in {@code count} at the end. */
  static native int bpf_map_lookup_batch(
      int map,
      byte[] from,
      byte[] next,
      Pointer keys,
      Pointer values,
      IntByReference count,
      Pointer options);

  static native int bpf_map_update_batch(
      int map, Pointer keys, Pointer values, IntByReference count, Pointer options);

  static native int bpf_map_delete_batch(
      int map, Pointer keys, IntByReference count, Pointer options);

  static native int bpf_prog_test_run_opts(int program, Pointer options);

  static native Pointer ring_buffer__new(int map, Sample sample, Pointer context, Pointer options);

  /** The number of samples; of milliseconds -1 waits for ever. */
  static native int ring_buffer__poll(Pointer ring, int milliseconds);

  static native int ring_buffer__consume(Pointer ring);

  static native void ring_buffer__free(Pointer ring);

  /** A descriptor: statistics are kept while it is open. */
  static native int bpf_enable_stats(int type);
}
