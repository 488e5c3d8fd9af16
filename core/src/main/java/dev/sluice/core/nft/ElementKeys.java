package dev.sluice.core.nft;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.netlink.codec.AttributeWriter;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys of a set in nft's text as the bytes that the kernel compares: addresses and ports, alone
 * or joined by dots. Intervals of a single field are none of these: to the kernel such a set holds
 * the places where intervals begin and end.
 */
final class ElementKeys {

  /** linux/netfilter/nf_tables.h, enum nft_set_elem_attributes and enum nft_data_attributes. */
  private static final int KEY = 1;

  private static final int KEY_END = 10;
  private static final int DATA_VALUE = 1;

  private static final String JOIN = " . ";
  private static final int REGISTER = 4;
  private static final Pattern DECLARATION =
      Pattern.compile("type ([a-z0-9_ .]+?)( : (?:counter|verdict))?;( flags interval;)?");

  private final List<String> types;
  private final boolean intervals;

  private ElementKeys(List<String> types, boolean intervals) {
    this.types = types;
    this.intervals = intervals;
  }

  /** Empty if the set's keys are of another sort. */
  static Optional<ElementKeys> of(NftSet set) {
    Matcher matcher = DECLARATION.matcher(set.declaration());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    List<String> types = List.of(matcher.group(1).split(Pattern.quote(JOIN), -1));
    boolean intervals = matcher.group(3) != null;
    boolean known = types.stream().allMatch(type -> length(type) > 0);
    return known && !(intervals && types.size() == 1)
        ? Optional.of(new ElementKeys(types, intervals))
        : Optional.empty();
  }

  private static int length(String type) {
    return switch (type) {
      case "ipv4_addr" -> 4;
      case "ipv6_addr" -> 16;
      case "inet_service" -> 2;
      default -> 0;
    };
  }

  /**
   * Writes the attributes of a key; returns false, with what was written of no use, if it cannot.
   */
  boolean write(AttributeWriter out, String key) {
    String[] fields = key.split(Pattern.quote(JOIN), -1);
    if (fields.length != types.size()) {
      return false;
    }
    ByteArrayOutputStream from = new ByteArrayOutputStream();
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i++) {
      String[] ends = fields[i].split("-", 2);
      boolean known =
          (intervals || ends.length == 1)
              && append(from, types.get(i), ends[0])
              && append(to, types.get(i), ends[ends.length - 1]);
      if (!known) {
        return false;
      }
    }
    value(out, KEY, from.toByteArray());
    if (intervals) {
      value(out, KEY_END, to.toByteArray());
    }
    return true;
  }

  private static void value(AttributeWriter out, int attribute, byte[] key) {
    out.nested(attribute, data -> data.bytes(DATA_VALUE, key));
  }

  /** Each field of several fills whole registers. */
  private boolean append(ByteArrayOutputStream out, String type, String text) {
    Optional<byte[]> bytes = type.equals("inet_service") ? port(text) : address(text);
    if (bytes.isEmpty() || bytes.get().length != length(type)) {
      return false;
    }
    out.writeBytes(bytes.get());
    while (types.size() > 1 && out.size() % REGISTER != 0) {
      out.write(0);
    }
    return true;
  }

  private static Optional<byte[]> address(String text) {
    return IpAddress.tryParse(text).map(IpAddress::bytes);
  }

  private static Optional<byte[]> port(String text) {
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9') || text.isEmpty() || text.length() > 5) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text);
    return Optional.of(new byte[] {(byte) (port >> 8), (byte) port}).filter(b -> port <= 0xffff);
  }
}
