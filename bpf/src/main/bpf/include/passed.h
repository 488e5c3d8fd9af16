/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * How programs tell each other what has been decided on: its control block bears a secret between them. The
 * kernel leaves that alone from one program to the next, and whoever puts a packet of his own in between
 * has 2^64 to choose from.
 */
#pragma once

#include "base.h"

/* Drawn when the topology is first loaded, and the same for all its versions; 0: there is none. */
volatile const __u64 secret;

/* At the end: qdiscs, which may stand in between, keep their notes at the beginning. */
static __always_inline void set_passed(struct __sk_buff *skb)
{
	skb->cb[3] = secret;
	skb->cb[4] = secret >> 32;
}

/* Whether it bears the secret, which is then taken off: a workload may have programs too. */
static __always_inline bool is_passed(struct __sk_buff *skb)
{
	bool is_right = secret && skb->cb[3] == (__u32)secret && skb->cb[4] == secret >> 32;

	skb->cb[3] = 0;
	skb->cb[4] = 0;
	return is_right;
}
