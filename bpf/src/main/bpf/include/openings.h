/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Flows that have begun and are not established yet: sets of a few, by a hash of their key. In a set
 * they take each other's places in turn, and one that is seen when it would be next is passed over. Why
 * no LRU hash of the kernel's: a flow that begins costs five times as much there.
 */
#pragma once

#include "flow.h"

/* A power of two. */
#define OPENING_SETS_SHIFT 12
#define OPENING_WAYS 4

struct opening {
	struct flow_key key;
	struct flow flow;
	__u32 unused;
};

struct openings_set {
	struct bpf_spin_lock lock;
	/* The place of the next one. */
	__u32 next;
	/* Part of the hash of each: most that are looked for are not there. 0: none. */
	__u32 tags[OPENING_WAYS];
	struct opening ways[OPENING_WAYS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct openings_set);
	__uint(max_entries, 1 << OPENING_SETS_SHIFT);
} openings SEC(".maps");

/* Chosen by the first who asks, so that nobody knows which flows push out which. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} openings_seed SEC(".maps");

static __always_inline __u64 hash_of(const struct flow_key *key)
{
	const __u64 *words = (const __u64 *)key;
	__u32 zero = 0;
	__u64 *seed = bpf_map_lookup_elem(&openings_seed, &zero), hash;

	_Static_assert(sizeof(*key) == 40, "hashed in words of 8 bytes");
	if (!seed)
		return 0;
	if (!*seed)
		__sync_val_compare_and_swap(seed, 0, (__u64)bpf_get_prandom_u32() << 32 |
							     bpf_get_prandom_u32() | 1);
	hash = *seed;
	for (int i = 0; i < 5; i++) {
		hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	return hash;
}

/* The set that a flow belongs to, or NULL, and its tag there. */
static __always_inline struct openings_set *set_of(const struct flow_key *key, __u32 *tag)
{
	__u64 hash = hash_of(key);
	__u32 index = hash & ((1 << OPENING_SETS_SHIFT) - 1);

	*tag = hash >> 32 | 1;
	return bpf_map_lookup_elem(&openings, &index);
}

static __always_inline bool same_key(const struct flow_key *a, const struct flow_key *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;

	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3] && x[4] == y[4];
}

/* Whether there is one; copies what is known of it. Not static, as parse. */
__noinline int find_opening(const struct flow_key *key, struct flow *flow)
{
	struct openings_set *set;
	bool found = false;
	__u32 tag;

	if (!key || !flow)
		return false;
	set = set_of(key, &tag);
	if (!set)
		return false;
	for (int i = 0; i < OPENING_WAYS && !found; i++) {
		if (set->tags[i] != tag)
			continue;
		bpf_spin_lock(&set->lock);
		found = set->tags[i] == tag && same_key(&set->ways[i].key, key);
		*flow = set->ways[i].flow;
		bpf_spin_unlock(&set->lock);
	}
	return found;
}

/*
 * Remembers it, in place of another one where there is no room. Since it was found another processor may
 * have changed it, or forgotten it: then it is back as it was found. That lets nothing through, for it bears
 * the generations under which it was judged, and the time at which it was seen, and whoever asks looks among
 * the established first. What else it says (answered, closing) the next packet says again. Not static, as
 * parse.
 */
__noinline int put_opening(const struct flow_key *key, const struct flow *flow)
{
	struct openings_set *set;
	__u32 tag, place;

	if (!key || !flow)
		return -1;
	set = set_of(key, &tag);
	if (!set)
		return -1;
	bpf_spin_lock(&set->lock);
	place = set->next;
	for (int i = 0; i < OPENING_WAYS; i++)
		place = set->tags[i] == tag && same_key(&set->ways[i].key, key) ? i : place;
	place &= OPENING_WAYS - 1;
	set->next = place == (set->next & (OPENING_WAYS - 1)) ? place + 1 : set->next;
	set->tags[place] = tag;
	set->ways[place].key = *key;
	set->ways[place].flow = *flow;
	bpf_spin_unlock(&set->lock);
	return 0;
}

/* Forgets it. Not static, as parse. */
__noinline int remove_opening(const struct flow_key *key)
{
	struct openings_set *set;
	__u32 tag;

	if (!key)
		return -1;
	set = set_of(key, &tag);
	if (!set)
		return -1;
	bpf_spin_lock(&set->lock);
	for (int i = 0; i < OPENING_WAYS; i++)
		if (set->tags[i] == tag && same_key(&set->ways[i].key, key))
			set->tags[i] = 0;
	bpf_spin_unlock(&set->lock);
	return 0;
}
