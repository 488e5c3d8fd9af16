package dev.sluice.core.netlink.codec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names of one enumeration of attributes, and of those nested in them: what turns a number in
 * an error into a word of the kernel's headers.
 */
public final class AttributeNames {

  private final String prefix;
  private final List<String> names;
  private final Map<Integer, AttributeNames> nested;

  private AttributeNames(String prefix, List<String> names, Map<Integer, AttributeNames> nested) {
    this.prefix = prefix;
    this.names = names;
    this.nested = nested;
  }

  /**
   * Names of the types 1, 2, ... without their common prefix, in the order of the kernel's enum.
   */
  public static AttributeNames of(String prefix, String... namesFromOne) {
    return new AttributeNames(prefix, List.of(namesFromOne), Map.of());
  }

  /** These, with the attributes nested in some types named too. */
  public AttributeNames with(Map<Integer, AttributeNames> inside) {
    return new AttributeNames(prefix, names, Map.copyOf(inside));
  }

  /** {@code IFLA_MTU}, or {@code IFLA_ attribute 99} for one that is not known. */
  public String name(int type) {
    return type >= 1 && type <= names.size()
        ? prefix + names.get(type - 1)
        : prefix + " attribute " + type;
  }

  /** The names inside an attribute; numbers only if they are not known. */
  AttributeNames inside(int type) {
    return nested.getOrDefault(type, AttributeNames.of(name(type)));
  }

  /**
   * The path of the attribute that holds the byte at {@code offset}, such as {@code
   * IFLA_LINKINFO/IFLA_INFO_KIND}; empty if none does.
   */
  public Optional<String> pathAt(ByteView attributes, int offset) {
    Attributes parsed;
    try {
      parsed = Attributes.parse(attributes, this);
    } catch (NetlinkDecodeException e) {
      return Optional.empty();
    }
    for (Attribute each : parsed) {
      int inside = offset - each.payloadOffset();
      if (inside < -Attribute.HEADER || inside >= each.payload().length()) {
        continue;
      }
      Optional<String> deeper =
          inside >= 0 && (each.isNested() || nested.containsKey(each.type()))
              ? inside(each.type()).pathAt(each.payload(), inside)
              : Optional.empty();
      return Optional.of(name(each.type()) + deeper.map(path -> "/" + path).orElse(""));
    }
    return Optional.empty();
  }
}
