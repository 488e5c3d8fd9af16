/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What becomes of a frame. How one gets to an endpoint is the program's to say, which gives before it
 * includes this:
 *
 * hand_over(skb, link)   the verdict by which what one endpoint sent gets to the other that has the link
 * send_to(skb, link)     the verdict by which anything else gets to an endpoint
 */
#pragma once

#include "base.h"
#include "cache.h"
#include "discovery.h"
#include "ends.h"
#include "forward.h"
#include "fragments.h"
#include "judge.h"
#include "passed.h"
#include "sender.h"

#define AF_INET 2
#define AF_INET6 10

/* Messages by which an endpoint would pose as a router or a server of addresses (POLICY rule 9). */
static __always_inline bool is_advertisement(const struct packet *p)
{
	__u16 from = bpf_ntohs(p->source_port), to = bpf_ntohs(p->destination_port);

	if (p->protocol == PROTOCOL_UDP)
		return p->v4 ? to == 68 || (from == 67 && to == 67)
			     : to == 546 || (from == 547 && to == 547);
	if (!is_icmp(p) || p->fragment == LATER_FRAGMENT)
		return false;
	return p->v4 ? p->icmp_type == 5
		     : p->icmp_type == ROUTER_ADVERTISEMENT || p->icmp_type == REDIRECT;
}

static __always_inline bool is_multicast(const struct address *address, bool v4)
{
	__u8 first = v4 ? *(__u8 *)&address->words[3] : *(__u8 *)&address->words[0];

	return v4 ? first >> 4 == 14 || address->words[3] == 0xffffffff : first == 0xff;
}

/*
 * A port of the node that leads to an endpoint: what it leads to is judged after the translation.
 * Not static, as parse.
 */
__noinline int is_published(struct __sk_buff *skb, const struct packet *p, __u32 link)
{
	struct bpf_fib_lookup fib = {.ifindex = link};
	struct published_key key = {};

	if (!p || !p->has_ports)
		return false;
	/* Nothing with a link-local address is forwarded, and so the look-up would say so of any destination. */
	if (!p->v4 && (is_v6_link_local(&p->source) || is_v6_link_local(&p->destination)))
		return false;
	key.port = p->destination_port;
	key.protocol = p->protocol;
	key.v4 = p->v4;
	if (!bpf_map_lookup_elem(&published, &key))
		return false;
	if (p->v4) {
		fib.family = AF_INET;
		fib.ipv4_src = p->source.words[3];
		fib.ipv4_dst = p->destination.words[3];
	} else {
		fib.family = AF_INET6;
		__builtin_memcpy(fib.ipv6_src, &p->source, sizeof(p->source));
		__builtin_memcpy(fib.ipv6_dst, &p->destination, sizeof(p->destination));
	}
	/* Of its own addresses the node says that it forwards nothing to them. */
	return bpf_fib_lookup(skb, &fib, sizeof(fib), 0) == BPF_FIB_LKUP_RET_NOT_FWDED;
}

/* Judges it, and its other fragments with it. */
static __always_inline int judge_whole(struct __sk_buff *skb, const struct packet *p,
				       struct ends *ends, __u32 *marks)
{
	int reason, related;

	if (p->fragment == LATER_FRAGMENT) {
		reason = fate_of(p);
		*marks |= reason >> 8;
		return reason & 0xff;
	}
	if (p->fragment == FIRST_FRAGMENT && is_copy(p))
		return DROP_FRAGMENT_ORPHAN;
	related = is_icmp(p) && is_icmp_error(p) ? is_related(skb, p) : -1;
	if (related >= 0)
		*marks |= related;
	reason = related >= 0 ? DROP_NOT : judge(skb, p, ends, marks);
	return p->fragment == FIRST_FRAGMENT ? remember_fragment(p, reason, *marks) : reason;
}

/* ND and MLD: DISCOVERY_FORWARD where it is neither. */
static __always_inline enum discovery discover(struct __sk_buff *skb, const struct packet *p,
					       __u32 slot, bool to_group, bool *is_listener)
{
	*is_listener = false;
	if (p->v4 || !is_icmp(p) || p->fragment == LATER_FRAGMENT)
		return DISCOVERY_FORWARD;
	if (p->icmp_type >= ROUTER_SOLICITATION && p->icmp_type <= REDIRECT)
		return neighbour(skb, p, slot, to_group);
	if (p->icmp_type == LISTENER_REPORT || p->icmp_type == LISTENER_DONE ||
	    p->icmp_type == LISTENER_REPORT_V2)
		*is_listener = true;
	return DISCOVERY_FORWARD;
}

static __always_inline int conclude(struct __sk_buff *skb, enum discovery what,
				    const struct slot *slot)
{
	switch (what) {
	case DISCOVERY_ANSWERED:
		return send_to(skb, slot->link);
	case DISCOVERY_NODE:
		return to_node(skb, slot);
	case DISCOVERY_WIRE:
		return to_wire(slot);
	case DISCOVERY_DROP_ARP:
		return drop(skb, DROP_SPOOFED_ARP);
	case DISCOVERY_DROP_ND:
		return drop(skb, DROP_SPOOFED_ND);
	case DISCOVERY_DROP_ADVERTISEMENT:
		return drop(skb, DROP_ADVERTISEMENT);
	default:
		return VERDICT_DROP;
	}
}

/* ARP to one neighbour: to who has that MAC. */
static __always_inline int forward_arp(struct __sk_buff *skb, const struct slot *slot)
{
	struct ethernet *frame = (void *)(long)skb->data;
	struct arp *message = (void *)(frame + 1);
	struct address target;
	struct slot *to;
	__u32 index;

	if ((void *)(message + 1) > (void *)(long)skb->data_end)
		return VERDICT_DROP;
	target = mapped(message->target);
	index = slot_at(&target, slot->network);
	if (!index && slot->wire && !is_gateway(&target, slot->network))
		return to_wire(slot);
	to = index && index != BROADCAST ? slot_of(index) : NULL;
	if (!to || to->network != slot->network || !same_mac(&to->mac, &frame->destination))
		return drop(skb, DROP_MISDIRECTED);
	return hand_over(skb, to->link);
}

/* Not static, as parse. */
__noinline int arp_from_endpoint(struct __sk_buff *skb, __u32 index)
{
	struct slot *slot = slot_of(index);
	enum discovery what;

	if (!slot)
		return VERDICT_DROP;
	what = arp(skb, slot);
	return what == DISCOVERY_FORWARD ? forward_arp(skb, slot) : conclude(skb, what, slot);
}

/* Neighbours find each other by discovery even where policy lets nothing else pass. */
static __always_inline bool is_between_neighbours(const struct packet *p)
{
	return !p->v4 && is_icmp(p) && p->icmp_type >= NEIGHBOUR_SOLICITATION &&
	       p->icmp_type <= NEIGHBOUR_ADVERTISEMENT && p->fragment != LATER_FRAGMENT;
}

/* From endpoint to endpoint: judges it, and sends it on its way. */
static __always_inline int pass(struct __sk_buff *skb, struct packet *p, struct ends *ends,
				bool is_routed, __u64 under)
{
	const struct slot *sender = &ends->ends[FROM], *receiver = &ends->ends[TO];
	__u32 marks = 0;
	int reason = DROP_NOT;

	p->origin = ends->slots[FROM];
	if (is_routed || !is_between_neighbours(p))
		reason = judge_whole(skb, p, ends, &marks);
	if (reason != DROP_NOT)
		return drop(skb, reason);
	if (marks & BY_NODE)
		return to_node(skb, sender);
	if (is_routed) {
		/* The node's stack says what is wrong with it, or cuts it; it knows the way too. */
		if (p->hop_limit <= 1 || is_longer(skb, receiver->mtu) ||
		    is_v6_link_local(&p->source) || is_v6_link_local(&p->destination))
			return to_node(skb, sender);
	}
	if (marks & ESTABLISHED)
		remember(skb, ends->key.link, under, receiver,
			 is_routed ? WAY_ROUTED : WAY_STRAIGHT);
	if (is_routed && !route(skb, p, &receiver->gateway_mac, &receiver->mac))
		return VERDICT_DROP;
	return hand_over(skb, receiver->link);
}

/*
 * What becomes of what came in there from an endpoint: finds out who sends to whom, and judges it. Not
 * static, as parse.
 */
__noinline int decide(struct __sk_buff *skb, __u32 link)
{
	__u64 under = configuration_now();
	__u32 sender, index, at, zero = 0, marks = 0;
	struct slot *slot, *receiver;
	bool to_gateway, to_group, is_listener = false;
	struct packet packet = {}, *p = &packet;
	struct ends_key key = {.link = link};
	const struct mac *destination = (const struct mac *)&key.macs;
	struct ethernet *frame;
	struct ends *ends;
	enum discovery what;
	int reason;
	__be16 type;

	if (!readable(skb, ETHERNET_BYTES))
		return VERDICT_DROP;
	frame = (void *)(long)skb->data;
	if ((void *)(frame + 1) > (void *)(long)skb->data_end)
		return VERDICT_DROP;
	key.macs = *(struct macs *)frame;
	type = frame->type;
	reason = skb->vlan_present ? DROP_ETHERTYPE : parse(skb, p, type, ETHERNET_BYTES);
	key.source = p->source;
	key.destination = p->destination;
	ends = ends_at(&key);
	if (!ends)
		return VERDICT_DROP;
	/* Who is to find neighbours and routers by is looked at each time. */
	if (reason == DROP_NOT && !is_icmp(p) && !is_advertisement(p) && are_known(ends, &key))
		return pass(skb, p, ends, is_for_gateway(destination, &ends->ends[FROM]), under);
	sender = sender_at(link);
	slot = slot_of(sender);
	if (!slot)
		return VERDICT_DROP;
	if (!same_mac((struct mac *)((void *)&key.macs + MAC_BYTES), &slot->mac))
		return drop(skb, DROP_SPOOFED_MAC);
	to_group = is_group(destination);
	if (!skb->vlan_present && type == bpf_htons(ETHERTYPE_ARP))
		return arp_from_endpoint(skb, sender);
	if (reason == DROP_ETHERTYPE || reason == DROP_SPOOFED_IP)
		return drop(skb, reason);
	what = reason == DROP_NOT ? discover(skb, p, sender, to_group, &is_listener)
				  : DISCOVERY_FORWARD;
	if (what != DISCOVERY_FORWARD)
		return conclude(skb, what, slot);
	/* A kernel tells of its groups before it has an address to tell it from (RFC 3590). */
	if (is_unspecified(&p->source) ? !is_listener : !is_own(&p->source, slot))
		return drop(skb, DROP_SPOOFED_IP);
	if (reason != DROP_NOT)
		return drop(skb, reason);
	if (is_advertisement(p))
		return drop(skb, DROP_ADVERTISEMENT);
	if (is_listener) {
		/* Policy does not judge it: it is to be no way for anything else. */
		bool right = p->hop_limit == 1 && *(__u8 *)&p->destination == 0xff &&
			     (bpf_ntohl(p->destination.words[0]) >> 16 & 15) == 2;

		if (!right)
			return drop(skb, DROP_MULTICAST);
		return slot->wire ? to_wire(slot) : to_node(skb, slot);
	}
	at = slot_at(&p->destination, slot->network);
	if (at == BROADCAST || is_multicast(&p->destination, p->v4))
		return drop(skb, DROP_MULTICAST);
	receiver = at ? slot_of(at) : NULL;
	to_gateway = is_for_gateway(destination, slot);
	if (!to_gateway && (!receiver || receiver->network != slot->network ||
			    !same_mac(destination, &receiver->mac))) {
		/* Whoever of the network is on this node has an address of which that is known. */
		if (!slot->wire || to_group || (receiver && receiver->network == slot->network) ||
		    is_gateway(&p->destination, slot->network))
			return drop(skb, to_group ? DROP_MULTICAST : DROP_MISDIRECTED);
		receiver = NULL;
	}
	/* Of several interfaces that of the address: what comes back comes to it, and a flow has one. */
	index = slot_at(&p->source, slot->network);
	if (receiver) {
		if (!set_end(ends, FROM, index, sender, slot) ||
		    !set_end(ends, TO, at, at, receiver))
			return drop(skb, DROP_POLICY);
		know(ends, &key, under);
		return pass(skb, p, ends, to_gateway, under);
	}
	ends = bpf_map_lookup_elem(&other_ends, &zero);
	if (!ends)
		return VERDICT_DROP;
	/* An endpoint that is reached by a router on the wire is judged when it comes from there. */
	if (!set_end(ends, FROM, index, sender, slot) ||
	    !set_end(ends, TO, NO_SLOT, NO_SLOT, NULL))
		return drop(skb, DROP_POLICY);
	slot = &ends->ends[FROM];
	p->origin = index;
	if (to_gateway && is_published(skb, p, slot->gateway_link))
		marks = TRANSLATED;
	if (to_gateway || !is_between_neighbours(p))
		reason = judge_whole(skb, p, ends, &marks);
	if (reason != DROP_NOT)
		return drop(skb, reason);
	/* To the wire, but for answers to who came by a published port. */
	if (to_gateway || (marks & BY_NODE && slot->gateway_link))
		return to_node(skb, slot);
	if (marks & ESTABLISHED)
		remember(skb, key.link, under, slot, WAY_WIRE);
	return to_wire(slot);
}

/* What becomes of what an endpoint sends, at the link by which frames get to it. */
static __always_inline int decide_from_endpoint(struct __sk_buff *skb)
{
	__u32 link = skb->ifindex;
	int verdict = forward_known(skb, link);

	return verdict >= 0 ? verdict : decide(skb, link);
}

/* What becomes of what the node sends, or forwards, to endpoints. */
static __always_inline int decide_from_node(struct __sk_buff *skb)
{
	__u32 link = skb->ifindex, *index = bpf_map_lookup_elem(&gateway_links, &link), at;
	struct packet packet = {}, *p = &packet;
	__u32 from, zero = 0, marks = BY_NODE;
	struct slot *receiver;
	bool is_routed, is_own;
	struct ethernet *frame;
	struct ends *ends;
	int reason;
	__be16 type;

	if (!index || !readable(skb, ETHERNET_BYTES))
		return VERDICT_DROP;
	frame = (void *)(long)skb->data;
	if ((void *)(frame + 1) > (void *)(long)skb->data_end)
		return VERDICT_DROP;
	type = frame->type;
	if (skb->vlan_present)
		return drop(skb, DROP_ETHERTYPE);
	/* Endpoints are known to the node, and groups are for nobody. */
	if (type == bpf_htons(ETHERTYPE_ARP) || is_group(&frame->destination))
		return VERDICT_DROP;
	reason = parse(skb, p, type, ETHERNET_BYTES);
	if (reason != DROP_NOT)
		return drop(skb, reason);
	at = slot_at(&p->destination, *index);
	receiver = at && at != BROADCAST ? slot_of(at) : NULL;
	if (!receiver || receiver->network != *index)
		return drop(skb, DROP_MISDIRECTED);
	from = slot_at(&p->source, *index);
	if (from == BROADCAST)
		return drop(skb, DROP_MULTICAST);
	is_routed = is_routed_here(skb);
	is_own = has_own_socket(skb, p, is_routed);
	/*
	 * Somebody may put a device of his own on this one. (A frame of BPF_PROG_TEST_RUN has no route; who
	 * lends it the secret may have it judged.)
	 */
	if (!is_routed && !is_own && !is_passed(skb))
		return drop(skb, DROP_MISDIRECTED);
	/*
	 * What has a socket the node itself began. What came in by a device and bears a gateway's address
	 * is an endpoint's own, on the way to itself by a published port (POLICY rule 8).
	 */
	if (is_own || (skb->ingress_ifindex && is_gateway(&p->source, *index)))
		marks |= EXEMPT;
	ends = bpf_map_lookup_elem(&other_ends, &zero);
	if (!ends)
		return VERDICT_DROP;
	if (!set_end(ends, FROM, from, from, slot_of(from)) ||
	    !set_end(ends, TO, at, at, receiver))
		return drop(skb, DROP_POLICY);
	receiver = &ends->ends[TO];
	reason = judge_whole(skb, p, ends, &marks);
	if (reason != DROP_NOT)
		return drop(skb, reason);
	/* To who it was judged for: the node may have another's MAC for the address. */
	bpf_skb_store_bytes(skb, 0, &receiver->mac, MAC_BYTES, 0);
	return send_to(skb, receiver->link);
}
