/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* How a packet that may pass gets where it is to go. */
#pragma once

#include "maps.h"
#include "parse.h"

/* To the node's stack, as if it had come in by the link that holds the gateway addresses. */
static __always_inline int to_node(struct __sk_buff *skb, const struct slot *slot)
{
	/* What is for a neighbour is the node's to forward. */
	bpf_skb_store_bytes(skb, 0, &slot->gateway_mac, MAC_BYTES, 0);
	return bpf_redirect(slot->gateway_link, BPF_F_INGRESS);
}

/* To the wire, as it is. */
static __always_inline int to_wire(const struct slot *slot)
{
	return bpf_redirect(slot->wire, 0);
}

/* Whether the packet, or each that segmentation makes of it, is too large for a network. */
static __always_inline bool is_longer(struct __sk_buff *skb, __u32 mtu)
{
	__u32 segment = skb->gso_size;

	/* A segment's headers are at least those of IPv6 and UDP; of longer ones the next stack sees. */
	return segment ? segment + IPV6_BYTES + 8 > mtu : skb->len - ETHERNET_BYTES > mtu;
}

/* RFC 1624: the hop limit is the upper byte of its 16-bit word. */
static __always_inline void hop_ipv4(struct ipv4 *ip)
{
	__u32 sum = ip->checksum + bpf_htons(0x0100);

	ip->checksum = sum + (sum >= 0xffff);
	ip->ttl--;
}

/* A router's part: other MACs, and a hop less. */
static __always_inline bool route(struct __sk_buff *skb, const struct packet *p,
				  const struct mac *source, const struct mac *destination)
{
	struct ethernet *frame;

	if (!readable(skb, ETHERNET_BYTES + IPV6_BYTES) &&
	    !(p->v4 && readable(skb, ETHERNET_BYTES + IPV4_BYTES)))
		return false;
	frame = (void *)(long)skb->data;
	if ((void *)(frame + 1) + IPV4_BYTES > (void *)(long)skb->data_end)
		return false;
	frame->destination = *destination;
	frame->source = *source;
	if (p->v4) {
		struct ipv4 *ip = (void *)(frame + 1);
		hop_ipv4(ip);
	} else {
		struct ipv6 *ip = (void *)(frame + 1);

		ip->hop_limit--;
	}
	return true;
}
