/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The eBPF datapath on netkit pairs. from_endpoint stands at the peer, an endpoint's interface, by the
 * primary end, which is in the node: it decides on all that an endpoint sends while that is still on
 * its way out, and hands it to the receiver's primary end. to_endpoint stands there, and lets nothing
 * pass but what has been decided on. from_node is at the egress of the links that hold the gateway
 * addresses, from_wire at the ingress of the node's devices on wires.
 *
 * bpf_redirect_peer would spare to_endpoint, but is for what comes in by a device (tc ingress): here
 * the kernel drops what it is asked for.
 */
#include "include/base.h"
#include "include/maps.h"
#include "include/passed.h"

static __always_inline int hand_over(struct __sk_buff *skb, __u32 link)
{
	set_passed(skb);
	return bpf_redirect(link, 0);
}

static __always_inline int send_to(struct __sk_buff *skb, __u32 link)
{
	return hand_over(skb, link);
}

#include "include/decide.h"
#include "include/wire.h"

/*
 * Longer than the primary end takes. veth asks that of each frame, netkit of none, and a workload may
 * raise the MTU of its own end. As veth does, of what is yet to be cut into segments it says nothing.
 */
static __always_inline bool is_too_long(struct __sk_buff *skb)
{
	__u32 mtu = 0;

	return bpf_check_mtu(skb, 0, &mtu, 0, 0) != BPF_MTU_CHK_RET_SUCCESS;
}

/* The device is the primary end already, and what the workload has marked is no longer. */
SEC("tc")
int from_endpoint(struct __sk_buff *skb)
{
	int verdict = is_too_long(skb) ? drop(skb, DROP_TOO_LONG) : decide_from_endpoint(skb);

	/*
	 * To a device that nobody has: a drop would come back to who sends, as ENOBUFS, and on the wire it
	 * does not.
	 */
	return verdict == VERDICT_DROP ? bpf_redirect(0, 0) : verdict;
}

SEC("tc")
int to_endpoint(struct __sk_buff *skb)
{
	return is_passed(skb) ? VERDICT_PASS : drop(skb, DROP_MISDIRECTED);
}

SEC("tc")
int from_node(struct __sk_buff *skb)
{
	return decide_from_node(skb);
}

SEC("tc")
int from_wire(struct __sk_buff *skb)
{
	return decide_from_wire(skb);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
