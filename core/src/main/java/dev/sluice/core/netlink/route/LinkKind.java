package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.codec.AttributeWriter;

/**
 * What is special to one kind of link when it is made (IFLA_LINKINFO). A kind's class is a record
 * of its settings, and reads them back from a {@link LinkMessage} too.
 */
public interface LinkKind {

  /** As the kernel calls it: {@code bridge}, {@code veth}. */
  String name();

  /** Writes the attributes inside IFLA_INFO_DATA; none is fine. */
  void writeData(AttributeWriter data);
}
