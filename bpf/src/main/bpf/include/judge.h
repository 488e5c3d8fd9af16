/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* Whether a packet between two known ends may pass: a flow vouches for it, or policy is asked. */
#pragma once

#include "ends.h"
#include "flows.h"
#include "policy.h"

/* Whether both ends are judged as they were when it was let pass. */
static __always_inline bool is_current(const struct flow *flow, __u32 sender,
				       const struct ends *ends)
{
	if (sender)
		return flow->slots[0] == ends->slots[TO] && flow->slots[1] == ends->slots[FROM] &&
		       flow->generations[0] == ends->generations[TO] &&
		       flow->generations[1] == ends->generations[FROM];
	return flow->slots[0] == ends->slots[FROM] && flow->slots[1] == ends->slots[TO] &&
	       flow->generations[0] == ends->generations[FROM] &&
	       flow->generations[1] == ends->generations[TO];
}

static __always_inline void vouch(struct flow *flow, __u32 sender, const struct ends *ends)
{
	flow->slots[0] = ends->slots[sender ? TO : FROM];
	flow->slots[1] = ends->slots[sender ? FROM : TO];
	flow->generations[0] = ends->generations[sender ? TO : FROM];
	flow->generations[1] = ends->generations[sender ? FROM : TO];
}

/*
 * What policy says of a packet, and of its flow, in the direction in which it goes or back. Counts
 * what decided.
 */
static __always_inline bool is_allowed(struct __sk_buff *skb, const struct packet *p,
				       struct ends *ends, __u32 marks, bool back)
{
	const struct slot *from = &ends->ends[back ? TO : FROM];
	const struct slot *to = &ends->ends[back ? FROM : TO];
	const struct address *source = back ? &p->destination : &p->source;
	const struct address *destination = back ? &p->source : &p->destination;
	__u16 port = bpf_ntohs(back ? p->source_port : p->destination_port);
	__u64 rules[2];

	if (marks & (EXEMPT | TRANSLATED) || (from->endpoint && from->endpoint == to->endpoint))
		return true;
	if (!back && p->has_ports && p->protocol == ends->protocol && port == ends->port) {
		if (ends->rules[FROM])
			count_rule(skb, ends->rules[FROM]);
		if (ends->rules[TO])
			count_rule(skb, ends->rules[TO]);
		return true;
	}
	if (!allows(skb, from->sides[EGRESS], destination, p, port, &rules[FROM]) ||
	    !allows(skb, to->sides[INGRESS], source, p, port, &rules[TO]))
		return false;
	if (!back && p->has_ports) {
		ends->protocol = 0;
		ends->rules[FROM] = rules[FROM];
		ends->rules[TO] = rules[TO];
		ends->port = port;
		ends->protocol = p->protocol;
	}
	return true;
}

/* What an error quotes: the stack has no room for it. */
struct quote {
	struct packet packet;
	struct flow_key key;
	struct flow opening;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct quote);
	__uint(max_entries, 1);
} quotes SEC(".maps");

/* Whether an error tells of a packet of a flow that may pass: its marks, or -1. Not static, as parse. */
__noinline int is_related(struct __sk_buff *skb, const struct packet *p)
{
	__u32 zero = 0;
	struct quote *quote = bpf_map_lookup_elem(&quotes, &zero);
	struct flow *kept;
	struct packet *quoted;
	struct flow *flow;

	if (!p || !quote)
		return -1;
	__builtin_memset(quote, 0, sizeof(*quote));
	quoted = &quote->packet;
	/* That the quote is cut off after its ports is as it should be. */
	if (parse(skb, quoted, bpf_htons(p->v4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6),
		  p->transport + 8) != DROP_NOT ||
	    quoted->fragment == LATER_FRAGMENT)
		return -1;
	/* Errors go to who sent what they tell of (RFC 792, RFC 4443). */
	if (!same_address(&quoted->source, &p->destination))
		return -1;
	key_of(quoted, &quote->key);
	kept = bpf_map_lookup_elem(&established, &quote->key);
	flow = kept ? kept : &quote->opening;
	if ((!kept && !find_opening(&quote->key, &quote->opening)) || !is_alive(flow, now()) ||
	    flow->generations[0] != generation_of(flow->slots[0]) ||
	    flow->generations[1] != generation_of(flow->slots[1]))
		return -1;
	return flow->marks;
}

/* DROP_NOT, or why it may not pass; adds the marks of the flow to those of the packet. Not static, as parse. */
__noinline int judge(struct __sk_buff *skb, const struct packet *p, struct ends *ends,
		     __u32 *marks)
{
	struct flow *kept;
	struct flow_key key = {};
	struct flow *flow, opening = {};
	__u32 sender;

	if (!p || !ends || !marks)
		return DROP_POLICY;
	if (is_icmp(p) && !is_echo_request(p) && !is_echo_reply(p))
		return is_allowed(skb, p, ends, *marks, false) ? DROP_NOT : DROP_POLICY;
	sender = key_of(p, &key);
	kept = bpf_map_lookup_elem(&established, &key);
	flow = kept ? kept : &opening;
	/* Who answered does not turn the connection round with a SYN of its own. */
	if ((kept || find_opening(&key, &opening)) && is_alive(flow, now()) &&
	    !(sender != flow->beginner && p->protocol == PROTOCOL_TCP &&
	      (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)) {
		if (!is_current(flow, sender, ends)) {
			/* Judged again by the direction in which it began. */
			bool back = flow->beginner != sender;

			/* What the node answers says nothing of whether it may still be asked. */
			if (back && flow->marks & TRANSLATED) {
				*marks |= flow->marks;
				return DROP_NOT;
			}
			if (!is_allowed(skb, p, ends, *marks | (flow->marks & EXEMPT), back))
				return DROP_POLICY;
			flow->marks = (flow->marks & ~TRANSLATED) | (*marks & FLOW_MARKS);
			vouch(flow, sender, ends);
		}
		*marks |= flow->marks | (kept ? ESTABLISHED : 0);
		return touch(p, &key, flow, kept, sender);
	}
	if (!is_allowed(skb, p, ends, *marks, false))
		return DROP_POLICY;
	/* A reply that nobody asked for: no request may ride on it (POLICY rule 7). */
	if (is_icmp(p) && is_echo_reply(p))
		return DROP_NOT;
	opening = (struct flow){.marks = *marks & FLOW_MARKS};
	vouch(&opening, sender, ends);
	begin_flow(p, &key, sender, &opening, kept);
	return DROP_NOT;
}
