/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Whether a packet between two known ends may pass: a flow vouches for it, or policy is asked. */
#pragma once

#include "flows.h"
#include "policy.h"

/* The ends of a packet: slots, NO_SLOT for who is no endpoint. */
struct ends {
	__u32 from;
	__u32 to;
	/* Marks of flows that hold of the packet; once it is judged, those of its flow. */
	__u32 marks;
	/* Read before anything is judged: what a change of policy overtakes is judged again. */
	__u32 from_generation;
	__u32 to_generation;
};

static __always_inline __u32 generation_of(__u32 index)
{
	__u32 *generation = index ? bpf_map_lookup_elem(&generations, &index) : NULL;

	return generation ? *generation : 0;
}

/* Whether both ends are judged as they were when it was let pass. */
static __always_inline bool is_current(const struct flow *flow, __u32 sender,
				       const struct ends *ends)
{
	if (sender)
		return flow->slots[0] == ends->to && flow->slots[1] == ends->from &&
		       flow->generations[0] == ends->to_generation &&
		       flow->generations[1] == ends->from_generation;
	return flow->slots[0] == ends->from && flow->slots[1] == ends->to &&
	       flow->generations[0] == ends->from_generation &&
	       flow->generations[1] == ends->to_generation;
}

static __always_inline void vouch(struct flow *flow, __u32 sender, const struct ends *ends)
{
	flow->slots[0] = sender ? ends->to : ends->from;
	flow->slots[1] = sender ? ends->from : ends->to;
	flow->generations[0] = sender ? ends->to_generation : ends->from_generation;
	flow->generations[1] = sender ? ends->from_generation : ends->to_generation;
}

/* What policy says of a packet in that direction, and of its flow. */
static __always_inline bool is_allowed(struct __sk_buff *skb, const struct packet *p,
				       const struct ends *ends, const struct address *source,
				       const struct address *destination, __be16 port)
{
	struct slot *from = ends->from ? slot_of(ends->from) : NULL;
	struct slot *to = ends->to ? slot_of(ends->to) : NULL;

	if (ends->marks & (EXEMPT | TRANSLATED) || (from && to && from->endpoint == to->endpoint))
		return true;
	if (from && !allows(skb, from->sides[EGRESS], destination, p, port))
		return false;
	return !to || allows(skb, to->sides[INGRESS], source, p, port);
}

/* For the packet that an error quotes: the stack has no room for it. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct packet);
	__uint(max_entries, 1);
} quotes SEC(".maps");

/* Whether an error tells of a packet of a flow that may pass: its marks, or -1. Not static, as parse. */
__noinline int is_related(struct __sk_buff *skb, const struct packet *p)
{
	__u32 zero = 0;
	struct packet *quoted = bpf_map_lookup_elem(&quotes, &zero);
	struct flow_key key = {};
	bool is_established;
	struct flow *flow;

	if (!p || !quoted)
		return -1;
	__builtin_memset(quoted, 0, sizeof(*quoted));
	/* That the quote is cut off after its ports is as it should be. */
	if (parse(skb, quoted, bpf_htons(p->v4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6),
		  p->transport + 8) != DROP_NOT ||
	    quoted->fragment == LATER_FRAGMENT)
		return -1;
	/* Errors go to who sent what they tell of (RFC 792, RFC 4443). */
	if (!same_address(&quoted->source, &p->destination))
		return -1;
	key_of(quoted, &key);
	flow = find_flow(&key, &is_established);
	if (!flow || !is_alive(flow) ||
	    flow->generations[0] != generation_of(flow->slots[0]) ||
	    flow->generations[1] != generation_of(flow->slots[1]))
		return -1;
	return flow->marks;
}

/* DROP_NOT, or DROP_POLICY. Not static, as parse. */
__noinline int judge(struct __sk_buff *skb, const struct packet *p, struct ends *ends)
{
	struct flow_key key = {};
	struct flow *flow, begun = {};
	bool is_established;
	__u32 sender;
	int marks;

	if (!p || !ends)
		return DROP_POLICY;
	ends->from_generation = generation_of(ends->from);
	ends->to_generation = generation_of(ends->to);
	if (is_icmp(p) && !is_echo_request(p) && !is_echo_reply(p)) {
		marks = is_icmp_error(p) ? is_related(skb, p) : -1;
		if (marks >= 0) {
			ends->marks |= marks;
			return DROP_NOT;
		}
		return is_allowed(skb, p, ends, &p->source, &p->destination, 0) ? DROP_NOT
									       : DROP_POLICY;
	}
	sender = key_of(p, &key);
	flow = find_flow(&key, &is_established);
	/* Who answered does not turn the connection round with a SYN of its own. */
	if (flow && is_alive(flow) &&
	    !(sender != flow->beginner && p->protocol == PROTOCOL_TCP &&
	      (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)) {
		if (!is_current(flow, sender, ends)) {
			/* Judged again by the direction in which it began. */
			bool back = flow->beginner != sender;
			struct ends began = {
				.from = back ? ends->to : ends->from,
				.to = back ? ends->from : ends->to,
				.marks = ends->marks | (flow->marks & EXEMPT),
			};

			/* What the node answers says nothing of whether it may still be asked. */
			if (back && flow->marks & TRANSLATED) {
				ends->marks |= flow->marks;
				return DROP_NOT;
			}

			if (!is_allowed(skb, p, &began, back ? &p->destination : &p->source,
					back ? &p->source : &p->destination,
					back ? p->source_port : p->destination_port))
				return DROP_POLICY;
			flow->marks = (flow->marks & ~TRANSLATED) | (ends->marks & FLOW_MARKS);
			vouch(flow, sender, ends);
		}
		touch(p, &key, flow, is_established, sender);
		ends->marks |= flow->marks | (is_established ? ESTABLISHED : 0);
		return DROP_NOT;
	}
	if (!is_allowed(skb, p, ends, &p->source, &p->destination, p->destination_port))
		return DROP_POLICY;
	/* A reply that nobody asked for: no request may ride on it (POLICY rule 7). */
	if (is_icmp(p) && is_echo_reply(p))
		return DROP_NOT;
	begun.marks = ends->marks & FLOW_MARKS;
	vouch(&begun, sender, ends);
	begin_flow(p, &key, sender, &begun, is_established);
	return DROP_NOT;
}
