/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * How programs tell each other what has been decided on: its control block bears a secret between them. The
 * kernel leaves that alone from one program to the next, and whoever puts a packet of his own in between
 * has 2^64 to choose from.
 */
#pragma once

#include "base.h"

/* Drawn when the topology is first loaded, and the same for all versions of it; 0: not yet. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} secret SEC(".maps");

static __always_inline __u64 secret_now(void)
{
	__u32 zero = 0;
	const __u64 *value = bpf_map_lookup_elem(&secret, &zero);

	return value ? *value : 0;
}

/* At the end: qdiscs, which may stand in between, keep their notes at the beginning. */
static __always_inline void set_passed(struct __sk_buff *skb)
{
	__u64 value = secret_now();

	skb->cb[3] = value;
	skb->cb[4] = value >> 32;
}

/* Whether it bears the secret, which is then taken off: a workload may have programs too. */
static __always_inline bool is_passed(struct __sk_buff *skb)
{
	__u64 value = secret_now();
	bool is_right = value && skb->cb[3] == (__u32)value && skb->cb[4] == value >> 32;

	skb->cb[3] = 0;
	skb->cb[4] = 0;
	return is_right;
}
