/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What the programs know. Of a size of 1 here are maps that are sized when they are loaded. Java
 * writes and reads them by the same layouts: dev.sluice.bpf.render.Layout, held to the BTF by a test.
 */
#pragma once

#include "counts.h"

/* Slots, endpoints and networks are told by hashes of their names: what one is called never changes hands. */
#define NO_SLOT 0
/* In place of a slot: a broadcast address of a subnet. */
#define BROADCAST 0xffffffff

enum direction { EGRESS, INGRESS };

/* An endpoint's interface. */
struct slot {
	/* The node's link by which frames get to it: the near end of its veth pair, or its parent. */
	__u32 link;
	/* Which endpoint; one may have several slots. */
	__u32 endpoint;
	/* By direction: the table of peers that it is judged by; 0 where no policy isolates it. */
	__u64 sides[2];
	__u32 network;
	/* The node's link that holds the gateway addresses of the network; 0: a router on the wire has them. */
	__u32 gateway_link;
	__u32 mtu;
	/* The node's device on the wire that the network is a part of; 0: there is none. */
	__u32 wire;
	struct mac mac;
	struct mac gateway_mac;
	__u32 unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, struct slot);
	__uint(max_entries, 1);
} slots SEC(".maps");

/* From the same link to the slot: what comes from there its endpoint sends, whatever it claims. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} links SEC(".maps");

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

/* From the ifindex of the node's device on a wire to the network that is a part of that. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} wires SEC(".maps");

struct peer_key {
	__u32 prefix;
	/* In 32-bit halves: the key has no padding. */
	__u32 side[2];
	struct address address;
};

#define BLOCK_PEERS 16

/*
 * What a side lets those peers do whose addresses begin with the same bits; the last 32 bits tell
 * them apart. Ports are kept by classes, which are told by hashes of the ports in them and so never
 * change: a peer goes from one to another with its block, at once.
 */
struct peer_block {
	/* Of the ports that are open to everybody, and how many pages they take. */
	__u64 open_class;
	__u32 open_pages;
	__u32 unused;
	/*
	 * From this one on, as numbers, up to the next; the first counts as 0. Behind the last one the
	 * greatest number, with what the last one may do.
	 */
	__u32 first[BLOCK_PEERS];
	/* Pages of the class of ports that is open to them. */
	__u32 pages[BLOCK_PEERS];
	/* That class; without pages: the rule that allows every protocol and port, 0: none. */
	__u64 allowed[BLOCK_PEERS];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct peer_key);
	__type(value, struct peer_block);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} peers SEC(".maps");

/* Ports as they are compared: a protocol and a port. */
#define PORT_NUMBER(protocol, port) ((__u32)(protocol) << 16 | (port))

#define PAGE_RANGES 8

/*
 * Ranges of ports, as PORT_NUMBER, from the least on, of which no two overlap, and the rules that
 * open them. What follows the last one is zero.
 */
struct port_page {
	__u64 rules[PAGE_RANGES];
	__u32 first[PAGE_RANGES];
	__u32 last[PAGE_RANGES];
};

struct port_key {
	__u64 class;
	/* From 0; all but the last one are full. */
	__u32 page;
	__u32 unused;
};

/* What is open to a class of peers. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct port_key);
	__type(value, struct port_page);
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

/* By rule, and by the side that denied. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, __u64);
	__type(value, struct count);
	__uint(max_entries, 1);
} rules SEC(".maps");

static __always_inline int drop(struct __sk_buff *skb, enum drop_reason reason)
{
	count_drop(reason, skb->len);
	return VERDICT_DROP;
}

static __always_inline void count_rule(struct __sk_buff *skb, __u64 rule)
{
	count_in(bpf_map_lookup_elem(&rules, &rule), skb->len);
}

static __always_inline struct slot *slot_of(__u32 index)
{
	return bpf_map_lookup_elem(&slots, &index);
}

/* The slot of who sends what comes from that link; NO_SLOT: nobody. */
static __always_inline __u32 sender_at(__u32 link)
{
	__u32 *index = bpf_map_lookup_elem(&links, &link);
	struct slot *slot = index ? slot_of(*index) : NULL;

	return slot && slot->link == link ? *index : NO_SLOT;
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

/* Whether the frame is for the node, which has the gateway's MAC. */
static __always_inline bool is_for_gateway(const struct mac *destination, const struct slot *slot)
{
	return slot->gateway_link && same_mac(destination, &slot->gateway_mac);
}

static __always_inline bool is_gateway(const struct address *address, __u32 network)
{
	/* On the stack: before Linux 6.2 no key may be where a global function's argument points. */
	struct address key = *address;
	__u32 *found = bpf_map_lookup_elem(&gateways, &key);

	return found && *found == network;
}
