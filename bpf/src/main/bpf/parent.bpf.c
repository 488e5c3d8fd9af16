/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The MACVLAN datapath. from_slaves is at the egress of a slave's parent, which all passes that one
 * in VEPA mode sends: it decides on it, and turns what may pass round to the ingress of the receiver's
 * parent, from where it gets to the slave that has the MAC. to_slaves is there, and lets nothing else
 * pass. from_node is at the egress of the links that hold the gateway addresses.
 */
#include "include/base.h"
#include "include/maps.h"

/* What has been decided on bears it between egress and ingress of the parent, and nowhere else. */
volatile const __u32 passed_mark;

/* The ifindexes of slaves, which Java chooses, begin here: no kernel gives such by itself. */
#define FIRST_SLAVE 0x40000000

/* An interface in its namespace. Numbers of namespaces (SO_NETNS_COOKIE) are never used again. */
struct sender {
	__u64 netns;
	__u32 link;
	__u32 unused;
};

struct seat {
	__u32 slot;
	/* The only one that it is on. */
	__u32 parent;
};

/* What is known of slaves. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct sender);
	__type(value, struct seat);
	__uint(max_entries, 1);
} senders SEC(".maps");

/* What a CPU hands to a slave at the moment: the frame, and which slave that is. */
struct sending {
	__u64 frame;
	struct seat seat;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct sending);
	__uint(max_entries, 1);
} sending SEC(".maps");

/* Slaves are told by their slots. */
static __always_inline __u32 sender_at(__u32 link)
{
	return link;
}

static __always_inline int hand_over(struct __sk_buff *skb, __u32 link)
{
	skb->mark = passed_mark;
	return bpf_redirect(link, BPF_F_INGRESS);
}

static __always_inline int send_to(struct __sk_buff *skb, const struct slot *slot)
{
	/* By its MAC a slave gets it: the node may still have another's for the address. */
	bpf_skb_store_bytes(skb, 0, &slot->mac, MAC_BYTES, 0);
	return hand_over(skb, slot->link);
}

#include "include/decide.h"

struct net {
	__u64 net_cookie;
} __attribute__((preserve_access_index));

struct net_device {
	int ifindex;
	struct {
		struct net *net;
	} nd_net;
} __attribute__((preserve_access_index));

/*
 * Who sends is what the kernel does, whatever the frame says: the frame that comes to the parent next
 * on this CPU is the one that a slave was handed just before.
 */
SEC("tp_btf/net_dev_start_xmit")
int note_sender(__u64 *arguments)
{
	struct net_device *device = (void *)arguments[1];
	struct sender sender = {};
	struct sending *now;
	struct seat *seat;
	__u32 zero = 0;

	/* It runs for whatever the machine sends. */
	if (device->ifindex < FIRST_SLAVE)
		return 0;
	sender.netns = device->nd_net.net->net_cookie;
	sender.link = device->ifindex;
	seat = bpf_map_lookup_elem(&senders, &sender);
	now = bpf_map_lookup_elem(&sending, &zero);
	if (seat && now) {
		now->frame = arguments[0];
		now->seat = *seat;
	}
	return 0;
}

/*
 * The slot of the slave that sends the frame. One that a slave was handed and that never came here,
 * because that one was in bridge mode, may have been where this is now: so by its own parent only.
 * Not static: its caller's stack is full.
 */
__noinline int slot_of_sender(struct __sk_buff *skb)
{
	__u32 zero = 0;
	struct sending *now = bpf_map_lookup_elem(&sending, &zero);

	if (!now || now->frame != (__u64)skb)
		return NO_SLOT;
	now->frame = 0;
	return now->seat.parent == skb->ifindex ? now->seat.slot : NO_SLOT;
}

/* What becomes of what a slave sends. */
static __always_inline int decide_from_slave(struct __sk_buff *skb)
{
	__u32 slot = slot_of_sender(skb);
	int verdict;

	/* A device that a workload has made on the parent, say. */
	if (!slot)
		return drop(skb, DROP_SPOOFED_MAC);
	/* The sender's own, and it means something to the node. */
	skb->mark = 0;
	verdict = forward_known(skb, slot);
	return verdict >= 0 ? verdict : decide(skb, slot);
}

SEC("tc")
int from_slaves(struct __sk_buff *skb)
{
	int verdict = decide_from_slave(skb);

	/*
	 * To a device that nobody has: a verdict of egress comes back to who sends, as ENOBUFS, and a
	 * drop on the wire would not.
	 */
	return verdict == VERDICT_DROP ? bpf_redirect(0, 0) : verdict;
}

SEC("tc")
int to_slaves(struct __sk_buff *skb)
{
	if (skb->mark != passed_mark)
		return drop(skb, DROP_MISDIRECTED);
	skb->mark = 0;
	return VERDICT_PASS;
}

SEC("tc")
int from_node(struct __sk_buff *skb)
{
	return decide_from_node(skb);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
