/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What a flow is: its key, one for both directions, and what is known of it. */
#pragma once

#include "parse.h"

/* Of bpf_ktime_get_coarse_ns, which costs no look at the clock: 1.07 s. */
#define TICK_SHIFT 30

/* In ticks, as nf_conntrack has them by default. A test holds them to it. */
enum timeout {
	TIMEOUT_TCP_ESTABLISHED = 5 * 24 * 3600,
	TIMEOUT_TCP_OTHER = 120,
	TIMEOUT_TCP_CLOSED = 10,
	TIMEOUT_UDP_ANSWERED = 120,
	TIMEOUT_UDP = 30,
	TIMEOUT_SCTP_ESTABLISHED = 210,
	TIMEOUT_ICMP = 30,
	TIMEOUT_GENERIC = 600,
	/* As long as a receiver waits for the rest of a packet (net.ipv4.ipfrag_time). */
	TIMEOUT_FRAGMENTS = 30,
};

/* The two ends in the order of their numbers, so that both directions have one key. */
struct flow_key {
	struct address addresses[2];
	__be16 ports[2];
	__u8 protocol;
	/* Of echo, which end asks, 1 or 2: a request never rides on the entry of a reply. */
	__u8 asker;
	__u16 unused;
} __attribute__((aligned(8)));

struct flow {
	/* By end; 0 for one that is no endpoint. */
	__u32 slots[2];
	__u32 generations[2];
	/* When it was last seen, in ticks. */
	__u32 seen;
	/* How long it lives without being seen, in ticks. */
	enum timeout timeout;
	/* Which end began it. */
	__u8 beginner;
	bool answered;
	/* What ends it, of TCP: 1 and 2, the FIN of either end; 4, a reset. */
	__u8 closing;
	/* Of EXEMPT, BY_NODE and TRANSLATED. */
	__u8 marks;
};

/* Whatever policy says: the node began it, or it is an endpoint's own. */
#define EXEMPT 1
/* It goes through the node's stack, which has to see both directions: it may have translated it. */
#define BY_NODE 2
/* To a published port: the node translates it, and it is judged after that. */
#define TRANSLATED 8
#define FLOW_MARKS (EXEMPT | BY_NODE | TRANSLATED)
/* Of a packet only: its flow is established. */
#define ESTABLISHED 4

static __always_inline __u32 now(void)
{
	return bpf_ktime_get_coarse_ns() >> TICK_SHIFT;
}

/* Whether the source of the packet is the second end of the key. */
static __always_inline bool is_second(const struct packet *p)
{
	for (int i = 0; i < 4; i++) {
		__u32 a = p->source.words[i], b = p->destination.words[i];

		if (a != b)
			return a > b;
	}
	return p->source_port > p->destination_port;
}

/* The key of the packet's flow; returns the end that sent it. */
static __always_inline __u32 key_of(const struct packet *p, struct flow_key *key)
{
	bool second = is_second(p);

	key->protocol = p->protocol;
	if (second) {
		key->addresses[0] = p->destination;
		key->addresses[1] = p->source;
		key->ports[0] = p->destination_port;
		key->ports[1] = p->source_port;
	} else {
		key->addresses[0] = p->source;
		key->addresses[1] = p->destination;
		key->ports[0] = p->source_port;
		key->ports[1] = p->destination_port;
	}
	if (is_icmp(p)) {
		if (is_echo_request(p))
			key->asker = second ? 2 : 1;
		else if (is_echo_reply(p))
			key->asker = second ? 1 : 2;
	}
	return second;
}

/* What a packet of that end adds to what ends its flow. */
static __always_inline __u8 closes(const struct packet *p, __u32 sender)
{
	if (p->protocol != PROTOCOL_TCP)
		return 0;
	return (p->tcp_flags & TCP_RST) | (p->tcp_flags & TCP_FIN) << sender;
}

/* Whether both ends of a connection have closed it, or one has reset it. */
static __always_inline bool has_ended(const struct flow *flow)
{
	return flow->closing & TCP_RST || (flow->closing & 3) == 3;
}

/* Ticks since then: below 0 where another processor has seen it in the tick after. */
static __always_inline __s32 silent(__u32 seen, __u32 now)
{
	return now - seen;
}

static __always_inline bool is_alive(const struct flow *flow, __u32 now)
{
	return silent(flow->seen, now) <= (__s32)flow->timeout;
}

static __always_inline enum timeout timeout_of(const struct packet *p, const struct flow *flow,
					bool established)
{
	switch (p->protocol) {
	case PROTOCOL_TCP:
		if (flow->closing & TCP_RST)
			return TIMEOUT_TCP_CLOSED;
		return established && !flow->closing ? TIMEOUT_TCP_ESTABLISHED : TIMEOUT_TCP_OTHER;
	case PROTOCOL_UDP:
		return flow->answered ? TIMEOUT_UDP_ANSWERED : TIMEOUT_UDP;
	case PROTOCOL_SCTP:
		return established ? TIMEOUT_SCTP_ESTABLISHED : TIMEOUT_TCP_OTHER;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		return TIMEOUT_ICMP;
	default:
		return TIMEOUT_GENERIC;
	}
}
