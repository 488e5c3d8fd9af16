package dev.sluice.core.kernel;

/**
 * A netkit pair (drivers/net/netkit.c, Linux 6.7) of Ethernet devices: programs of BPF, attached by
 * the near end alone, decide on what either end sends, before it leaves its namespace.
 *
 * @param closed whether what no program decides on is dropped, at both ends; false: somebody has
 *     changed that
 */
public record NetkitPair(End near, String alias, NetnsRef farNetns, End far, boolean closed)
    implements LinkPair {}
