/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * What becomes of what comes in from a wire by the node's device there. That stays the node's: what is
 * for no endpoint goes on as if there were no program.
 */
#pragma once

#include "decide.h"

/* Whether an address that comes from the wire is claimed falsely: it is of somebody on this node. */
static __always_inline bool is_ours(const struct address *address, __u32 network)
{
	/* On the stack, as in is_gateway. */
	struct address key = *address;
	__u32 index = slot_at(address, network);
	struct slot *slot;

	if (index == BROADCAST || bpf_map_lookup_elem(&gateways, &key))
		return true;
	slot = index ? slot_of(index) : NULL;
	/* Those of another network may come round by a router. */
	return slot && (slot->network == network || !slot->wire);
}

/* The endpoint's slot that has the address in the network of the wire, or NULL. */
static __always_inline struct slot *receiver_at(const struct address *address, __u32 network)
{
	__u32 index = slot_at(address, network);
	struct slot *slot = index && index != BROADCAST ? slot_of(index) : NULL;

	return slot && slot->network == network ? slot : NULL;
}

/* Questions for an endpoint, and answers to it. Not static, as parse. */
__noinline int arp_from_wire(struct __sk_buff *skb, __u32 network)
{
	struct address sender, target;
	struct slot *receiver;
	struct ethernet *frame;
	struct arp *message;

	if (!readable(skb, ETHERNET_BYTES + sizeof(*message)))
		return VERDICT_NEXT;
	frame = (void *)(long)skb->data;
	message = (void *)(frame + 1);
	if ((void *)(message + 1) > (void *)(long)skb->data_end ||
	    message->hardware != bpf_htons(1) || message->protocol != bpf_htons(ETHERTYPE_IPV4) ||
	    message->hardware_bytes != MAC_BYTES || message->protocol_bytes != 4)
		return VERDICT_NEXT;
	sender = mapped(message->sender);
	target = mapped(message->target);
	receiver = receiver_at(&target, network);
	if (!receiver || !(is_group(&frame->destination) ||
			   same_mac(&frame->destination, &receiver->mac)))
		return VERDICT_NEXT;
	/* What somebody claims to be his own does not concern its owner alone. */
	if (is_ours(&sender, network))
		return is_group(&frame->destination) ? VERDICT_NEXT : drop(skb, DROP_SPOOFED_ARP);
	/* By its own MAC, though all were asked. */
	bpf_skb_store_bytes(skb, 0, &receiver->mac, MAC_BYTES, 0);
	return hand_over(skb, receiver->link);
}

/* ND of the wire: DROP_NOT, or what is wrong with it (RFC 4861, section 7.1; RFC 6980). */
static __always_inline int discovery_fault(struct __sk_buff *skb, const struct packet *p,
					   const struct slot *receiver)
{
	struct neighbour_message message = {};
	struct slot *owner;

	if (p->icmp_type == REDIRECT)
		return DROP_ADVERTISEMENT;
	if (p->hop_limit != 255 || p->extended || p->fragment != WHOLE ||
	    p->icmp_type == ROUTER_SOLICITATION)
		return DROP_SPOOFED_ND;
	if (p->icmp_type == ROUTER_ADVERTISEMENT)
		return DROP_NOT;
	if (p->payload < NEIGHBOUR_BYTES ||
	    bpf_skb_load_bytes(skb, p->transport, &message, NEIGHBOUR_BYTES))
		return DROP_SPOOFED_ND;
	if (p->icmp_type == NEIGHBOUR_ADVERTISEMENT)
		return is_ours(&message.target, receiver->network) ? DROP_SPOOFED_ND : DROP_NOT;
	/* What it has on another network it has not here. */
	owner = receiver_at(&message.target, receiver->network);
	return owner && owner->endpoint == receiver->endpoint ? DROP_NOT : DROP_SPOOFED_ND;
}

static __always_inline bool is_discovery(const struct packet *p)
{
	return !p->v4 && is_icmp(p) && p->fragment != LATER_FRAGMENT &&
	       p->icmp_type >= ROUTER_SOLICITATION && p->icmp_type <= REDIRECT;
}

/*
 * A solicitation goes to the endpoint that it asks for; nothing else that is for many does. It keeps the
 * MAC of its group: what has the MAC of a host ipvlan hands on by the IP destination, which is the group's.
 */
static __always_inline int group_from_wire(struct __sk_buff *skb, const struct packet *p,
					   __u32 network)
{
	struct address target;
	struct slot *receiver;

	if (!is_discovery(p) || p->icmp_type != NEIGHBOUR_SOLICITATION ||
	    bpf_skb_load_bytes(skb, p->transport + 8, &target, sizeof(target)))
		return VERDICT_NEXT;
	receiver = receiver_at(&target, network);
	if (!receiver || discovery_fault(skb, p, receiver) != DROP_NOT ||
	    is_multicast(&p->source, p->v4) ||
	    (!is_unspecified(&p->source) && is_ours(&p->source, network)))
		return VERDICT_NEXT;
	return hand_over(skb, receiver->link);
}

/* Not static, as parse. */
__noinline int judge_from_wire(struct __sk_buff *skb, __u32 network)
{
	__u64 under = configuration_now();
	struct packet packet = {}, *p = &packet;
	__u32 from, at, zero = 0, marks = 0;
	struct mac destination;
	struct slot *receiver;
	struct ethernet *frame;
	struct ends *ends;
	int reason;
	__be16 type;

	/* What has a tag is for a device of the node's own. */
	if (skb->vlan_present || !readable(skb, ETHERNET_BYTES))
		return VERDICT_NEXT;
	frame = (void *)(long)skb->data;
	if ((void *)(frame + 1) > (void *)(long)skb->data_end)
		return VERDICT_NEXT;
	destination = frame->destination;
	type = frame->type;
	if (type == bpf_htons(ETHERTYPE_ARP))
		return arp_from_wire(skb, network);
	reason = parse(skb, p, type, ETHERNET_BYTES);
	if (is_group(&destination))
		return reason == DROP_NOT ? group_from_wire(skb, p, network) : VERDICT_NEXT;
	receiver = receiver_at(&p->destination, network);
	if (!receiver || !same_mac(&destination, &receiver->mac))
		return VERDICT_NEXT;
	if (reason != DROP_NOT)
		return drop(skb, reason);
	if (is_unspecified(&p->source) || (p->v4 && !p->source.words[3]) ||
	    is_multicast(&p->source, p->v4) || is_ours(&p->source, network))
		return drop(skb, DROP_SPOOFED_IP);
	if (is_discovery(p)) {
		reason = discovery_fault(skb, p, receiver);
		return reason == DROP_NOT ? hand_over(skb, receiver->link) : drop(skb, reason);
	}
	ends = bpf_map_lookup_elem(&other_ends, &zero);
	if (!ends)
		return VERDICT_DROP;
	at = slot_at(&p->destination, network);
	from = slot_at(&p->source, network);
	if (!set_end(ends, FROM, from, from, slot_of(from)) ||
	    !set_end(ends, TO, at, at, receiver))
		return drop(skb, DROP_POLICY);
	receiver = &ends->ends[TO];
	/* What an endpoint sends to itself comes by no wire, and policy would not be asked. */
	if (ends->ends[FROM].endpoint == receiver->endpoint)
		return drop(skb, DROP_SPOOFED_IP);
	p->origin = from ? from : BROADCAST;
	reason = judge_whole(skb, p, ends, &marks);
	if (reason != DROP_NOT)
		return drop(skb, reason);
	if (marks & ESTABLISHED)
		remember(skb, skb->ifindex, under, receiver, WAY_STRAIGHT);
	return hand_over(skb, receiver->link);
}

static __always_inline int decide_from_wire(struct __sk_buff *skb)
{
	__u32 link = skb->ifindex, *network = bpf_map_lookup_elem(&wires, &link);
	int verdict;

	if (!network)
		return VERDICT_NEXT;
	verdict = forward_known(skb, link);
	return verdict >= 0 ? verdict : judge_from_wire(skb, *network);
}
