package dev.sluice.core.kernel;

/**
 * A netkit pair (drivers/net/netkit.c, Linux 6.7) of Ethernet devices: programs of BPF, attached by
 * the near end alone, decide on what either end sends, before it leaves its namespace.
 *
 * @param closed whether what no program decides on is dropped, at both ends; false: somebody has
 *     changed that
 * @param marking whether the near end's program sees the marks that packets bear in the node, and
 *     the far end's sees none of the workload's, as a pair is only when it is made so
 */
public record NetkitPair(
    End near, String alias, NetnsRef farNetns, End far, boolean closed, boolean marking)
    implements LinkPair {}
