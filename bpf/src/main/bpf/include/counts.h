/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What every program counts. */
#pragma once

#include "base.h"
#include "reasons.h"

struct count {
	__u64 packets;
	__u64 bytes;
};

/* What counts outlives the programs, and other ones may know more reasons: as many as there is room for. */
#define REASONS_ROOM 32

_Static_assert(DROP_REASONS <= REASONS_ROOM, "each reason has its count");

/* By reason. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, enum drop_reason);
	__type(value, struct count);
	__uint(max_entries, REASONS_ROOM);
} drops SEC(".maps");

static __always_inline void count_in(struct count *count, __u64 bytes)
{
	if (count) {
		count->packets++;
		count->bytes += bytes;
	}
}

static __always_inline void count_drop(enum drop_reason reason, __u64 bytes)
{
	__u32 key = reason;

	count_in(bpf_map_lookup_elem(&drops, &key), bytes);
}
