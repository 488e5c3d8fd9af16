/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* A frame to what is judged of it. Nothing is believed but the frame itself: skb->protocol is the sender's. */
#pragma once

#include "base.h"
#include "reasons.h"

/*
 * Destination options may be there twice (RFC 8200, section 4.1); more than this nobody sends, and what
 * is behind them could not be judged: it does not pass.
 */
#define MAX_EXTENSIONS 8

enum fragment { WHOLE, FIRST_FRAGMENT, LATER_FRAGMENT };

enum tcp_flag { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

struct packet {
	struct address source;
	struct address destination;
	/* Of TCP, UDP and SCTP; of an echo its identifier, the other 0; else 0. */
	__be16 source_port;
	__be16 destination_port;
	/* Where the transport header begins. */
	__u16 transport;
	/* Bytes from there on. */
	__u16 payload;
	/* Bytes of what is in fragments: from behind the header that tells of them. */
	__u16 fragment_bytes;
	__u32 fragment_id;
	/* The slot of who sent it; of what the node sends, 0; of what comes from a wire, BROADCAST. */
	__u32 origin;
	/* In bytes. */
	__u16 fragment_offset;
	__u8 fragment;
	bool more_fragments;
	__u8 protocol;
	__u8 hop_limit;
	__u8 tcp_flags;
	__u8 icmp_type;
	bool v4;
	bool has_ports;
	/* IPv6 with extension headers. */
	bool extended;
};

/* Makes the first bytes readable by pointer; false if the frame has fewer. */
static __always_inline bool readable(struct __sk_buff *skb, __u32 bytes)
{
	if ((void *)(long)skb->data + bytes <= (void *)(long)skb->data_end)
		return true;
	if (bpf_skb_pull_data(skb, bytes))
		return false;
	return (void *)(long)skb->data + bytes <= (void *)(long)skb->data_end;
}

static __always_inline bool is_icmp(const struct packet *p)
{
	return p->protocol == (p->v4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6);
}

/* RFC 792, RFC 4443: those that tell of another packet. */
static __always_inline bool is_icmp_error(const struct packet *p)
{
	if (p->v4)
		return p->icmp_type == 3 || p->icmp_type == 4 || p->icmp_type == 11 ||
		       p->icmp_type == 12;
	return p->icmp_type < 128;
}

static __always_inline bool is_echo_request(const struct packet *p)
{
	return p->icmp_type == (p->v4 ? 8 : 128);
}

static __always_inline bool is_echo_reply(const struct packet *p)
{
	return p->icmp_type == (p->v4 ? 0 : 129);
}

/*
 * Ports, flags and types, from the first fragment on. A header that is cut off cannot be judged;
 * of TCP the flags may be, and are then taken for those that open a connection (RFC 3128).
 */
static __always_inline int parse_transport(struct __sk_buff *skb, struct packet *p)
{
	__u8 head[8];

	if (p->fragment == LATER_FRAGMENT)
		return DROP_NOT;
	p->has_ports = p->protocol == PROTOCOL_TCP || p->protocol == PROTOCOL_UDP ||
		       p->protocol == PROTOCOL_SCTP;
	if (!p->has_ports && !is_icmp(p))
		return DROP_NOT;
	if (p->payload < sizeof(head) || bpf_skb_load_bytes(skb, p->transport, head, sizeof(head)))
		return DROP_FRAGMENT_TINY;
	if (p->has_ports) {
		p->source_port = *(__be16 *)&head[0];
		p->destination_port = *(__be16 *)&head[2];
	} else {
		p->icmp_type = head[0];
		if (is_echo_request(p))
			p->source_port = *(__be16 *)&head[4];
		else if (is_echo_reply(p))
			p->destination_port = *(__be16 *)&head[4];
	}
	if (p->protocol == PROTOCOL_TCP) {
		p->tcp_flags = TCP_SYN;
		if (p->payload >= 14)
			bpf_skb_load_bytes(skb, p->transport + 13, &p->tcp_flags, 1);
	}
	return DROP_NOT;
}

static __always_inline int parse_ipv4(struct __sk_buff *skb, struct packet *p, __u32 at)
{
	struct ipv4 ip;
	__u16 length, header, fragment;

	if (bpf_skb_load_bytes(skb, at, &ip, sizeof(ip)))
		return DROP_SPOOFED_IP;
	header = (ip.version_length & 15) * 4;
	length = bpf_ntohs(ip.length);
	if (ip.version_length >> 4 != 4 || header < IPV4_BYTES || length < header)
		return DROP_SPOOFED_IP;
	fragment = bpf_ntohs(ip.fragment);
	p->v4 = true;
	p->source = mapped(ip.source);
	p->destination = mapped(ip.destination);
	p->protocol = ip.protocol;
	p->hop_limit = ip.ttl;
	p->transport = at + header;
	p->payload = length - header;
	p->fragment_bytes = p->payload;
	p->more_fragments = fragment & 0x2000;
	p->fragment_offset = (fragment & 0x1fff) * 8;
	p->fragment_id = ip.id;
	if (p->fragment_offset)
		p->fragment = LATER_FRAGMENT;
	else if (p->more_fragments)
		p->fragment = FIRST_FRAGMENT;
	return DROP_NOT;
}

static __always_inline bool is_extension(__u8 header)
{
	return header == PROTOCOL_HOP_BY_HOP || header == PROTOCOL_ROUTING ||
	       header == PROTOCOL_FRAGMENT || header == PROTOCOL_AUTHENTICATION ||
	       header == PROTOCOL_DESTINATION_OPTIONS;
}

/* RFC 8200: the headers between the first one and the transport's. */
static __always_inline int parse_extensions(struct __sk_buff *skb, struct packet *p, __u32 at)
{
	__u8 next = p->protocol;
	__u32 end = at + p->payload, transport = at;

	for (int i = 0; i < MAX_EXTENSIONS; i++) {
		__u8 head[8];
		__u32 length;

		if (!is_extension(next))
			break;
		p->extended = true;
		if (transport + sizeof(head) > end ||
		    bpf_skb_load_bytes(skb, transport, head, sizeof(head)))
			return DROP_FRAGMENT_TINY;
		length = next == PROTOCOL_AUTHENTICATION ? (head[1] + 2) * 4 : (head[1] + 1) * 8;
		if (next == PROTOCOL_FRAGMENT) {
			__u16 fragment = bpf_ntohs(*(__be16 *)&head[2]);

			length = 8;
			p->fragment_bytes = end - transport - length;
			p->more_fragments = fragment & 1;
			p->fragment_offset = fragment & ~7;
			p->fragment_id = *(__u32 *)&head[4];
			/* RFC 6946: one that is all of its packet is no fragment. */
			if (p->fragment_offset)
				p->fragment = LATER_FRAGMENT;
			else if (p->more_fragments)
				p->fragment = FIRST_FRAGMENT;
		}
		next = head[0];
		transport += length;
		if (p->fragment == LATER_FRAGMENT)
			break;
	}
	if (transport > end || (p->fragment != LATER_FRAGMENT && is_extension(next)))
		return DROP_FRAGMENT_TINY;
	p->protocol = next;
	p->transport = transport;
	p->payload = end - transport;
	/* Whatever it carries: the rules behind could not read it (RFC 7112). */
	if (p->fragment == FIRST_FRAGMENT && p->payload < 8)
		return DROP_FRAGMENT_TINY;
	return DROP_NOT;
}

static __always_inline int parse_ipv6(struct __sk_buff *skb, struct packet *p, __u32 at)
{
	struct ipv6 ip;

	if (bpf_skb_load_bytes(skb, at, &ip, sizeof(ip)))
		return DROP_SPOOFED_IP;
	if (bpf_ntohl(ip.version_class_label) >> 28 != 6)
		return DROP_SPOOFED_IP;
	/* None such is on any wire (RFC 4291, section 2.5.5.2): here they are addresses of IPv4. */
	if (is_mapped(&ip.source) || is_mapped(&ip.destination))
		return DROP_SPOOFED_IP;
	p->source = ip.source;
	p->destination = ip.destination;
	p->protocol = ip.next;
	p->hop_limit = ip.hop_limit;
	p->payload = bpf_ntohs(ip.length);
	return DROP_NOT;
}

/*
 * Reads the packet at an offset into an empty p; DROP_NOT, or why it cannot be judged. Not static:
 * the verifier then looks at it once, and not at every call. Header by header, each leaving the stack
 * to the next: Linux 6.1 rounds the stack of each function up to 32 bytes, and this is the last of five.
 */
__noinline int parse(struct __sk_buff *skb, struct packet *p, __u32 type, __u32 at)
{
	int reason = DROP_ETHERTYPE;

	if (!p)
		return reason;
	if (type == bpf_htons(ETHERTYPE_IPV4)) {
		reason = parse_ipv4(skb, p, at);
	} else if (type == bpf_htons(ETHERTYPE_IPV6)) {
		reason = parse_ipv6(skb, p, at);
		if (reason == DROP_NOT)
			reason = parse_extensions(skb, p, at + IPV6_BYTES);
	}
	return reason == DROP_NOT ? parse_transport(skb, p) : reason;
}
