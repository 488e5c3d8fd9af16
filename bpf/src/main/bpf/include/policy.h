/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Whether a packet that no flow vouches for may pass. */
#pragma once

#include "maps.h"
#include "parse.h"

#define SIDE_BITS 64

/* So many halvings find one page of as many as there can be: each port of each protocol by itself. */
#define HALVINGS 15

/* The rule that opens the port to a class of peers; 0: none. Most classes have one page. */
static __always_inline __u64 find_port(__u64 class, __u32 pages, __u8 protocol, __u16 port)
{
	struct port_key key = {.class = class};
	__u32 wanted = PORT_NUMBER(protocol, port);
	__u32 low = 0, high = pages;
	struct port_page *page;

	if (!pages)
		return 0;
	/* The last page that does not begin beyond it. */
	for (int i = 0; i < HALVINGS && high - low > 1; i++) {
		key.page = low + (high - low) / 2;
		page = bpf_map_lookup_elem(&ports, &key);
		if (page && page->first[0] <= wanted)
			low = key.page;
		else
			high = key.page;
	}
	key.page = low;
	page = bpf_map_lookup_elem(&ports, &key);
	for (int i = 0; page && i < PAGE_RANGES; i++)
		if (page->first[i] <= wanted && wanted <= page->last[i])
			return page->rules[i];
	return 0;
}

/*
 * Which of the peers of a block has the address. Without branches: the verifier would go on with
 * each of them.
 */
static __always_inline __u32 find_peer(const struct peer_block *block, const struct address *peer)
{
	__u64 wanted = bpf_ntohl(peer->words[3]);
	__u32 at = 0;

	for (__u32 step = BLOCK_PEERS / 2; step; step /= 2) {
		__u64 difference = wanted - block->first[at + step];

		/* That the compiler makes no branch of it after all. */
		asm volatile("" : "+r"(difference));
		difference >>= 63;
		/* That it is 0 or 1 even for Linux 6.1, which does not see through a shift with a sign. */
		asm volatile("" : "+r"(difference));
		at += step * (1 - (__u32)difference);
	}
	return at;
}

/*
 * The rule of a side that lets the peer pass; 0: none. What has no ports needs a rule without. Not
 * static, as parse.
 */
__noinline __u64 find_rule(__u64 side, const struct address *peer, __u8 protocol,
			   __u16 port, __u32 has_ports)
{
	struct peer_key key = {
		.prefix = SIDE_BITS + 8 * sizeof(struct address),
		.side = {side, side >> 32},
	};
	const struct peer_block *block;
	__u64 allowed, rule;
	__u32 at, pages;

	if (!peer)
		return 0;
	key.address = *peer;
	block = bpf_map_lookup_elem(&peers, &key);
	if (!block)
		return 0;
	at = find_peer(block, peer);
	pages = block->pages[at];
	allowed = block->allowed[at];
	if (!has_ports || (allowed && !pages))
		return pages ? 0 : allowed;
	rule = find_port(allowed, pages, protocol, port);
	return rule ? rule : find_port(block->open_class, block->open_pages, protocol, port);
}

/* Judges one direction: counts what decided, tells whether it passes, and by which rule; 0: no policy. */
static __always_inline bool allows(struct __sk_buff *skb, __u64 side, const struct address *peer,
				   const struct packet *p, __u16 port, __u64 *rule)
{
	*rule = side ? find_rule(side, peer, p->protocol, port, p->has_ports) : 0;
	if (side)
		count_rule(skb, *rule ? *rule : side);
	return *rule || !side;
}
