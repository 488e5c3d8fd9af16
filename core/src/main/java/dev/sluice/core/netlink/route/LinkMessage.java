package dev.sluice.core.netlink.route;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkDecodeException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the kernel tells of a link (RTM_NEWLINK: struct ifinfomsg and IFLA_* attributes).
 *
 * @param hardwareType ARPHRD_*: 1 is Ethernet, 772 loopback
 * @param index unique in its namespace
 * @param flags IFF_*, see netdevice(7)
 * @param change which of the flags a request is to change; of a dump, without meaning
 * @param attributes all of them, unknown ones too
 */
public record LinkMessage(
    int family, int hardwareType, int index, int flags, int change, Attributes attributes) {

  public static final int IFF_UP = 0x1;

  public static LinkMessage parse(ByteView payload) {
    return new LinkMessage(
        payload.u8(0),
        payload.u16(2),
        payload.i32(4),
        payload.i32(8),
        payload.i32(12),
        Attributes.parse(payload.from(LinkAttributes.LAYOUT.headerLength()), LinkAttributes.NAMES));
  }

  public byte[] toBytes() {
    AttributeWriter out = header(family, hardwareType, index, flags, change);
    attributes.writeTo(out);
    return out.toBytes();
  }

  /** A struct ifinfomsg, for attributes to follow. */
  static AttributeWriter header(int family, int hardwareType, int index, int flags, int change) {
    return new AttributeWriter()
        .header8(family)
        .header8(0)
        .header16(hardwareType)
        .header32(index)
        .header32(flags)
        .header32(change);
  }

  public String name() {
    return attributes
        .string(LinkAttributes.IFNAME)
        .orElseThrow(() -> new NetlinkDecodeException("link " + index + " without IFLA_IFNAME"));
  }

  /** Set administratively; whether it can carry traffic is {@link #operState}. */
  public boolean isUp() {
    return (flags & IFF_UP) != 0;
  }

  /** {@code bridge}, {@code veth}, ...; empty for a physical device and the loopback. */
  public Optional<String> kind() {
    return info().flatMap(info -> info.string(LinkAttributes.INFO_KIND));
  }

  /** Of a bridge: whether its IP frames pass netfilter's hooks. */
  public boolean bridgeNetfilter() {
    return info()
        .flatMap(info -> info.nested(LinkAttributes.INFO_DATA))
        .filter(BridgeKind::hasNetfilter)
        .isPresent();
  }

  /** Of a port of a bridge: whether a frame may go back by it. */
  public boolean isHairpin() {
    return info()
        .filter(
            info ->
                info.string(LinkAttributes.INFO_SLAVE_KIND).equals(Optional.of(BridgeKind.NAME)))
        .flatMap(info -> info.nested(LinkAttributes.INFO_SLAVE_DATA))
        .filter(BridgeKind::isHairpin)
        .isPresent();
  }

  /** Of a macvlan. */
  public Optional<MacvlanKind.Mode> macvlanMode() {
    return data(MacvlanKind.NAME).map(MacvlanKind::mode);
  }

  /** Of an ipvlan. */
  public Optional<IpvlanKind> ipvlan() {
    return data(IpvlanKind.NAME).flatMap(IpvlanKind::parse);
  }

  /** Of the primary end of a netkit pair: whether what no program decides on is dropped. */
  public boolean isClosedNetkit() {
    return data(NetkitKind.NAME).filter(NetkitKind::isClosed).isPresent();
  }

  /**
   * Of a netkit device: whether the kernel tells of its scrubbing, as Linux 6.12 does. Those before
   * have netkit since 6.7, and mended much of it meanwhile.
   */
  public boolean isRecentNetkit() {
    return data(NetkitKind.NAME).filter(NetkitKind::isRecent).isPresent();
  }

  /** What is the kind's own of a link of that kind. */
  private Optional<Attributes> data(String kind) {
    return info()
        .filter(info -> info.string(LinkAttributes.INFO_KIND).equals(Optional.of(kind)))
        .flatMap(info -> info.nested(LinkAttributes.INFO_DATA));
  }

  private Optional<Attributes> info() {
    return attributes.nested(LinkAttributes.LINKINFO);
  }

  /** Empty if the address is not one of Ethernet. */
  public Optional<MacAddress> mac() {
    return attributes
        .find(LinkAttributes.ADDRESS)
        .filter(bytes -> bytes.length() == 6)
        .map(bytes -> MacAddress.of(bytes.toByteArray()));
  }

  /** In bytes, without the Ethernet header. */
  public int mtu() {
    return attributes.i32(LinkAttributes.MTU).orElse(0);
  }

  /** The index of the link that this one is a port of. */
  public OptionalInt master() {
    return attributes.i32(LinkAttributes.MASTER);
  }

  /**
   * The index of a pair's other end, or of a macvlan's or ipvlan's parent; in the namespace that
   * {@link #linkNetnsId} names, if it names one.
   */
  public OptionalInt linkIndex() {
    return attributes.i32(LinkAttributes.LINK);
  }

  /** Id, in the namespace of this link, of the one that {@link #linkIndex} is in. */
  public OptionalInt linkNetnsId() {
    return attributes.i32(LinkAttributes.LINK_NETNSID);
  }

  /** The kernel's id of the XDP program that the link has; of several, one in each mode, of one. */
  public OptionalInt xdpProgram() {
    return attributes.nested(LinkAttributes.XDP).stream()
        .flatMap(xdp -> LinkAttributes.XDP_PROG_IDS.stream().map(xdp::i32))
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  /** Where the link runs an XDP program ({@code XDP_ATTACHED_…}). */
  public enum XdpMode {
    NONE,
    /** In the driver. */
    NATIVE,
    /** At the entrance of the stack. */
    GENERIC,
    /** In the device. */
    HARDWARE,
    /** In several of these. */
    SEVERAL
  }

  /** {@link XdpMode#NONE} where it runs none. */
  public XdpMode xdpMode() {
    int mode =
        attributes.nested(LinkAttributes.XDP).stream()
            .mapToInt(xdp -> xdp.u8(LinkAttributes.XDP_ATTACHED).orElse(0))
            .sum();
    return mode < XdpMode.values().length ? XdpMode.values()[mode] : XdpMode.SEVERAL;
  }

  /** 0 unless someone has set it. */
  public int group() {
    return attributes.i32(LinkAttributes.GROUP).orElse(0);
  }

  public Optional<String> alias() {
    return attributes.string(LinkAttributes.IFALIAS);
  }

  /** IF_OPER_* (RFC 2863): 6 is up, 2 down, 3 lower layer down, 0 unknown. */
  public int operState() {
    return attributes.u8(LinkAttributes.OPERSTATE).orElse(0);
  }
}
