package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import java.util.List;
import java.util.Map;

/** Numbers and names of the attributes of a link (linux/if_link.h). */
final class LinkAttributes {

  static final int ADDRESS = 1;
  static final int IFNAME = 3;
  static final int MTU = 4;
  static final int LINK = 5;
  static final int MASTER = 10;
  static final int OPERSTATE = 16;
  static final int LINKINFO = 18;
  static final int IFALIAS = 20;
  static final int AF_SPEC = 26;
  static final int GROUP = 27;
  static final int NET_NS_FD = 28;
  static final int EXT_MASK = 29;
  static final int LINK_NETNSID = 37;
  static final int XDP = 43;

  static final int XDP_ATTACHED = 2;

  /** That of the only mode, and those of the driver, the stack and the hardware. */
  static final List<Integer> XDP_PROG_IDS = List.of(4, 5, 6, 7);

  static final int INFO_KIND = 1;
  static final int INFO_DATA = 2;
  static final int INFO_SLAVE_KIND = 4;
  static final int INFO_SLAVE_DATA = 5;

  private static final AttributeNames INFO =
      AttributeNames.of("IFLA_INFO_", "KIND", "DATA", "XSTATS", "SLAVE_KIND", "SLAVE_DATA");

  private static final AttributeNames XDP_NAMES =
      AttributeNames.of(
          "IFLA_XDP_",
          "FD",
          "ATTACHED",
          "FLAGS",
          "PROG_ID",
          "DRV_PROG_ID",
          "SKB_PROG_ID",
          "HW_PROG_ID",
          "EXPECTED_FD");

  /** The names of the attributes of a message, in the order of the enum from 1 on. */
  private static final String[] ORDER = {
    "ADDRESS",
    "BROADCAST",
    "IFNAME",
    "MTU",
    "LINK",
    "QDISC",
    "STATS",
    "COST",
    "PRIORITY",
    "MASTER",
    "WIRELESS",
    "PROTINFO",
    "TXQLEN",
    "MAP",
    "WEIGHT",
    "OPERSTATE",
    "LINKMODE",
    "LINKINFO",
    "NET_NS_PID",
    "IFALIAS",
    "NUM_VF",
    "VFINFO_LIST",
    "STATS64",
    "VF_PORTS",
    "PORT_SELF",
    "AF_SPEC",
    "GROUP",
    "NET_NS_FD",
    "EXT_MASK",
    "PROMISCUITY",
    "NUM_TX_QUEUES",
    "NUM_RX_QUEUES",
    "CARRIER",
    "PHYS_PORT_ID",
    "CARRIER_CHANGES",
    "PHYS_SWITCH_ID",
    "LINK_NETNSID",
    "PHYS_PORT_NAME",
    "PROTO_DOWN",
    "GSO_MAX_SEGS",
    "GSO_MAX_SIZE",
    "PAD",
    "XDP",
    "EVENT",
    "NEW_NETNSID",
    "TARGET_NETNSID",
    "CARRIER_UP_COUNT",
    "CARRIER_DOWN_COUNT",
    "NEW_IFINDEX",
    "MIN_MTU",
    "MAX_MTU",
    "PROP_LIST",
    "ALT_IFNAME",
    "PERM_ADDRESS",
    "PROTO_DOWN_REASON"
  };

  static final AttributeNames NAMES =
      AttributeNames.of("IFLA_", ORDER).with(Map.of(LINKINFO, INFO, XDP, XDP_NAMES));

  /** struct ifinfomsg. */
  static final Layout LAYOUT = new Layout(16, NAMES);

  private LinkAttributes() {}
}
