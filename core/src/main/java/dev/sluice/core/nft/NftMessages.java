package dev.sluice.core.nft;

import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.ByteView;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The simplest commands on a table as netlink messages: linux/netfilter/nf_tables.h. Pure. What is
 * not so simple has none, and is for libnftables.
 */
final class NftMessages {

  /** Large enough for a change, small enough for one attribute. */
  private static final int MOST_ELEMENTS = 200;

  private static final int NFTABLES = 10;
  private static final int NEWRULE = 6;
  private static final int DELRULE = 8;
  private static final int NEWSETELEM = 12;
  private static final int DELSETELEM = 14;
  private static final int NEWOBJ = 18;
  private static final int DELOBJ = 20;
  private static final int BATCH_BEGIN = 16;
  private static final int BATCH_END = 17;

  private static final int F_CREATE = 0x400;
  private static final int F_APPEND = 0x800;

  private static final Map<String, Integer> FAMILIES = Map.of("inet", 1, "netdev", 5);
  private static final int COUNTER = 1;

  private static final Layout ELEMENTS = layout("NFTA_SET_ELEM_LIST_", "TABLE", "SET", "ELEMENTS");
  private static final Layout RULE =
      layout("NFTA_RULE_", "TABLE", "CHAIN", "HANDLE", "EXPRESSIONS");
  private static final Layout OBJECT = layout("NFTA_OBJ_", "TABLE", "NAME", "TYPE", "DATA");
  private static final Layout NONE = layout("NFTA_");

  private static final Pattern JUMP = Pattern.compile("(jump|goto) (\\S+)");
  private static final Pattern COUNTED = Pattern.compile("\"([^\"]+)\"");

  private final NftTable table;

  NftMessages(NftTable table) {
    this.table = table;
  }

  private static Layout layout(String prefix, String... names) {
    return new Layout(4, AttributeNames.of(prefix, names));
  }

  /** What a transaction starts with. */
  static Request begin() {
    return bound(BATCH_BEGIN, "begin a transaction of nftables");
  }

  /** What a transaction ends with. */
  static Request end() {
    return bound(BATCH_END, "end a transaction of nftables");
  }

  private static Request bound(int type, String operation) {
    // The subsystem, in network order.
    AttributeWriter header =
        new AttributeWriter().header8(0).header8(0).header8(0).header8(NFTABLES);
    return new Request(type, 0, ByteView.of(header.toBytes()), NONE, true, operation, "");
  }

  private Optional<Request> request(
      int type,
      int flags,
      Layout layout,
      AttributeWriter payload,
      String operation,
      String object) {
    return Optional.of(
        new Request(
            NFTABLES << 8 | type,
            flags,
            ByteView.of(payload.toBytes()),
            layout,
            true,
            operation,
            table.name() + " " + object));
  }

  /** The header and the table's name; empty for a family that is not known here. */
  private Optional<AttributeWriter> start() {
    return Optional.ofNullable(FAMILIES.get(table.family()))
        .map(
            family ->
                new AttributeWriter()
                    .header8(family)
                    .header8(0)
                    .header16(0)
                    .string(1, table.name()));
  }

  Optional<Request> addCounter(String name) {
    return start()
        .flatMap(
            out -> {
              out.string(2, name).bytes(3, be32(COUNTER)).nested(4, data -> {});
              return request(NEWOBJ, F_CREATE, OBJECT, out, "add counter", name);
            });
  }

  Optional<Request> deleteCounter(String name) {
    return start()
        .flatMap(
            out -> {
              out.string(2, name).bytes(3, be32(COUNTER));
              return request(DELOBJ, 0, OBJECT, out, "delete counter", name);
            });
  }

  Optional<Request> addElements(NftSet set, Map<String, String> elements) {
    return elements(NEWSETELEM, F_CREATE, set, elements, "add elements");
  }

  Optional<Request> deleteElements(NftSet set, Map<String, String> elements) {
    return elements(DELSETELEM, 0, set, elements, "delete elements");
  }

  private Optional<Request> elements(
      int type, int flags, NftSet set, Map<String, String> elements, String operation) {
    Optional<ElementKeys> keys = ElementKeys.of(set);
    Optional<AttributeWriter> out = start();
    if (keys.isEmpty() || out.isEmpty() || elements.size() > MOST_ELEMENTS) {
      return Optional.empty();
    }
    boolean[] all = {true};
    out.get()
        .string(2, set.name())
        .nested(
            3,
            list ->
                elements.forEach(
                    (key, value) ->
                        list.nested(
                            1,
                            element ->
                                all[0] &=
                                    keys.get().write(element, key)
                                        && (type == DELSETELEM || value(element, value)))));
    return all[0]
        ? request(type, flags, ELEMENTS, out.get(), operation, set.name())
        : Optional.empty();
  }

  /** What a key leads to: nothing, a counter or a verdict. */
  private static boolean value(AttributeWriter element, String value) {
    Matcher counted = COUNTED.matcher(value);
    if (value.isEmpty()) {
      return true;
    }
    if (counted.matches()) {
      element.string(9, counted.group(1));
      return true;
    }
    return verdict(element, 2, value);
  }

  /** NFTA_DATA_VERDICT within attribute {@code type}. */
  private static boolean verdict(AttributeWriter out, int type, String text) {
    Matcher jump = JUMP.matcher(text);
    OptionalInt code = jump.matches() ? code(jump.group(1)) : code(text);
    code.ifPresent(
        c ->
            out.nested(
                type,
                data ->
                    data.nested(
                        2,
                        verdict -> {
                          verdict.bytes(1, be32(c));
                          if (jump.matches()) {
                            verdict.string(2, jump.group(2));
                          }
                        })));
    return code.isPresent();
  }

  private static OptionalInt code(String word) {
    return switch (word) {
      case "drop" -> OptionalInt.of(0);
      case "accept" -> OptionalInt.of(1);
      case "jump" -> OptionalInt.of(-3);
      case "goto" -> OptionalInt.of(-4);
      case "return" -> OptionalInt.of(-5);
      default -> OptionalInt.empty();
    };
  }

  Optional<Request> flushChain(String chain) {
    return start()
        .flatMap(out -> request(DELRULE, 0, RULE, out.string(2, chain), "flush chain", chain));
  }

  /** A rule of one of the forms that {@link NftExpressions} knows. */
  Optional<Request> addRule(String chain, String rule) {
    return start()
        .flatMap(
            out -> {
              out.string(2, chain);
              boolean[] known = {false};
              out.nested(4, list -> known[0] = NftExpressions.write(list, rule));
              return known[0]
                  ? request(NEWRULE, F_CREATE | F_APPEND, RULE, out, "add rule", chain)
                  : Optional.empty();
            });
  }

  /** Netfilter's numbers are in network order. */
  static byte[] be32(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  /** As {@link #verdict}, for a word without a chain. */
  static void verdictWord(AttributeWriter out, int type, String word) {
    if (!verdict(out, type, word)) {
      throw new IllegalArgumentException("no verdict: " + word);
    }
  }
}
