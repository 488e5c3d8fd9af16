package dev.sluice.core.netlink.codec;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The attributes of a message or of another attribute, in wire order, known ones and others. Values
 * are decoded when asked for; a getter fails with the attribute's name if the value is too short.
 * Where a type comes twice the last one counts, as in the kernel.
 */
public final class Attributes implements Iterable<Attribute> {

  private final List<Attribute> attributes;
  private final AttributeNames names;

  private Attributes(List<Attribute> attributes, AttributeNames names) {
    this.attributes = attributes;
    this.names = names;
  }

  /** Splits {@code bytes}; an attribute that does not fit is malformed. */
  public static Attributes parse(ByteView bytes, AttributeNames names) {
    List<Attribute> found = new ArrayList<>();
    int offset = 0;
    // Fewer bytes than a header are padding, which the kernel reads over too.
    while (bytes.length() - offset >= Attribute.HEADER) {
      int length = bytes.u16(offset);
      int rawType = bytes.u16(offset + 2);
      if (length < Attribute.HEADER || length > bytes.length() - offset) {
        throw new NetlinkDecodeException(
            names.name(new Attribute(rawType, bytes, 0).type())
                + " of "
                + length
                + " bytes at "
                + offset
                + " of "
                + bytes.length());
      }
      int payload = offset + Attribute.HEADER;
      found.add(new Attribute(rawType, bytes.slice(payload, length - Attribute.HEADER), payload));
      offset += NetlinkMessage.align(length);
    }
    return new Attributes(found, names);
  }

  @Override
  public Iterator<Attribute> iterator() {
    return List.copyOf(attributes).iterator();
  }

  /** The payload of the attribute. */
  public Optional<ByteView> find(int type) {
    return attribute(type).map(Attribute::payload);
  }

  private Optional<Attribute> attribute(int type) {
    for (int i = attributes.size() - 1; i >= 0; i--) {
      if (attributes.get(i).type() == type) {
        return Optional.of(attributes.get(i));
      }
    }
    return Optional.empty();
  }

  public OptionalInt u8(int type) {
    Optional<ByteView> value = sized(type, 1);
    return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(value.get().u8(0));
  }

  public OptionalInt u16(int type) {
    Optional<ByteView> value = sized(type, Short.BYTES);
    return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(value.get().u16(0));
  }

  /** A 32-bit number, as {@link ByteView#i32}; in network order if the attribute says so. */
  public OptionalInt i32(int type) {
    Optional<ByteView> value = sized(type, Integer.BYTES);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    int number = value.get().i32(0);
    return OptionalInt.of(networkOrder(type) ? Integer.reverseBytes(number) : number);
  }

  private boolean networkOrder(int type) {
    return attribute(type).filter(Attribute::isNetworkOrder).isPresent();
  }

  /** Text, with or without the NUL that mostly ends it. */
  public Optional<String> string(int type) {
    return find(type).map(ByteView::text);
  }

  /** The attributes inside an attribute, whether it bears the flag for that or not. */
  public Optional<Attributes> nested(int type) {
    return find(type).map(bytes -> parse(bytes, names.inside(type)));
  }

  /** The payload, at least {@code size} bytes of it. */
  public Optional<ByteView> sized(int type, int size) {
    Optional<ByteView> value = find(type);
    if (value.isPresent() && value.get().length() < size) {
      throw new NetlinkDecodeException(
          names.name(type) + " of " + value.get().length() + " bytes, not " + size);
    }
    return value;
  }

  /** Writes all of them, unknown ones too, with their flag bits. */
  public void writeTo(AttributeWriter writer) {
    for (Attribute each : attributes) {
      writer.bytes(each.rawType(), each.payload().toByteArray());
    }
  }
}
