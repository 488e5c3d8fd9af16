package dev.sluice.core.nft;

import static dev.sluice.core.nft.NftMessages.be32;

import dev.sluice.core.netlink.codec.AttributeWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The expressions that a rule comes to, for rules of three forms: {@code accept}, {@code ct mark M
 * accept} and {@code ct mark set M accept}, M in hexadecimal. Numbers are those of
 * linux/netfilter/nf_tables.h.
 */
final class NftExpressions {

  private static final int VERDICT_REGISTER = 0;
  private static final int REGISTER = 8;
  private static final int CT_MARK = 3;
  private static final int EQUAL = 0;

  private static final String ACCEPT = "accept";
  private static final Pattern MARK = Pattern.compile("ct mark (set )?0x([0-9a-f]{8}) " + ACCEPT);

  private NftExpressions() {}

  /** Writes the list of expressions; returns false if the rule is of another form. */
  static boolean write(AttributeWriter list, String rule) {
    Matcher mark = MARK.matcher(rule);
    if (mark.matches()) {
      // As the machine has it: it is compared with the connection's own.
      byte[] value =
          ByteBuffer.allocate(Integer.BYTES)
              .order(ByteOrder.nativeOrder())
              .putInt(Integer.parseUnsignedInt(mark.group(2), 16))
              .array();
      if (mark.group(1) != null) {
        expression(
            list,
            "immediate",
            data -> data.bytes(1, be32(REGISTER)).nested(2, v -> v.bytes(1, value)));
        expression(list, "ct", data -> data.bytes(2, be32(CT_MARK)).bytes(4, be32(REGISTER)));
      } else {
        expression(list, "ct", data -> data.bytes(1, be32(REGISTER)).bytes(2, be32(CT_MARK)));
        expression(
            list,
            "cmp",
            data ->
                data.bytes(1, be32(REGISTER))
                    .bytes(2, be32(EQUAL))
                    .nested(3, v -> v.bytes(1, value)));
      }
    } else if (!rule.equals(ACCEPT)) {
      return false;
    }
    expression(
        list,
        "immediate",
        data -> {
          data.bytes(1, be32(VERDICT_REGISTER));
          NftMessages.verdictWord(data, 2, ACCEPT);
        });
    return true;
  }

  private static void expression(
      AttributeWriter list, String name, Consumer<AttributeWriter> data) {
    list.nested(1, expression -> expression.string(1, name).nested(2, data));
  }
}
