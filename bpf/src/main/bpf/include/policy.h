/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Whether a packet that no flow vouches for may pass. */
#pragma once

#include "maps.h"
#include "parse.h"

#define PORT_BITS 16
#define SIDE_BITS 64

/*
 * The rule that opens the port to a class of peers: the longest prefix of ports that there is; 0:
 * none. What lengths there are is read from the map each time: the verifier would tell apart all
 * that it knew of the bits.
 */
static __always_inline __u64 find_port(__u64 class, const volatile __u32 *lengths,
				       __u8 protocol, __u16 port)
{
	struct port_key key = {.class = class, .protocol = protocol};

	for (int length = PORT_BITS; length >= 0 && *lengths; length--) {
		__u64 *rule;

		if (!(*lengths & 1U << length))
			continue;
		key.length = length;
		key.port = port & (0xffff << (PORT_BITS - length));
		rule = bpf_map_lookup_elem(&ports, &key);
		if (rule)
			return *rule;
	}
	return 0;
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
	struct peer *found;
	__u64 rule;

	if (!peer)
		return 0;
	key.address = *peer;
	found = bpf_map_lookup_elem(&peers, &key);
	if (!found)
		return 0;
	if (found->rule || !has_ports)
		return found->rule;
	rule = find_port(found->class, &found->lengths, protocol, port);
	return rule ? rule : find_port(found->open_class, &found->open_lengths, protocol, port);
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
