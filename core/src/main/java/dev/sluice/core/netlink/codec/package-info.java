/**
 * The netlink wire format (netlink(7), RFC 3549, and the kernel's
 * Documentation/userspace-api/netlink/intro.rst): message framing, attributes, errors. Bytes in,
 * values out, and back; no I/O, no family's numbers. Malformed bytes give a {@link
 * dev.sluice.core.netlink.codec.NetlinkDecodeException} and nothing else.
 */
package dev.sluice.core.netlink.codec;
