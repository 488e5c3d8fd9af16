/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * ARP (RFC 826) and neighbour discovery (RFC 4861) of endpoints: what they may say (POLICY rules 9
 * and 13), and the answers that the programs give in the place of who is asked. Nothing is flooded.
 */
#pragma once

#include "maps.h"
#include "parse.h"

#define ARP_REQUEST 1
#define ARP_REPLY 2

struct arp {
	__be16 hardware;
	__be16 protocol;
	__u8 hardware_bytes;
	__u8 protocol_bytes;
	__be16 operation;
	struct mac sender_mac;
	__be32 sender;
	struct mac target_mac;
	__be32 target;
} __attribute__((packed));

enum icmpv6_type {
	LISTENER_REPORT = 131,
	LISTENER_DONE = 132,
	ROUTER_SOLICITATION = 133,
	ROUTER_ADVERTISEMENT = 134,
	NEIGHBOUR_SOLICITATION = 135,
	NEIGHBOUR_ADVERTISEMENT = 136,
	REDIRECT = 137,
	LISTENER_REPORT_V2 = 143,
};

/* Both options have this length, in units of 8 bytes. */
struct link_option {
	__u8 type;
	__u8 length;
	struct mac mac;
};

#define SOURCE_LINK 1
#define TARGET_LINK 2
#define NONCE 14

struct neighbour_message {
	__u8 type;
	__u8 code;
	__sum16 checksum;
	__be32 flags;
	struct address target;
	struct link_option option;
	struct link_option more;
};

#define NEIGHBOUR_BYTES 24
#define OPTION_BYTES 8

#define FLAG_ROUTER 0x80000000
#define FLAG_SOLICITED 0x40000000
#define FLAG_OVERRIDE 0x20000000

/* What is to become of a message. */
enum discovery {
	/* As any other packet: to who has the address. */
	DISCOVERY_FORWARD,
	DISCOVERY_ANSWERED,
	/* It is for nobody here. */
	DISCOVERY_IGNORE,
	/* To the node's own stack. */
	DISCOVERY_NODE,
	/* To the wire. */
	DISCOVERY_WIRE,
	DISCOVERY_DROP_ARP,
	DISCOVERY_DROP_ND,
	DISCOVERY_DROP_ADVERTISEMENT,
};

/* What nobody here is asked, or told, is for the wire, if there is one. */
static __always_inline enum discovery beyond(const struct slot *slot)
{
	return slot->wire ? DISCOVERY_WIRE : DISCOVERY_IGNORE;
}

/* The node is the router, or one on the wire is. */
static __always_inline enum discovery to_router(const struct slot *slot)
{
	return slot->gateway_link ? DISCOVERY_NODE : beyond(slot);
}

/* Whether the address is one of the endpoint that has the slot. */
static __always_inline bool is_own(const struct address *address, const struct slot *slot)
{
	__u32 index = slot_at(address, slot->network);
	struct slot *owner = index && index != BROADCAST ? slot_of(index) : NULL;

	return owner && owner->endpoint == slot->endpoint;
}

/* The MAC of another endpoint's, or the gateway's, address in the network of the slot. */
static __always_inline bool find_neighbour(const struct address *address, const struct slot *slot,
					   struct mac *mac, bool *router)
{
	__u32 index = slot_at(address, slot->network);
	struct slot *owner = index && index != BROADCAST ? slot_of(index) : NULL;

	*router = is_gateway(address, slot->network);
	if (*router) {
		*mac = slot->gateway_mac;
		return true;
	}
	if (!owner || owner->network != slot->network || owner->endpoint == slot->endpoint)
		return false;
	*mac = owner->mac;
	return true;
}

static __always_inline enum discovery arp(struct __sk_buff *skb, const struct slot *slot)
{
	struct address sender, target;
	struct ethernet *frame;
	struct arp *message;
	bool router, probe;
	struct mac mac;
	__be32 asked;

	if (!readable(skb, ETHERNET_BYTES + sizeof(*message)))
		return DISCOVERY_DROP_ARP;
	frame = (void *)(long)skb->data;
	message = (void *)(frame + 1);
	if ((void *)(message + 1) > (void *)(long)skb->data_end)
		return DISCOVERY_DROP_ARP;
	if (message->hardware != bpf_htons(1) || message->protocol != bpf_htons(ETHERTYPE_IPV4) ||
	    message->hardware_bytes != MAC_BYTES || message->protocol_bytes != 4 ||
	    !same_mac(&message->sender_mac, &slot->mac))
		return DISCOVERY_DROP_ARP;
	if (message->operation != bpf_htons(ARP_REQUEST) &&
	    message->operation != bpf_htons(ARP_REPLY))
		return DISCOVERY_DROP_ARP;
	sender = mapped(message->sender);
	target = mapped(message->target);
	/* RFC 5227: whether somebody has what is to become the sender's own. */
	probe = !message->sender && message->operation == bpf_htons(ARP_REQUEST);
	if (!is_own(probe ? &target : &sender, slot))
		return DISCOVERY_DROP_ARP;
	if (!is_group(&frame->destination))
		return is_for_gateway(&frame->destination, slot) ? DISCOVERY_NODE
								: DISCOVERY_FORWARD;
	if (message->operation != bpf_htons(ARP_REQUEST) || probe ||
	    !find_neighbour(&target, slot, &mac, &router))
		return beyond(slot);
	asked = message->target;
	frame->destination = slot->mac;
	frame->source = mac;
	message->operation = bpf_htons(ARP_REPLY);
	message->target_mac = message->sender_mac;
	message->target = message->sender;
	message->sender_mac = mac;
	message->sender = asked;
	return DISCOVERY_ANSWERED;
}

/* Turns the solicitation into what its target would say. */
static __always_inline bool advertise(struct __sk_buff *skb, const struct packet *p,
				     const struct slot *slot, const struct address *target,
				     const struct mac *mac, bool router)
{
	const __u32 length = NEIGHBOUR_BYTES + OPTION_BYTES;
	struct ethernet frame = {
		.destination = slot->mac, .source = *mac, .type = bpf_htons(ETHERTYPE_IPV6)};
	struct ipv6 ip = {
		.version_class_label = bpf_htonl(6U << 28),
		.length = bpf_htons(length),
		.next = PROTOCOL_ICMPV6,
		.hop_limit = 255,
		.source = *target,
		.destination = p->source,
	};
	struct neighbour_message message = {
		.type = NEIGHBOUR_ADVERTISEMENT,
		.flags = bpf_htonl(FLAG_SOLICITED | FLAG_OVERRIDE | (router ? FLAG_ROUTER : 0)),
		.target = *target,
		.option = {.type = TARGET_LINK, .length = 1, .mac = *mac},
	};
	struct {
		struct address source;
		struct address destination;
		__be32 length;
		__be32 next;
	} pseudo = {*target, p->source, bpf_htonl(length), bpf_htonl(PROTOCOL_ICMPV6)};
	__s64 sum;

	sum = bpf_csum_diff(NULL, 0, (__be32 *)&pseudo, sizeof(pseudo), 0);
	sum = bpf_csum_diff(NULL, 0, (__be32 *)&message, length, sum);
	sum = (sum & 0xffff) + (sum >> 16 & 0xffff);
	sum = (sum & 0xffff) + (sum >> 16);
	message.checksum = ~sum;
	return bpf_skb_change_tail(skb, ETHERNET_BYTES + IPV6_BYTES + length, 0) ||
	       bpf_skb_store_bytes(skb, 0, &frame, sizeof(frame), 0) ||
	       bpf_skb_store_bytes(skb, ETHERNET_BYTES, &ip, sizeof(ip), 0) ||
	       bpf_skb_store_bytes(skb, ETHERNET_BYTES + IPV6_BYTES, &message, length, 0);
}

static __always_inline bool is_link(const struct link_option *option, __u8 type,
				    const struct slot *slot)
{
	return option->type == type && option->length == 1 && same_mac(&option->mac, &slot->mac);
}

static __always_inline bool is_nonce(const struct link_option *option)
{
	return option->type == NONCE && option->length == 1;
}

/*
 * The first option, where there is one, is the sender's link-layer address; what follows is no more
 * than a nonce: who receives it takes the first of a sort (RFC 4861, section 4; RFC 7527). Not
 * static, as parse.
 */
__noinline int neighbour(struct __sk_buff *skb, const struct packet *p, __u32 index, __u32 to_group)
{
	struct slot *slot = slot_of(index);
	struct neighbour_message message = {};
	const struct link_option *option = &message.option;
	bool unspecified, router;
	__u32 length;
	enum discovery one;
	struct mac mac;

	if (!p || !slot)
		return DISCOVERY_DROP_ND;
	unspecified = is_unspecified(&p->source);
	length = p->payload;

	if (!unspecified && !is_own(&p->source, slot))
		return DISCOVERY_DROP_ND;
	if (p->icmp_type == ROUTER_ADVERTISEMENT || p->icmp_type == REDIRECT)
		return unspecified ? DISCOVERY_DROP_ND : DISCOVERY_DROP_ADVERTISEMENT;
	/* RFC 6980: not behind extension headers. */
	if (p->hop_limit != 255 || p->extended || p->fragment != WHOLE)
		return DISCOVERY_DROP_ND;
	if (p->icmp_type == ROUTER_SOLICITATION) {
		struct link_option source;

		if (unspecified)
			return DISCOVERY_DROP_ND;
		if (length == OPTION_BYTES)
			return to_router(slot);
		if (length != 2 * OPTION_BYTES ||
		    bpf_skb_load_bytes(skb, p->transport + OPTION_BYTES, &source, sizeof(source)))
			return DISCOVERY_DROP_ND;
		return is_link(&source, SOURCE_LINK, slot) ? to_router(slot) : DISCOVERY_DROP_ND;
	}
	if (length == NEIGHBOUR_BYTES) {
		if (bpf_skb_load_bytes(skb, p->transport, &message, NEIGHBOUR_BYTES))
			return DISCOVERY_DROP_ND;
	} else if (length == NEIGHBOUR_BYTES + OPTION_BYTES) {
		if (bpf_skb_load_bytes(skb, p->transport, &message, NEIGHBOUR_BYTES + OPTION_BYTES))
			return DISCOVERY_DROP_ND;
	} else if (length == NEIGHBOUR_BYTES + 2 * OPTION_BYTES) {
		if (bpf_skb_load_bytes(skb, p->transport, &message, sizeof(message)) ||
		    !is_nonce(&message.more))
			return DISCOVERY_DROP_ND;
	} else {
		return DISCOVERY_DROP_ND;
	}
	if (unspecified) {
		/* Whether anybody has one of the sender's own addresses. */
		if (p->icmp_type != NEIGHBOUR_SOLICITATION || !is_own(&message.target, slot) ||
		    length > NEIGHBOUR_BYTES + OPTION_BYTES ||
		    (length > NEIGHBOUR_BYTES && !is_nonce(option)))
			return DISCOVERY_DROP_ND;
		return beyond(slot);
	}
	/* The gateway speaks for itself where it alone is spoken to. */
	one = is_gateway(&p->destination, slot->network) ? DISCOVERY_NODE : DISCOVERY_FORWARD;
	if (p->icmp_type == NEIGHBOUR_ADVERTISEMENT) {
		if (!is_own(&message.target, slot) ||
		    (length > NEIGHBOUR_BYTES && !is_link(option, TARGET_LINK, slot)))
			return DISCOVERY_DROP_ND;
		return to_group ? beyond(slot) : one;
	}
	if (length > NEIGHBOUR_BYTES && !is_link(option, SOURCE_LINK, slot))
		return DISCOVERY_DROP_ND;
	if (!to_group)
		return one;
	if (!find_neighbour(&message.target, slot, &mac, &router))
		return beyond(slot);
	return advertise(skb, p, slot, &message.target, &mac, router) ? DISCOVERY_IGNORE
									  : DISCOVERY_ANSWERED;
}
