package dev.sluice.core.netlink.route;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.codec.AttributeWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Changes to one link, made by one request; what is not named stays. Immutable: each method gives a
 * further one.
 */
public final class LinkChange {

  private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
  private static final int NO_MASTER = 0;

  private final int index;
  private final String label;
  private final int flags;
  private final int change;
  private final List<Consumer<AttributeWriter>> attributes;

  private LinkChange(
      int index, String label, int flags, int change, List<Consumer<AttributeWriter>> attributes) {
    this.index = index;
    this.label = label;
    this.flags = flags;
    this.change = change;
    this.attributes = attributes;
  }

  /** Of the link with that index. */
  public static LinkChange of(int index) {
    return new LinkChange(index, "index " + index, 0, 0, List.of());
  }

  /** Of the link with that name. */
  public static LinkChange named(String name) {
    return new LinkChange(0, name, 0, 0, List.of())
        .with(out -> out.string(LinkAttributes.IFNAME, name));
  }

  public LinkChange up() {
    return flag(LinkMessage.IFF_UP, true);
  }

  public LinkChange down() {
    return flag(LinkMessage.IFF_UP, false);
  }

  public LinkChange mtu(int bytes) {
    return with(out -> out.u32(LinkAttributes.MTU, bytes));
  }

  public LinkChange mac(MacAddress address) {
    return with(out -> out.bytes(LinkAttributes.ADDRESS, address.bytes()));
  }

  /** Makes it a port of the link with that index. */
  public LinkChange master(int masterIndex) {
    return with(out -> out.u32(LinkAttributes.MASTER, masterIndex));
  }

  /** Makes it a port of nothing. */
  public LinkChange noMaster() {
    return master(NO_MASTER);
  }

  public LinkChange group(int number) {
    return with(out -> out.u32(LinkAttributes.GROUP, number));
  }

  /** Up to 255 bytes; an empty text takes the alias away. */
  public LinkChange alias(String text) {
    return with(out -> out.string(LinkAttributes.IFALIAS, text));
  }

  /** How it makes its link-local IPv6 address: 0 from its MAC, 1 not at all. */
  public LinkChange addrGenMode(int mode) {
    return with(
        out ->
            out.nested(
                LinkAttributes.AF_SPEC,
                families ->
                    families.nested(
                        Rtnl.AF_INET6, inet6 -> inet6.u8(IFLA_INET6_ADDR_GEN_MODE, mode))));
  }

  private LinkChange flag(int flag, boolean set) {
    return new LinkChange(
        index, label, set ? flags | flag : flags & ~flag, change | flag, attributes);
  }

  private LinkChange with(Consumer<AttributeWriter> attribute) {
    List<Consumer<AttributeWriter>> more = new ArrayList<>(attributes);
    more.add(attribute);
    return new LinkChange(index, label, flags, change, List.copyOf(more));
  }

  byte[] toBytes() {
    AttributeWriter out = LinkMessage.header(Rtnl.AF_UNSPEC, 0, index, flags, change);
    attributes.forEach(attribute -> attribute.accept(out));
    return out.toBytes();
  }

  /** The name or index that it was made with. */
  String label() {
    return label;
  }
}
