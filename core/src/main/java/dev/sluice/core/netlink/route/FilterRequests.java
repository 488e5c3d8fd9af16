package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkMessage;

/** Requests about filters that are BPF programs, and about clsact, which is where they hook. */
public final class FilterRequests {

  /** linux/pkt_sched.h, TC_H_CLSACT. */
  private static final int CLSACT = 0xfffffff1;

  private static final int CLSACT_HANDLE = 0xffff0000;

  /** linux/if_ether.h, ETH_P_ALL, in network order. */
  private static final int ALL_PROTOCOLS = 0x0300;

  private FilterRequests() {}

  /**
   * Where a filter is.
   *
   * @param index of the device
   * @param parent {@link FilterMessage#INGRESS} or {@link FilterMessage#EGRESS}
   * @param priority from 1 to 65535; all of one priority are of one kind
   * @param handle not 0
   */
  public record Place(int index, int parent, int priority, int handle) {

    private AttributeWriter header() {
      return FilterMessage.header(
          Rtnl.AF_UNSPEC, index, handle, parent, priority << 16 | ALL_PROTOCOLS);
    }

    @Override
    public String toString() {
      return "%s of index %d, priority %d, handle %#x"
          .formatted(
              parent == FilterMessage.INGRESS ? "ingress" : "egress", index, priority, handle);
    }
  }

  /**
   * Gives a device the hooks for filters (tc-clsact(8)), if it has not got them. EINVAL if it has
   * the older {@code ingress} in their place.
   */
  public static Request addClsact(int index) {
    return request(
        Rtnl.NEWQDISC,
        NetlinkMessage.F_CREATE,
        FilterMessage.header(Rtnl.AF_UNSPEC, index, CLSACT_HANDLE, CLSACT, 0)
            .string(FilterMessage.TCA_KIND, "clsact"),
        true,
        "add clsact",
        "of index " + index);
  }

  /**
   * A program as a filter, whose return value decides; in the place of the one that is there, if
   * one is, so that no packet meets neither or both.
   *
   * @param programFd open until the request is carried out
   * @param name for people
   */
  public static Request put(Place place, int programFd, String name) {
    return request(
        Rtnl.NEWTFILTER,
        NetlinkMessage.F_CREATE,
        place
            .header()
            .string(FilterMessage.TCA_KIND, FilterMessage.BPF)
            .nested(
                FilterMessage.TCA_OPTIONS,
                options ->
                    options
                        .u32(FilterMessage.TCA_BPF_FD, programFd)
                        .string(FilterMessage.TCA_BPF_NAME, name)
                        .u32(FilterMessage.TCA_BPF_FLAGS, FilterMessage.ACT_DIRECT)),
        true,
        "put filter",
        name + " at " + place);
  }

  /** Takes one filter away. ENOENT if there is none; EINVAL if there is no clsact. */
  public static Request delete(Place place) {
    return request(Rtnl.DELTFILTER, 0, place.header(), true, "delete filter", place.toString());
  }

  /**
   * All filters of a device at {@link FilterMessage#INGRESS} or {@link FilterMessage#EGRESS}; none
   * where it has no clsact.
   */
  public static Request dump(int index, int parent) {
    return request(
        Rtnl.GETTFILTER,
        0,
        FilterMessage.header(Rtnl.AF_UNSPEC, index, 0, parent, 0),
        false,
        "dump filters",
        "of index " + index);
  }

  private static Request request(
      int type, int flags, AttributeWriter out, boolean mutating, String operation, String object) {
    return new Request(
        type, flags, ByteView.of(out.toBytes()), FilterMessage.LAYOUT, mutating, operation, object);
  }
}
