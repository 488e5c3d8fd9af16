/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What became of the packets of an established flow that went from endpoint to endpoint: one look,
 * and they are on their way. Holds only while nothing at all has been configured otherwise, and not
 * for long, so that the flow itself is seen from time to time.
 */
#pragma once

#include "ends.h"
#include "forward.h"

/* A power of two. */
#define CACHE_SLOTS 16384

/* In place of an MTU. */
#define TO_WIRE 0xffffffff

/* How a packet goes on. */
enum way { WAY_STRAIGHT, WAY_ROUTED, WAY_WIRE };

struct tuple {
	struct address source;
	struct address destination;
	/* Both, as they are in the header. */
	__be32 ports;
	__u32 protocol;
	/* Where it comes in, and between which MACs. */
	__u32 link;
	struct macs macs;
};

struct cached {
	struct tuple tuple;
	__u64 configuration;
	__u32 since;
	/* Where it goes. */
	__u32 to;
	/* 0 where it is not routed; TO_WIRE where it leaves. */
	__u32 mtu;
	struct macs macs;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct cached);
	__uint(max_entries, CACHE_SLOTS);
} cache SEC(".maps");

static __always_inline struct cached *cached_at(const struct tuple *tuple)
{
	__u32 hash = tuple->source.words[3] ^ tuple->destination.words[3] * 0x9e3779b1;

	hash ^= tuple->source.words[2] ^ tuple->destination.words[2];
	hash = (hash ^ tuple->ports ^ tuple->protocol) * 0x85ebca6b;
	hash = (hash ^ hash >> 15) & (CACHE_SLOTS - 1);
	return bpf_map_lookup_elem(&cache, &hash);
}

static __always_inline bool same_tuple(const struct tuple *a, const struct tuple *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	_Static_assert(sizeof(*a) == 56, "compared in words of 8 bytes");
	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3] && x[4] == y[4] &&
	       x[5] == y[5] && x[6] == y[6];
}

/*
 * Reads what may be in the cache: a packet of TCP or UDP that is whole, without options or extension
 * headers, and does not open or end a connection.
 */
static __always_inline bool read_tuple(struct __sk_buff *skb, __u32 link, struct tuple *tuple)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct ethernet *frame = data;
	__u32 protocol;
	__u8 *transport;

	/* UDP's header is shorter, but what it carries is rarely so short that this is not there. */
	if (data + ETHERNET_BYTES + IPV4_BYTES + 14 > end || skb->vlan_present)
		return false;
	if (frame->type == bpf_htons(ETHERTYPE_IPV4)) {
		struct ipv4 *ip = data + ETHERNET_BYTES;

		if (ip->version_length != 0x45 || ip->fragment & bpf_htons(0x3fff))
			return false;
		tuple->source = mapped(ip->source);
		tuple->destination = mapped(ip->destination);
		protocol = ip->protocol;
		transport = (void *)(ip + 1);
	} else if (frame->type == bpf_htons(ETHERTYPE_IPV6)) {
		struct ipv6 *ip = data + ETHERNET_BYTES;

		if ((void *)(ip + 1) + 14 > end)
			return false;
		/* Written so it would be a flow of IPv4; whether it may be at all parse says. */
		if (is_mapped(&ip->source) || is_mapped(&ip->destination))
			return false;
		tuple->source = ip->source;
		tuple->destination = ip->destination;
		protocol = ip->next;
		transport = (void *)(ip + 1);
	} else {
		return false;
	}
	if (protocol == PROTOCOL_TCP) {
		if (transport[13] & (TCP_SYN | TCP_FIN | TCP_RST))
			return false;
	} else if (protocol != PROTOCOL_UDP) {
		return false;
	}
	tuple->ports = *(__be32 *)transport;
	tuple->protocol = protocol;
	tuple->link = link;
	tuple->macs = *(struct macs *)data;
	return true;
}

/*
 * The verdict on a packet whose way is known, or -1. Not static: the stack of what comes else would
 * have no room beside the tuple.
 */
__noinline int forward_known(struct __sk_buff *skb, __u32 link)
{
	struct tuple tuple = {};
	struct ethernet *frame;
	struct cached *found;

	if (!read_tuple(skb, link, &tuple))
		return -1;
	found = cached_at(&tuple);
	if (!found || !same_tuple(&found->tuple, &tuple) ||
	    found->configuration != configuration_now() ||
	    (__u32)bpf_jiffies64() - found->since > CACHE_TIME)
		return -1;
	if (!found->mtu)
		return hand_over(skb, found->to);
	if (found->mtu == TO_WIRE)
		return bpf_redirect(found->to, 0);
	frame = (void *)(long)skb->data;
	if ((void *)(frame + 1) + IPV6_BYTES > (void *)(long)skb->data_end)
		return -1;
	if (is_longer(skb, found->mtu))
		return -1;
	if (frame->type == bpf_htons(ETHERTYPE_IPV4)) {
		struct ipv4 *ip = (void *)(frame + 1);

		if (ip->ttl <= 1)
			return -1;
		hop_ipv4(ip);
	} else {
		struct ipv6 *ip = (void *)(frame + 1);

		if (ip->hop_limit <= 1)
			return -1;
		ip->hop_limit--;
	}
	*(struct macs *)frame = found->macs;
	return hand_over(skb, found->to);
}

/*
 * Remembers where the packet goes, and is not routed yet; found out under that configuration. To the
 * wire it goes from the slot. Not static, as forward_known.
 */
__noinline int remember(struct __sk_buff *skb, __u32 link, __u64 under, const struct slot *to,
			enum way way)
{
	struct tuple tuple = {};
	struct cached *found;

	if (!to || !read_tuple(skb, link, &tuple))
		return 0;
	found = cached_at(&tuple);
	if (!found)
		return 0;
	found->configuration = 0;
	found->tuple = tuple;
	found->since = bpf_jiffies64();
	found->to = way == WAY_WIRE ? to->wire : to->link;
	found->mtu = way == WAY_WIRE ? TO_WIRE : way == WAY_ROUTED ? to->mtu : 0;
	__builtin_memcpy(&found->macs, &to->mac, MAC_BYTES);
	__builtin_memcpy((void *)&found->macs + MAC_BYTES, &to->gateway_mac, MAC_BYTES);
	found->configuration = under;
	return 0;
}
