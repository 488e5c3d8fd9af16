/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Flows that may pass (connection tracking). One entry for both directions. Until whoever began it
 * has sent something after an answer, a flow is among the openings, which make room for each other:
 * a flood of openings leaves established flows alone, which are collected by timers of their own.
 */
#pragma once

#include "maps.h"
#include "openings.h"

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

enum flow_event { FLOWS_FULL, FLOW_EVENTS };

/* What became of flows, beside drops. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, FLOW_EVENTS);
} flow_events SEC(".maps");

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

/*
 * Keeps the flow where no opening can push it out; 0 if there is room. Static, unlike parse: the key is
 * then known to be on the caller's stack, and a copy, which Linux before 6.2 would want (is_gateway), has
 * no room there.
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
	return 0;
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
	} else if (flow->answered && !(p->tcp_flags & TCP_SYN) && !establish(p, key, flow)) {
		remove_opening(key);
		return;
	}
	put_opening(key, flow);
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
	put_opening(key, flow);
}
