package dev.sluice.bpf.lib;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The types of an object file in the BPF Type Format (Documentation/bpf/btf.rst of Linux): where
 * global variables and members of structures are, and how large.
 */
public final class Btf {

  private static final int INT = 1;
  static final int PTR = 2;
  private static final int ARRAY = 3;
  private static final int STRUCT = 4;
  private static final int UNION = 5;
  private static final int ENUM = 6;
  private static final int TYPEDEF = 8;
  private static final int VOLATILE = 9;
  private static final int CONST = 10;
  private static final int RESTRICT = 11;
  private static final int FUNC_PROTO = 13;
  private static final int VAR = 14;
  private static final int DATASEC = 15;
  private static final int FLOAT = 16;
  private static final int DECL_TAG = 17;
  private static final int TYPE_TAG = 18;
  private static final int ENUM64 = 19;

  private static final int POINTER_SIZE = 8;

  private final ByteBuffer data;
  private final int strings;

  /** Offsets of the types in {@link #data}; 0 is void, which has none. */
  private final List<Integer> types = new ArrayList<>();

  /** A variable or a member: offset and size in bytes. */
  public record Place(String name, int offset, int size) {}

  /** The content of a section {@code .BTF}, as libbpf gives it. */
  Btf(byte[] raw) {
    data = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
    int header = data.getInt(4);
    int from = header + data.getInt(8);
    int until = from + data.getInt(12);
    strings = header + data.getInt(16);
    types.add(0);
    int at = from;
    while (at < until) {
      types.add(at);
      at += 12 + extra(kind(at), length(at));
    }
  }

  private int kind(int at) {
    return kindOf(data.getInt(at + 4));
  }

  private int length(int at) {
    return lengthOf(data.getInt(at + 4));
  }

  /** By the second word of a type. */
  static int kindOf(int info) {
    return (info >>> 24) & 0x1f;
  }

  /** By the second word of a type: how many members and the like it has. */
  static int lengthOf(int info) {
    return info & 0xffff;
  }

  /** The kinds of type that are used by their names. */
  static final int[] NAMED = {STRUCT, UNION, ENUM, ENUM64, TYPEDEF};

  /** Where a type that fields may have says of what types it is made, from its beginning. */
  static int[] references(int kind, int length) {
    return switch (kind) {
      case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> new int[] {8};
      case ARRAY -> new int[] {12, 16};
      case STRUCT, UNION -> IntStream.range(0, length).map(i -> 12 + 12 * i + 4).toArray();
      case INT, ENUM, ENUM64, FLOAT -> new int[0];
      default ->
          throw new SluiceException(Category.INTERNAL, "no field has a type of kind " + kind);
    };
  }

  private static int extra(int kind, int length) {
    return switch (kind) {
      case INT, VAR, DECL_TAG -> 4;
      case ARRAY -> 12;
      case STRUCT, UNION, DATASEC, ENUM64 -> 12 * length;
      case ENUM, FUNC_PROTO -> 8 * length;
      default -> 0;
    };
  }

  private String name(int at) {
    int start = strings + data.getInt(at);
    int end = start;
    while (data.get(end) != 0) {
      end++;
    }
    return new String(data.array(), start, end - start, StandardCharsets.UTF_8);
  }

  /** The name of a type of the file by its number. */
  String nameOf(int type) {
    return name(types.get(type));
  }

  /** The variables of a section such as {@code .rodata}; empty if there is none. */
  public List<Place> variables(String section) {
    List<Place> out = new ArrayList<>();
    find(DATASEC, section)
        .ifPresent(
            at -> {
              for (int i = 0; i < length(at); i++) {
                int entry = at + 12 + 12 * i;
                int variable = types.get(data.getInt(entry));
                out.add(new Place(name(variable), data.getInt(entry + 4), data.getInt(entry + 8)));
              }
            });
    return out;
  }

  /** The members of a structure, bit fields left out; empty if the file has no such structure. */
  public List<Place> members(String struct) {
    List<Place> out = new ArrayList<>();
    find(STRUCT, struct)
        .ifPresent(
            at -> {
              boolean bitFields = data.getInt(at + 4) < 0;
              for (int i = 0; i < length(at); i++) {
                int member = at + 12 + 12 * i;
                int where = data.getInt(member + 8);
                int bits = bitFields ? where >>> 24 : 0;
                int bit = bitFields ? where & 0xffffff : where;
                if (bits == 0) {
                  out.add(new Place(name(member), bit / 8, size(data.getInt(member + 4))));
                }
              }
            });
    return out;
  }

  /** The constants of an enumeration by name; empty if the file has no such enumeration. */
  public Map<String, Integer> constants(String enumeration) {
    Map<String, Integer> out = new LinkedHashMap<>();
    find(ENUM, enumeration)
        .ifPresent(
            at -> {
              for (int i = 0; i < length(at); i++) {
                int constant = at + 12 + 8 * i;
                out.put(name(constant), data.getInt(constant + 4));
              }
            });
    return out;
  }

  /** The size of a structure in bytes; empty if the file has no such structure. */
  public OptionalInt structSize(String struct) {
    Optional<Integer> at = find(STRUCT, struct);
    return at.isPresent() ? OptionalInt.of(data.getInt(at.get() + 8)) : OptionalInt.empty();
  }

  private Optional<Integer> find(int kind, String name) {
    return types.stream()
        .skip(1)
        .filter(at -> kind(at) == kind && name(at).equals(name))
        .findFirst();
  }

  private int size(int type) {
    if (type == 0) {
      return 0;
    }
    int at = types.get(type);
    int kind = kind(at);
    if (kind == PTR) {
      return POINTER_SIZE;
    } else if (kind == ARRAY) {
      return data.getInt(at + 20) * size(data.getInt(at + 12));
    } else if ((kind >= TYPEDEF && kind <= RESTRICT) || kind == TYPE_TAG || kind == VAR) {
      return size(data.getInt(at + 8));
    } else if (kind == INT
        || kind == STRUCT
        || kind == UNION
        || kind == ENUM
        || kind == ENUM64
        || kind == FLOAT) {
      return data.getInt(at + 8);
    }
    return 0;
  }
}
