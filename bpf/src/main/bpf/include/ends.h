/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Who sends, and to whom: the same for all packets between two addresses, so that it is found out once
 * and remembered. Holds only while nothing at all has been configured otherwise, and not for long.
 */
#pragma once

#include "maps.h"

/* In jiffies: between 0.25 and 2.5 seconds. A device that takes another's place is found as late. */
#define CACHE_TIME 256

/* A power of two. */
#define ENDS_SLOTS 4096

enum end { FROM, TO };

/* The MACs of a frame. */
struct macs {
	__u32 words[3];
};

/* Addresses, and where it comes in, and between which MACs. */
struct ends_key {
	struct address source;
	struct address destination;
	__u32 link;
	struct macs macs;
} __attribute__((aligned(8)));

/* By end; one that is no endpoint is all 0. */
struct ends {
	struct ends_key key;
	__u64 configuration;
	__u32 since;
	__u32 slots[2];
	/* Read before anything is judged: what a change of policy overtakes is judged again. */
	__u32 generations[2];
	/* The port that policy let through last, of that protocol; 0: none yet. */
	__u16 port;
	__u8 protocol;
	struct slot ends[2];
	/* What let it through, at each end; 0: nothing had to. */
	__u64 rules[2];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct ends);
	__uint(max_entries, ENDS_SLOTS);
} known_ends SEC(".maps");

/* For those that are not remembered: the stack has no room for them. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct ends);
	__uint(max_entries, 1);
} other_ends SEC(".maps");

/* Whatever is configured: another number for anything else. Written last. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} configuration SEC(".maps");

static __always_inline __u64 configuration_now(void)
{
	__u32 zero = 0;
	__u64 *number = bpf_map_lookup_elem(&configuration, &zero);

	return number ? *(volatile __u64 *)number : 0;
}

static __always_inline __u32 generation_of(__u32 index)
{
	__u32 *generation = index ? bpf_map_lookup_elem(&generations, &index) : NULL;

	return generation ? *generation : 0;
}

/* Where they are remembered, or would be. */
static __always_inline struct ends *ends_at(const struct ends_key *key)
{
	__u32 hash = key->source.words[3] ^ key->destination.words[3] * 0x9e3779b1;

	hash = (hash ^ key->source.words[2] ^ key->destination.words[2]) * 0x85ebca6b;
	hash = (hash ^ hash >> 15) & (ENDS_SLOTS - 1);
	return bpf_map_lookup_elem(&known_ends, &hash);
}

static __always_inline bool are_known(const struct ends *ends, const struct ends_key *key)
{
	const __u64 *x = (const __u64 *)&ends->key, *y = (const __u64 *)key;

	_Static_assert(sizeof(*key) == 48, "compared in words of 8 bytes");
	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3] && x[4] == y[4] &&
	       x[5] == y[5] && ends->configuration == configuration_now() &&
	       (__u32)bpf_jiffies64() - ends->since <= CACHE_TIME;
}

/*
 * Fills them in anew; they are not known yet. The slot was found under that number; false if it is there
 * no longer. Of an element that another one replaces the kernel makes that of the next key that is written,
 * whoever still reads it: what was read of it, here and before, may be another endpoint's.
 */
static __always_inline bool set_end(struct ends *ends, enum end end, __u32 index, __u32 found,
				    const struct slot *slot)
{
	ends->configuration = 0;
	ends->protocol = 0;
	ends->slots[end] = index;
	ends->generations[end] = generation_of(index);
	if (slot)
		ends->ends[end] = *slot;
	else
		__builtin_memset(&ends->ends[end], 0, sizeof(*slot));
	return slot_of(found) == slot;
}

/* What was found out under that configuration holds for others too. */
static __always_inline void know(struct ends *ends, const struct ends_key *key, __u64 under)
{
	ends->key = *key;
	ends->since = bpf_jiffies64();
	ends->configuration = under;
}
