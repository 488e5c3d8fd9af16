/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* What every program needs: types of the wire, and a few macros. */
#pragma once

#include <linux/bpf.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* linux/pkt_cls.h; TCX_PASS and TCX_DROP have the same numbers. */
#define VERDICT_PASS 0
#define VERDICT_DROP 2
/* The next program decides, or the stack: TCX_NEXT, and TC_ACT_UNSPEC alike. */
#define VERDICT_NEXT -1

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_IPV6 0x86dd

#define MAC_BYTES 6
#define ETHERNET_BYTES 14
#define IPV4_BYTES 20
#define IPV6_BYTES 40

enum protocol {
	PROTOCOL_HOP_BY_HOP = 0,
	PROTOCOL_ICMP = 1,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_ROUTING = 43,
	PROTOCOL_FRAGMENT = 44,
	PROTOCOL_AUTHENTICATION = 51,
	PROTOCOL_ICMPV6 = 58,
	PROTOCOL_DESTINATION_OPTIONS = 60,
	PROTOCOL_SCTP = 132,
};

/* An IPv4 address is ::ffff:a.b.c.d: one layout, one set of maps for both families. */
struct address {
	__be32 words[4];
};

struct mac {
	__u8 bytes[MAC_BYTES];
};

struct ethernet {
	struct mac destination;
	struct mac source;
	__be16 type;
} __attribute__((packed));

struct ipv4 {
	__u8 version_length;
	__u8 tos;
	__be16 length;
	__be16 id;
	__be16 fragment;
	__u8 ttl;
	__u8 protocol;
	__sum16 checksum;
	__be32 source;
	__be32 destination;
};

struct ipv6 {
	__be32 version_class_label;
	__be16 length;
	__u8 next;
	__u8 hop_limit;
	struct address source;
	struct address destination;
};

static __always_inline struct address mapped(__be32 v4)
{
	return (struct address){{0, 0, bpf_htonl(0xffff), v4}};
}

static __always_inline bool is_mapped(const struct address *a)
{
	return !(a->words[0] | a->words[1]) && a->words[2] == bpf_htonl(0xffff);
}

static __always_inline bool same_address(const struct address *a, const struct address *b)
{
	return a->words[0] == b->words[0] && a->words[1] == b->words[1] &&
	       a->words[2] == b->words[2] && a->words[3] == b->words[3];
}

static __always_inline bool is_unspecified(const struct address *a)
{
	return !(a->words[0] | a->words[1] | a->words[2] | a->words[3]);
}

static __always_inline bool is_v6_link_local(const struct address *a)
{
	return (a->words[0] & bpf_htonl(0xffc00000)) == bpf_htonl(0xfe800000);
}

static __always_inline bool same_mac(const struct mac *a, const struct mac *b)
{
	const __u16 *x = (const __u16 *)a, *y = (const __u16 *)b;

	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2];
}

static __always_inline bool is_group(const struct mac *mac)
{
	return mac->bytes[0] & 1;
}
