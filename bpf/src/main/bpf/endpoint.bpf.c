/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The eBPF datapath on veth pairs. from_endpoint is at the ingress of the node's end of each endpoint's veth pair
 * and decides on all that an endpoint sends, in both directions of policy, and hands it straight to
 * the other endpoint. from_node is at the egress of the links that hold the gateway addresses, and
 * decides on what the node's stack sends to endpoints, from_wire at the ingress of the node's devices on
 * wires. to_endpoint is at the egress of the near ends, which what is handed over does not see, and lets
 * nothing pass but what the others have sent that way: somebody may put a device of his own on a near end.
 */
#include "include/base.h"
#include "include/maps.h"
#include "include/passed.h"

static __always_inline int hand_over(struct __sk_buff *skb, __u32 link)
{
	return bpf_redirect_peer(link, 0);
}

static __always_inline int send_to(struct __sk_buff *skb, __u32 link)
{
	set_passed(skb);
	return bpf_redirect(link, 0);
}

#include "include/decide.h"
#include "include/wire.h"

SEC("tc")
int from_endpoint(struct __sk_buff *skb)
{
	return decide_from_endpoint(skb);
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
