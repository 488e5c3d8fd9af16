package dev.sluice.bpf.lib;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import dev.sluice.bpf.lib.Btf.Place;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.Errno;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An object file that libbpf has read: first it is set, then {@link #load} hands it to the kernel.
 * Closing frees what is not pinned or attached. For one thread.
 */
public final class OpenObject implements AutoCloseable {

  private static final String SETTINGS = ".rodata";

  /** libbpf.h, {@code struct bpf_object_open_opts}. */
  private static final int OPTIONS_SIZE = 80;

  private static final int OPTION_NAME = 8;
  private static final int OPTION_KERNEL_TYPES = 48;
  private static final int OPTION_LOG = 56;
  private static final int OPTION_LOG_SIZE = 64;

  /** Of a program of a million instructions the kernel keeps the end. */
  private static final int LOG_ROOM = 1 << 22;

  private final String name;
  private final Pointer object;
  private final Memory log;
  private final Memory options;
  private final Map<String, Pointer> programs = new LinkedHashMap<>();
  private final Map<String, Pointer> maps = new LinkedHashMap<>();

  /** Read once they are asked for. */
  private Btf types;

  private OpenObject(String name, Pointer object, Memory log, Memory options) {
    this.name = name;
    this.object = object;
    this.log = log;
    this.options = options;
    for (Pointer p = LibBpf.bpf_object__next_program(object, null);
        p != null;
        p = LibBpf.bpf_object__next_program(object, p)) {
      programs.put(LibBpf.text(LibBpf.bpf_program__name(p)), p);
    }
    for (Pointer m = LibBpf.bpf_object__next_map(object, null);
        m != null;
        m = LibBpf.bpf_object__next_map(object, m)) {
      maps.put(LibBpf.text(LibBpf.bpf_map__name(m)), m);
    }
  }

  /**
   * Reads an object file.
   *
   * @param name for messages, and for the maps of its global variables
   * @param elf its content
   * @throws BpfLoadException it is none
   */
  public static OpenObject open(String name, byte[] elf) {
    LibBpf.require();
    return open(name, elf, KernelTypes.remembered().file(NamedTypes.in(elf)));
  }

  /** With the kernel's types from a file ({@code btf_custom_path}); empty: from the kernel. */
  static OpenObject open(String name, byte[] elf, Optional<Path> kernelTypes) {
    Memory log = new Memory(LOG_ROOM);
    log.setByte(0, (byte) 0);
    byte[] chars = LibBpf.cString(name);
    byte[] path = LibBpf.cString(kernelTypes.map(Path::toString).orElse(""));
    Memory options = new Memory(OPTIONS_SIZE + chars.length + path.length);
    options.clear();
    options.write(OPTIONS_SIZE, chars, 0, chars.length);
    options.write(OPTIONS_SIZE + chars.length, path, 0, path.length);
    options.setLong(0, OPTIONS_SIZE);
    options.setPointer(OPTION_NAME, options.share(OPTIONS_SIZE));
    if (kernelTypes.isPresent()) {
      options.setPointer(OPTION_KERNEL_TYPES, options.share(OPTIONS_SIZE + chars.length));
    }
    options.setPointer(OPTION_LOG, log);
    options.setLong(OPTION_LOG_SIZE, LOG_ROOM);
    List<String> words = Messages.keep();
    try {
      Pointer object = LibBpf.bpf_object__open_mem(elf, elf.length, options);
      if (object == null) {
        int errno = Native.getLastError();
        log.close();
        options.close();
        throw new BpfLoadException(name, Errno.of(errno), words, "");
      }
      return new OpenObject(name, object, log, options);
    } finally {
      Messages.release();
    }
  }

  public Set<String> programs() {
    return Collections.unmodifiableSet(programs.keySet());
  }

  /** The maps that the source declares; those of its global variables, with a dot, left out. */
  public List<String> maps() {
    return maps.keySet().stream().filter(map -> !map.contains(".")).toList();
  }

  /** The types of the file. */
  public Btf types() {
    if (types == null) {
      types = readTypes();
    }
    return types;
  }

  private Btf readTypes() {
    Pointer btf = LibBpf.bpf_object__btf(object);
    if (btf == null) {
      throw new SluiceException(
          Category.INTERNAL, "BPF object " + name + " has no type information: compile it with -g");
    }
    IntByReference size = new IntByReference();
    Pointer raw = LibBpf.btf__raw_data(btf, size);
    return new Btf(raw.getByteArray(0, size.getValue()));
  }

  /** The constants of the source that may be set. */
  public Set<String> constants() {
    return types().variables(SETTINGS).stream().map(Place::name).collect(Collectors.toSet());
  }

  /** Sets a constant of the source ({@code volatile const}) of 1, 2, 4 or 8 bytes. */
  public void set(String variable, long value) {
    Place place =
        types().variables(SETTINGS).stream()
            .filter(v -> v.name().equals(variable))
            .findFirst()
            .orElseThrow(() -> missing("constant", variable));
    Pointer map =
        maps.entrySet().stream()
            .filter(m -> m.getKey().endsWith(SETTINGS))
            .findFirst()
            .orElseThrow(() -> missing("constant", variable))
            .getValue();
    Pointer memory = LibBpf.bpf_map__initial_value(map, new LongByReference());
    switch (place.size()) {
      case 1 -> memory.setByte(place.offset(), (byte) value);
      case 2 -> memory.setShort(place.offset(), (short) value);
      case 4 -> memory.setInt(place.offset(), (int) value);
      case 8 -> memory.setLong(place.offset(), value);
      default ->
          throw new SluiceException(
              Category.INTERNAL,
              "constant %s of BPF object %s is no number: it has %d bytes"
                  .formatted(variable, name, place.size()));
    }
  }

  public void setMaxEntries(String map, int entries) {
    BpfErrno.check(
        LibBpf.bpf_map__set_max_entries(map(map), entries), "size BPF map", map + " of " + name);
  }

  /** The shape that a map will have. */
  public MapShape shape(String map) {
    Pointer m = map(map);
    return new MapShape(
        LibBpf.bpf_map__type(m),
        LibBpf.bpf_map__key_size(m),
        LibBpf.bpf_map__value_size(m),
        LibBpf.bpf_map__max_entries(m),
        LibBpf.bpf_map__map_flags(m));
  }

  /** Uses the map that is pinned there, or pins the new one there if there is none. */
  public void share(String map, Path pin) {
    BpfErrno.check(
        LibBpf.bpf_map__set_pin_path(map(map), LibBpf.cString(pin)),
        "share BPF map",
        map + " of " + name);
  }

  /**
   * Makes the maps and has the programs verified.
   *
   * @throws BpfLoadException the kernel refuses
   */
  public void load() {
    List<String> words = Messages.keep();
    try {
      int result = LibBpf.bpf_object__load(object);
      if (result < 0) {
        throw new BpfLoadException(name, Errno.of(-result), words, LibBpf.text(log).strip());
      }
    } finally {
      Messages.release();
    }
  }

  /** A program of the loaded object; valid until this is closed. */
  public BpfProgram program(String program) {
    Pointer p = programs.get(program);
    if (p == null) {
      throw missing("program", program);
    }
    return new BpfProgram(Handle.borrowed(LibBpf.bpf_program__fd(p), "program " + program));
  }

  /** A map of the loaded object; valid until this is closed. */
  public BpfMap loadedMap(String map) {
    return new BpfMap(Handle.borrowed(LibBpf.bpf_map__fd(map(map)), "map " + map));
  }

  private Pointer map(String map) {
    Pointer m = maps.get(map);
    if (m == null) {
      throw missing("map", map);
    }
    return m;
  }

  private SluiceException missing(String sort, String what) {
    return new SluiceException(
        Category.INTERNAL, "BPF object %s has no %s %s".formatted(name, sort, what));
  }

  @Override
  public void close() {
    LibBpf.bpf_object__close(object);
    log.close();
    options.close();
  }
}
