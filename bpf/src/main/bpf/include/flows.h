/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Flows that may pass (connection tracking). One entry for both directions. Until whoever began it
 * has sent something after an answer, a flow is among the openings, which make room for each other:
 * a flood of openings leaves established flows alone. A connection that has ended is among the openings
 * again. Of the established ones those that have been silent for too long are as if they were not there,
 * and go when their room is needed.
 *
 * Why no bpf_timer for each: Linux 6.18 asks for a timer's memory without waiting for any lock, and for
 * seconds on end gets none, much as there is; and a connection would pay for it.
 */
#pragma once

#include "maps.h"
#include "openings.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct flow_key);
	__type(value, struct flow);
	__uint(max_entries, 65536);
} established SEC(".maps");

/* The tick in which all were last looked at for want of room. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} swept SEC(".maps");

/* How many go at once: a millisecond or two. */
#define SWEEP_MOST 8192

struct sweep {
	__u32 now;
	__u32 gone;
};

static int sweep_one(void *map, struct flow_key *key, struct flow *flow, struct sweep *sweep)
{
	if (!is_alive(flow, sweep->now)) {
		bpf_map_delete_elem(&established, key);
		sweep->gone++;
	}
	return sweep->gone == SWEEP_MOST;
}

/* Forgets flows that have been silent for too long; false if there was none. Not static, as parse. */
__noinline int make_room(void)
{
	struct sweep sweep = {.now = now()};
	__u32 zero = 0, *last = bpf_map_lookup_elem(&swept, &zero);

	/* Once in a tick, for it takes milliseconds, and those that are still there will be. */
	if (!last || *last == sweep.now)
		return false;
	bpf_for_each_map_elem(&established, sweep_one, &sweep, 0);
	if (sweep.gone < SWEEP_MOST)
		*last = sweep.now;
	return sweep.gone > 0;
}

/*
 * Keeps the flow where no opening can push it out, if there is room: DROP_NOT, or DROP_FLOWS_FULL. Static,
 * unlike parse: the key is then known to be on the caller's stack, and a copy, which Linux before 6.2 would
 * want (is_gateway), has no room there.
 */
static __noinline int establish(const struct packet *p, const struct flow_key *key,
			 const struct flow *opening)
{
	struct flow flow;
	int error;

	if (!p || !key || !opening)
		return DROP_FLOWS_FULL;
	flow = *opening;
	flow.timeout = timeout_of(p, opening, true);
	error = bpf_map_update_elem(&established, key, &flow, BPF_NOEXIST);
	/* Else another processor was first. */
	if (error && error != -EEXIST)
		return DROP_FLOWS_FULL;
	remove_opening(key);
	return DROP_NOT;
}

/* What is over takes no room from others: whatever is still under way finds it among the openings. */
static __noinline void disestablish(const struct flow_key *key, const struct flow *flow)
{
	struct flow over;

	if (!key || !flow)
		return;
	over = *flow;
	put_opening(key, &over);
	bpf_map_delete_elem(&established, key);
}

/*
 * The packet, sent by that end, is of the flow, and passes: DROP_NOT. One that would make it established
 * has to wait, and its sender to try again, while there is no room for it (DROP_FLOWS_FULL).
 */
static __always_inline int touch(const struct packet *p, const struct flow_key *key,
				  struct flow *flow, bool is_established, __u32 sender)
{
	__u32 tick = now();

	if (flow->seen != tick)
		flow->seen = tick;
	if (p->protocol == PROTOCOL_TCP && (p->tcp_flags & (TCP_SYN | TCP_FIN | TCP_RST))) {
		flow->closing = p->tcp_flags & TCP_SYN ? 0 : flow->closing | closes(p, sender);
		flow->timeout = timeout_of(p, flow, is_established);
	}
	if (is_established) {
		if (has_ended(flow))
			disestablish(key, flow);
		return DROP_NOT;
	}
	if (sender != flow->beginner) {
		flow->answered = true;
		flow->timeout = timeout_of(p, flow, false);
	} else if (flow->answered && !(p->tcp_flags & TCP_SYN) && !has_ended(flow)) {
		int reason = establish(p, key, flow);

		return reason != DROP_NOT && make_room() ? establish(p, key, flow) : reason;
	}
	put_opening(key, flow);
	return DROP_NOT;
}

/* Remembers that the packet, sent by that end, began a flow that may go on, in place of another. */
static __always_inline void begin_flow(const struct packet *p, const struct flow_key *key,
				       __u32 sender, struct flow *flow, bool was_established)
{
	flow->seen = now();
	flow->beginner = sender;
	flow->closing = closes(p, sender);
	flow->timeout = timeout_of(p, flow, false);
	if (was_established)
		bpf_map_delete_elem(&established, key);
	put_opening(key, flow);
}
