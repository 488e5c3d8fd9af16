package dev.sluice.core.netlink.route;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.codec.AttributeWriter;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a link of any kind is born with. An alias is not among it: the kernel ignores one silently
 * when it makes a link.
 *
 * @param mtu in bytes; empty: the kind's default
 * @param group the mark by which its maker knows it again; 0 is everybody's default
 * @param master index of the bridge that it is to be a port of
 * @param parent index, in the namespace of the connection, of the device that it is to be on
 * @param netnsFd descriptor of the namespace that it is to be in; empty: that of the connection
 */
public record NewLink(
    String name,
    Optional<MacAddress> mac,
    OptionalInt mtu,
    int group,
    OptionalInt master,
    OptionalInt parent,
    OptionalInt netnsFd) {

  private static final OptionalInt NONE = OptionalInt.empty();

  /** A link with nothing but a name. */
  public static NewLink named(String name) {
    return new NewLink(name, Optional.empty(), NONE, 0, NONE, NONE, NONE);
  }

  public NewLink withMac(MacAddress address) {
    return new NewLink(name, Optional.of(address), mtu, group, master, parent, netnsFd);
  }

  public NewLink withMtu(int bytes) {
    return new NewLink(name, mac, OptionalInt.of(bytes), group, master, parent, netnsFd);
  }

  public NewLink withGroup(int number) {
    return new NewLink(name, mac, mtu, number, master, parent, netnsFd);
  }

  public NewLink withMaster(int port) {
    return new NewLink(name, mac, mtu, group, OptionalInt.of(port), parent, netnsFd);
  }

  public NewLink withParent(int lower) {
    return new NewLink(name, mac, mtu, group, master, OptionalInt.of(lower), netnsFd);
  }

  public NewLink inNetns(int fd) {
    return new NewLink(name, mac, mtu, group, master, parent, OptionalInt.of(fd));
  }

  void writeTo(AttributeWriter out) {
    out.string(LinkAttributes.IFNAME, name);
    mac.ifPresent(address -> out.bytes(LinkAttributes.ADDRESS, address.bytes()));
    mtu.ifPresent(bytes -> out.u32(LinkAttributes.MTU, bytes));
    if (group != 0) {
      out.u32(LinkAttributes.GROUP, group);
    }
    master.ifPresent(port -> out.u32(LinkAttributes.MASTER, port));
    parent.ifPresent(lower -> out.u32(LinkAttributes.LINK, lower));
    netnsFd.ifPresent(fd -> out.u32(LinkAttributes.NET_NS_FD, fd));
  }
}
