/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The eBPF datapath's program and pieces of it, to be run again and again by BPF_PROG_TEST_RUN on the
 * maps of a running topology. Each makes the frame anew, which a repeated run meets as the one before
 * left it; cost_harness does only that.
 */
#include "endpoint.bpf.c"

/* What differs from run to run: ports of UDP over IPv4, so many in turn. */
volatile const __u32 first_port, port_count = 1, first_destination, destination_count = 1;
volatile const __u64 destination_mac, source_mac;

__u32 turn;

/* An asker that no flow has. */
#define NOBODY 3

/* For all that the compiler knows, it is read. */
static __always_inline void keep(void *what)
{
	asm volatile("" : : "r"(what) : "memory");
}

static __always_inline bool renew(struct __sk_buff *skb)
{
	struct ethernet *frame = (void *)(long)skb->data;
	struct ipv4 *ip = (void *)(frame + 1);
	__be16 *port = (void *)(ip + 1);
	__u64 to = destination_mac, from = source_mac;

	if ((void *)(port + 4) > (void *)(long)skb->data_end)
		return false;
	__builtin_memcpy(&frame->destination, &to, MAC_BYTES);
	__builtin_memcpy(&frame->source, &from, MAC_BYTES);
	ip->ttl = 64;
	port[0] = bpf_htons(first_port + turn);
	port[1] = bpf_htons(first_destination + turn % destination_count);
	turn = turn + 1 >= port_count ? 0 : turn + 1;
	return true;
}

SEC("tc")
int cost_harness(struct __sk_buff *skb)
{
	return renew(skb) ? bpf_redirect_peer(skb->ifindex, 0) : VERDICT_DROP;
}

SEC("tc")
int cost_whole(struct __sk_buff *skb)
{
	return renew(skb) ? from_endpoint(skb) : VERDICT_DROP;
}

/* Only what an established flow needs. */
SEC("tc")
int cost_known(struct __sk_buff *skb)
{
	return renew(skb) ? forward_known(skb, skb->ifindex) : VERDICT_DROP;
}

/* As where the cache does not know the way. */
SEC("tc")
int cost_uncached(struct __sk_buff *skb)
{
	return renew(skb) ? decide(skb, skb->ifindex) : VERDICT_DROP;
}

SEC("tc")
int cost_tuple(struct __sk_buff *skb)
{
	struct tuple tuple = {};

	if (!renew(skb) || !read_tuple(skb, skb->ifindex, &tuple))
		return VERDICT_DROP;
	keep(&tuple);
	return 0;
}

SEC("tc")
int cost_parse(struct __sk_buff *skb)
{
	struct packet packet = {};

	if (!renew(skb) ||
	    parse(skb, &packet, bpf_htons(ETHERTYPE_IPV4), ETHERNET_BYTES) != DROP_NOT)
		return VERDICT_DROP;
	return 0;
}

/* Who sends to whom, as where nobody remembers it. */
static __always_inline struct ends *prepare(struct __sk_buff *skb, struct packet *p)
{
	__u32 link = skb->ifindex, *index = bpf_map_lookup_elem(&links, &link), to, zero = 0;
	struct slot *slot = index ? slot_of(*index) : NULL;
	struct ends *ends = bpf_map_lookup_elem(&other_ends, &zero);

	if (!index || !slot || !ends || !renew(skb) ||
	    parse(skb, p, bpf_htons(ETHERTYPE_IPV4), ETHERNET_BYTES) != DROP_NOT ||
	    !is_own(&p->source, slot))
		return NULL;
	to = slot_at(&p->destination, slot->network);
	set_end(ends, FROM, *index, *index, slot);
	set_end(ends, TO, to, to, slot_of(to));
	return ends;
}

/* cost_parse, and whose it is. */
SEC("tc")
int cost_ends(struct __sk_buff *skb)
{
	struct packet packet = {};

	return prepare(skb, &packet) ? 0 : VERDICT_DROP;
}

/* cost_parse, and the look for a flow that vouches for it. */
SEC("tc")
int cost_flow(struct __sk_buff *skb)
{
	struct packet packet = {};
	struct flow_key key = {};
	struct flow opening;

	if (!renew(skb) ||
	    parse(skb, &packet, bpf_htons(ETHERTYPE_IPV4), ETHERNET_BYTES) != DROP_NOT)
		return VERDICT_DROP;
	key_of(&packet, &key);
	key.asker = NOBODY;
	return bpf_map_lookup_elem(&established, &key) || find_opening(&key, &opening);
}

/* cost_ends, and what policy says, in both directions. */
SEC("tc")
int cost_policy(struct __sk_buff *skb)
{
	struct packet packet = {};
	struct ends *ends = prepare(skb, &packet);

	return ends && is_allowed(skb, &packet, ends, 0, false) ? 0 : VERDICT_DROP;
}

/* cost_parse, and a flow that begins. */
SEC("tc")
int cost_begin(struct __sk_buff *skb)
{
	struct packet packet = {};
	struct flow_key key = {};
	struct flow flow = {};
	__u32 sender;

	if (!renew(skb) ||
	    parse(skb, &packet, bpf_htons(ETHERTYPE_IPV4), ETHERNET_BYTES) != DROP_NOT)
		return VERDICT_DROP;
	sender = key_of(&packet, &key);
	key.asker = NOBODY;
	begin_flow(&packet, &key, sender, &flow, false);
	return 0;
}
