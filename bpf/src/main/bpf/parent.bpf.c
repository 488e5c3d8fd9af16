/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The MACVLAN datapath. from_slaves is at the egress of a slave's parent, which all passes that one
 * in passthru mode sends: it decides on it, and turns what may pass round to the ingress of the receiver's
 * parent, from where it gets to the slave that has the MAC. to_slaves is there, and lets nothing else
 * pass. from_node is at the egress of the links that hold the gateway addresses, from_wire at
 * the ingress of the node's devices on wires.
 */
#include "include/base.h"
#include "include/maps.h"
#include "include/passed.h"

static __always_inline int hand_over(struct __sk_buff *skb, __u32 link)
{
	set_passed(skb);
	return bpf_redirect(link, BPF_F_INGRESS);
}

static __always_inline int send_to(struct __sk_buff *skb, __u32 link)
{
	return hand_over(skb, link);
}

#include "include/decide.h"
#include "include/wire.h"

SEC("tc")
int from_slaves(struct __sk_buff *skb)
{
	int verdict;

	/* The sender's own, and it means something to the node. */
	skb->mark = 0;
	verdict = decide_from_endpoint(skb);
	/*
	 * To a device that nobody has: a verdict of egress comes back to who sends, as ENOBUFS, and a
	 * drop on the wire would not.
	 */
	return verdict == VERDICT_DROP ? bpf_redirect(0, 0) : verdict;
}

SEC("tc")
int to_slaves(struct __sk_buff *skb)
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
