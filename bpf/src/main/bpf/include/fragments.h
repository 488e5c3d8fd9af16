/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * A later fragment shares the fate of its first one. They have to come in order and without gaps,
 * as every sender's kernel sends them: what overlaps or comes again could read otherwise to who
 * puts it together (RFC 1858, RFC 5722).
 */
#pragma once

#include "flows.h"

struct fragment_key {
	struct address source;
	struct address destination;
	__u32 id;
	/* Of IPv4; of IPv6 it is not the same in all fragments. */
	__u32 protocol;
	/* What an endpoint sends through the node is seen twice. */
	__u32 origin;
};

struct fragments_seen {
	__u32 seen;
	/* Where the next one has to begin, in bytes. */
	__u16 next;
	/* What becomes of them: a drop reason, and the marks of their flow. */
	__u8 fate;
	__u8 marks;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__type(key, struct fragment_key);
	__type(value, struct fragments_seen);
	__uint(max_entries, 1024);
} fragments SEC(".maps");

static __always_inline struct fragment_key fragment_key(const struct packet *p)
{
	return (struct fragment_key){
		.source = p->source,
		.destination = p->destination,
		.id = p->fragment_id,
		.protocol = p->v4 ? p->protocol : 0,
		.origin = p->origin,
	};
}

/* Where the next fragment has to begin; no packet is as long as 2^16 bytes. */
static __always_inline __u32 fragment_end(const struct packet *p)
{
	return p->fragment_offset + p->fragment_bytes;
}

/*
 * Whether there was a first fragment of the packet before: then no fragment of it passes any more.
 * Not static, as parse.
 */
__noinline int is_copy(const struct packet *p)
{
	struct fragment_key key;
	struct fragments_seen *seen;

	if (!p)
		return true;
	key = fragment_key(p);
	seen = bpf_map_lookup_elem(&fragments, &key);
	if (!seen || silent(seen->seen, now()) > TIMEOUT_FRAGMENTS)
		return false;
	seen->fate = DROP_FRAGMENT_ORPHAN;
	return true;
}

/* Remembers what became of a first fragment; returns it. Not static, as parse. */
__noinline int remember_fragment(const struct packet *p, int fate, __u32 marks)
{
	struct fragments_seen seen = {.seen = now(), .fate = fate, .marks = marks};
	struct fragment_key key;

	if (!p)
		return DROP_FRAGMENT_ORPHAN;
	key = fragment_key(p);
	seen.next = fragment_end(p);
	bpf_map_update_elem(&fragments, &key, &seen, BPF_ANY);
	return fate;
}

/*
 * What becomes of a later fragment: a drop reason in the lowest byte, and the marks of its flow in
 * the next. Not static, as parse.
 */
__noinline int fate_of(const struct packet *p)
{
	struct fragments_seen *seen;
	struct fragment_key key;
	int fate;

	if (!p)
		return DROP_FRAGMENT_ORPHAN;
	key = fragment_key(p);
	seen = bpf_map_lookup_elem(&fragments, &key);
	if (!seen || silent(seen->seen, now()) > TIMEOUT_FRAGMENTS)
		return DROP_FRAGMENT_ORPHAN;
	fate = seen->fate;
	if (fate != DROP_NOT)
		return fate;
	if (p->fragment_offset != seen->next || fragment_end(p) > 0xffff) {
		seen->fate = DROP_FRAGMENT_ORPHAN;
		return DROP_FRAGMENT_ORPHAN;
	}
	seen->next = fragment_end(p);
	fate |= seen->marks << 8;
	if (!p->more_fragments)
		bpf_map_delete_elem(&fragments, &key);
	return fate;
}
