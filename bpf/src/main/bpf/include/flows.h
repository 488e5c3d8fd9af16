/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Flows that may pass (connection tracking). One entry for both directions. Until whoever began it
 * has sent something after an answer, a flow is among the openings, of which the oldest makes room:
 * a flood of openings leaves established flows alone, which are collected by timers of their own.
 */
#pragma once

#include "maps.h"
#include "parse.h"

/* Of bpf_ktime_get_coarse_ns, which costs no look at the clock: 1.07 s. */
#define TICK_SHIFT 30

/* In ticks, as nf_conntrack has them by default. */
#define TIMEOUT_TCP_ESTABLISHED (5 * 24 * 3600)
#define TIMEOUT_TCP_OTHER 120
#define TIMEOUT_TCP_CLOSED 10
#define TIMEOUT_UDP_ANSWERED 120
#define TIMEOUT_UDP 30
#define TIMEOUT_SCTP_ESTABLISHED 210
#define TIMEOUT_ICMP 30
#define TIMEOUT_GENERIC 600

/* The two ends in the order of their numbers, so that both directions have one key. */
struct flow_key {
	struct address addresses[2];
	__be16 ports[2];
	__u8 protocol;
	/* Of echo, which end asks, 1 or 2: a request never rides on the entry of a reply. */
	__u8 asker;
	__u16 unused;
};

struct flow {
	/* By end; 0 for one that is no endpoint. */
	__u32 slots[2];
	__u32 generations[2];
	/* When it was last seen, in ticks. */
	__u32 seen;
	/* How long it lives without being seen, in ticks. */
	__u32 timeout;
	/* Which end began it. */
	__u8 beginner;
	bool answered;
	/* TCP flags that end it. */
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

struct established_flow {
	struct flow flow;
	__u32 unused;
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct flow_key);
	__type(value, struct established_flow);
	__uint(max_entries, 65536);
} established SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct flow_key);
	__type(value, struct flow);
	__uint(max_entries, 16384);
} openings SEC(".maps");

enum flow_event { FLOWS_FULL, FLOW_EVENTS };

/* What became of flows, beside drops. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, FLOW_EVENTS);
} flow_events SEC(".maps");

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

static __always_inline struct flow *find_flow(const struct flow_key *key, bool *is_established)
{
	struct established_flow *flow = bpf_map_lookup_elem(&established, key);

	*is_established = flow;
	return flow ? &flow->flow : bpf_map_lookup_elem(&openings, key);
}

static __always_inline bool is_alive(const struct flow *flow)
{
	return now() - flow->seen <= flow->timeout;
}

/* A flow that has been silent for too long goes; any other is looked at again when it could have been. */
static int collect(void *map, struct flow_key *key, struct established_flow *flow)
{
	__u32 silent = now() - flow->flow.seen;

	if (silent > flow->flow.timeout)
		bpf_map_delete_elem(&established, key);
	else
		bpf_timer_start(&flow->timer,
				(__u64)(flow->flow.timeout - silent + 1) << TICK_SHIFT, 0);
	return 0;
}

static __always_inline __u32 timeout_of(const struct packet *p, const struct flow *flow,
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

/*
 * The flow moves to where no opening can push it out. Static, unlike parse: the key is then known to be
 * on the caller's stack, and a copy, which Linux before 6.2 would want (is_gateway), has no room there.
 */
static __noinline int establish(const struct packet *p, const struct flow_key *key,
			 const struct flow *opening)
{
	struct established_flow moved = {}, *kept;

	if (!p || !key || !opening)
		return -1;
	moved.flow = *opening;
	moved.flow.timeout = timeout_of(p, opening, true);
	if (bpf_map_update_elem(&established, key, &moved, BPF_NOEXIST)) {
		__u32 event = FLOWS_FULL;
		__u64 *count = bpf_map_lookup_elem(&flow_events, &event);

		/* It lives on among the openings. */
		if (count)
			(*count)++;
		return -1;
	}
	kept = bpf_map_lookup_elem(&established, key);
	if (kept) {
		bpf_timer_init(&kept->timer, &established, 1 /* CLOCK_MONOTONIC */);
		bpf_timer_set_callback(&kept->timer, collect);
		bpf_timer_start(&kept->timer, (__u64)(moved.flow.timeout + 1) << TICK_SHIFT, 0);
	}
	return bpf_map_delete_elem(&openings, key);
}

/* The packet, sent by that end, is of the flow, and passes. */
static __always_inline void touch(const struct packet *p, const struct flow_key *key,
				  struct flow *flow, bool is_established, __u32 sender)
{
	__u32 tick = now();

	if (flow->seen != tick)
		flow->seen = tick;
	if (p->protocol == PROTOCOL_TCP && (p->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST))) {
		flow->closing |= p->tcp_flags & (TCP_FIN | TCP_RST);
		if (p->tcp_flags & TCP_SYN)
			flow->closing = 0;
		flow->timeout = timeout_of(p, flow, is_established);
	}
	if (is_established)
		return;
	if (sender != flow->beginner) {
		flow->answered = true;
		flow->timeout = timeout_of(p, flow, false);
	} else if (flow->answered && !(p->tcp_flags & TCP_SYN)) {
		establish(p, key, flow);
	}
}

/* Remembers that the packet, sent by that end, began a flow that may go on, in place of another. */
static __always_inline void begin_flow(const struct packet *p, const struct flow_key *key,
				       __u32 sender, struct flow *flow, bool was_established)
{
	flow->seen = now();
	flow->beginner = sender;
	flow->closing = p->protocol == PROTOCOL_TCP ? p->tcp_flags & (TCP_FIN | TCP_RST) : 0;
	flow->timeout = timeout_of(p, flow, false);
	if (was_established)
		bpf_map_delete_elem(&established, key);
	bpf_map_update_elem(&openings, key, flow, BPF_ANY);
}
