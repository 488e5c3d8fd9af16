package dev.sluice.core.netlink.ethtool;

import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.Attribute;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The features of a device (ETHTOOL_MSG_FEATURES_GET_REPLY: struct genlmsghdr and
 * ETHTOOL_A_FEATURES_* attributes).
 */
record FeaturesMessage(Attributes attributes) {

  private static final int ETHTOOL_MSG_FEATURES_GET = 11;

  private static final int HEADER = 1;
  private static final int ACTIVE = 4;
  private static final int HEADER_DEV_NAME = 2;
  private static final int BITSET_BITS = 3;
  private static final int BIT_NAME = 2;

  private static final AttributeNames BIT =
      AttributeNames.of("ETHTOOL_A_BITSET_BIT_", "INDEX", "NAME", "VALUE");

  private static final AttributeNames BITSET =
      AttributeNames.of("ETHTOOL_A_BITSET_", "NOMASK", "SIZE", "BITS", "VALUE", "MASK")
          .with(
              Map.of(
                  BITSET_BITS,
                  AttributeNames.of("ETHTOOL_A_BITSET_BITS_", "BIT").with(Map.of(1, BIT))));

  private static final Layout LAYOUT =
      new Layout(
          4,
          AttributeNames.of("ETHTOOL_A_FEATURES_", "HEADER", "HW", "WANTED", "ACTIVE", "NOCHANGE")
              .with(Map.of(ACTIVE, BITSET)));

  /** {@code family}: the number that ethtool's has on this kernel. */
  static Request get(int family, String device) {
    return new Request(
        family,
        0,
        ByteView.of(
            FamilyMessage.header(ETHTOOL_MSG_FEATURES_GET)
                .nested(HEADER, header -> header.string(HEADER_DEV_NAME, device))
                .toBytes()),
        LAYOUT,
        false,
        "get features of",
        device);
  }

  static FeaturesMessage parse(ByteView payload) {
    return new FeaturesMessage(
        Attributes.parse(payload.from(LAYOUT.headerLength()), LAYOUT.names()));
  }

  /** Those that are on, by the kernel's names, in its order. */
  List<String> active() {
    Optional<Attributes> bits = attributes.nested(ACTIVE).flatMap(set -> set.nested(BITSET_BITS));
    List<String> names = new ArrayList<>();
    if (bits.isPresent()) {
      // A set without a mask lists the bits that are set, and no others.
      for (Attribute bit : bits.get()) {
        Attributes.parse(bit.payload(), BIT)
            .string(BIT_NAME)
            .filter(name -> !name.isEmpty())
            .ifPresent(names::add);
      }
    }
    return names;
  }
}
