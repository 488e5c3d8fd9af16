// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
/*
 * At an uplink, by XDP: what comes from a denied source goes no further. All else passes, neighbour
 * discovery too, whoever says it, and what is no IP; but nothing with more tags than are looked behind:
 * of those with VLAN 0 the stack takes off any number.
 */
#include "counts.h"

#define ETHERTYPE_VLAN 0x8100
#define ETHERTYPE_SERVICE_VLAN 0x88a8
#define MAX_TAGS 2

struct tag {
	__be16 control;
	__be16 type;
};

struct source_v4 {
	__u32 prefix;
	__be32 address;
};

struct source_v6 {
	__u32 prefix;
	struct address address;
};

/* From a source to the number of the block that it is in; of several the smallest. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct source_v4);
	__type(value, __u64);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} sources_v4 SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__type(key, struct source_v6);
	__type(value, __u64);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} sources_v6 SEC(".maps");

/* By the number of a block. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__type(key, __u64);
	__type(value, struct count);
	__uint(max_entries, 1);
} denied SEC(".maps");

static __always_inline bool is_discovery(const struct ipv6 *ip, const void *end)
{
	const __u8 *type = (const void *)(ip + 1);

	/* RFC 4861: from the link itself, and before anything else of the packet. */
	return ip->next == PROTOCOL_ICMPV6 && ip->hop_limit == 255 &&
	       (const void *)(type + 1) <= end && *type >= 133 && *type <= 136;
}

static __always_inline bool is_tag(__be16 type)
{
	return type == bpf_htons(ETHERTYPE_VLAN) || type == bpf_htons(ETHERTYPE_SERVICE_VLAN);
}

/* The number of the block that the source is in; NULL if it is in none. */
static __always_inline __u64 *block_of(__be16 type, const void *at, const void *end)
{
	if (type == bpf_htons(ETHERTYPE_IPV4)) {
		const struct ipv4 *ip = at;

		if ((const void *)(ip + 1) <= end) {
			struct source_v4 key = {.prefix = 32, .address = ip->source};

			return bpf_map_lookup_elem(&sources_v4, &key);
		}
	} else if (type == bpf_htons(ETHERTYPE_IPV6)) {
		const struct ipv6 *ip = at;

		if ((const void *)(ip + 1) <= end && !is_discovery(ip, end)) {
			struct source_v6 key = {.prefix = 128, .address = ip->source};

			return bpf_map_lookup_elem(&sources_v6, &key);
		}
	}
	return NULL;
}

SEC("xdp.frags")
int deny_sources(struct xdp_md *ctx)
{
	const void *end = (void *)(long)ctx->data_end;
	const struct ethernet *ethernet = (void *)(long)ctx->data;
	const void *at = ethernet + 1;
	__u64 *block, bytes;
	__be16 type;

	if (at > end)
		return XDP_PASS;
	type = ethernet->type;
	for (int i = 0; i < MAX_TAGS; i++) {
		const struct tag *tag = at;

		if (!is_tag(type))
			break;
		at = tag + 1;
		if (at > end)
			return XDP_PASS;
		type = tag->type;
	}
	block = block_of(type, at, end);
	if (!block && !is_tag(type))
		return XDP_PASS;
	bytes = bpf_xdp_get_buff_len(ctx);
	count_drop(DROP_DENIED_SOURCE, bytes);
	if (block)
		count_in(bpf_map_lookup_elem(&denied, block), bytes);
	return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
