/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the programs know. Of a size of 1 here are maps that are sized when they are loaded. Java
 * writes and reads them by the same layouts: dev.sluice.backend.ebpf.Layout, held to the BTF by a test.
 */
#pragma once

#include "base.h"
#include "reasons.h"

/* Slots, endpoints and networks are told by hashes of their names: what one is called never changes hands. */
#define NO_SLOT 0
/* In place of a slot: a broadcast address of a subnet. */
#define BROADCAST 0xffffffff

enum direction { EGRESS, INGRESS };

/* An endpoint's interface. */
struct slot {
	/* The node's end of its veth pair. */
	__u32 link;
	/* Which endpoint; one may have several slots. */
	__u32 endpoint;
	/* By direction: the table of peers that it is judged by; 0 where no policy isolates it. */
	__u64 sides[2];
	__u32 network;
	/* The node's link that holds the gateway addresses of the network, and its MTU. */
	__u32 gateway_link;
	__u32 mtu;
	struct mac mac;
	struct mac gateway_mac;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct slot);
	__uint(max_entries, 1);
} slots SEC(".maps");

/*
 * By slot, a number of all that decides on its flows: those of another one are judged again. Written
 * when all that is new is there and what is old has gone.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} generations SEC(".maps");

/* From the ifindex of the node's end to the slot. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} links SEC(".maps");

struct host_key {
	struct address address;
	/* Of a link-local address, its network; else 0. */
	__u32 network;
};

/* The slot of each address of an endpoint. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct host_key);
	__type(value, __u32);
	__uint(max_entries, 1);
} hosts SEC(".maps");

/* From the address of a gateway to its network. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct address);
	__type(value, __u32);
	__uint(max_entries, 1);
} gateways SEC(".maps");

/* From the ifindex of the link that holds its gateway addresses to the network. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} gateway_links SEC(".maps");

struct peer_key {
	__u32 prefix;
	/* In 32-bit halves: the key has no padding. */
	__u32 side[2];
	struct address address;
};

/*
 * What a side lets a peer do. Ports are kept by classes, which are told by hashes of the ports in
 * them and so never change: a peer goes from one to another by one value.
 */
struct peer {
	/* The rule that allows every protocol and port; 0: none. */
	__u64 rule;
	/* Of the ports that are open to it, and of those that are open to everybody. */
	__u64 class;
	__u64 open_class;
	/* By class, which prefix lengths its ports are kept by: bit 16 is a single port. */
	__u32 lengths;
	__u32 open_lengths;
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct peer_key);
	__type(value, struct peer);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} peers SEC(".maps");

struct port_key {
	__u64 class;
	__u16 port;
	__u8 protocol;
	__u8 length;
	__u32 unused;
};

/* The rule that opens ports to a class of peers. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct port_key);
	__type(value, __u64);
	__uint(max_entries, 1);
} ports SEC(".maps");

struct published_key {
	__be16 port;
	__u8 protocol;
	__u8 v4;
};

/* Ports of the node that lead to endpoints, by nftables. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct published_key);
	__type(value, __u32);
	__uint(max_entries, 1);
} published SEC(".maps");

struct count {
	__u64 packets;
	__u64 bytes;
};

/* By rule, and by the side that denied. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, __u64);
	__type(value, struct count);
	__uint(max_entries, 1);
} rules SEC(".maps");

/* By reason. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, enum drop_reason);
	__type(value, struct count);
	__uint(max_entries, DROP_REASONS);
} drops SEC(".maps");

static __always_inline int drop(struct __sk_buff *skb, enum drop_reason reason)
{
	__u32 key = reason;
	struct count *count = bpf_map_lookup_elem(&drops, &key);

	if (count) {
		count->packets++;
		count->bytes += skb->len;
	}
	return VERDICT_DROP;
}

static __always_inline void count_rule(struct __sk_buff *skb, __u64 rule)
{
	struct count *count = bpf_map_lookup_elem(&rules, &rule);

	if (count) {
		count->packets++;
		count->bytes += skb->len;
	}
}

static __always_inline struct slot *slot_of(__u32 index)
{
	return bpf_map_lookup_elem(&slots, &index);
}

/* The slot that has the address, seen from a network; NO_SLOT or BROADCAST where none has. */
static __always_inline __u32 slot_at(const struct address *address, __u32 network)
{
	struct host_key key = {.address = *address};
	__u32 *slot;

	if (is_v6_link_local(address))
		key.network = network;
	slot = bpf_map_lookup_elem(&hosts, &key);
	return slot ? *slot : NO_SLOT;
}

static __always_inline bool is_gateway(const struct address *address, __u32 network)
{
	/* On the stack: before Linux 6.2 no key may be where a global function's argument points. */
	struct address key = *address;
	__u32 *found = bpf_map_lookup_elem(&gateways, &key);

	return found && *found == network;
}
