/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Who sent it, a socket or a stack, and of which namespace: of the kernel's own structures no more than leads
 * there, and where a field is the running kernel says (CO-RE). bpf_get_netns_cookie would tell it for a frame
 * since Linux 6.15 only.
 */
#pragma once

#include "parse.h"

#include <bpf/bpf_core_read.h>

#define KERNELS __attribute__((preserve_access_index))

struct net;

typedef struct {
	struct net *net;
} KERNELS possible_net_t;

struct sock_common {
	possible_net_t skc_net;
} KERNELS;

struct sock {
	struct sock_common __sk_common;
} KERNELS;

struct net_device {
	possible_net_t nd_net;
} KERNELS;

struct dst_entry {
	struct net_device *dev;
} KERNELS;

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned long _skb_refdst;
	__u16 inner_network_header;
	__u16 network_header;
} KERNELS;

#define AF_PACKET 17
#define SOCK_DGRAM 2
/* Of a raw socket that writes headers of its own (raw(7)): IPPROTO_RAW. */
#define PROTOCOL_RAW 255

/* linux/skbuff.h, SKB_DST_NOREF. */
#define BORROWED 1UL

/*
 * Whether that socket may have sent it. One without a type is that of a tun device, whose packets are of
 * who is behind it, or the one that BPF_PROG_TEST_RUN lends a frame. One that is not full is of a
 * connection that is being opened or has been closed. Ports are compared of UDP alone, which most tunnels
 * are of: whoever translates addresses may have changed them.
 */
static __always_inline bool may_be_of(const struct packet *p, struct bpf_sock *socket)
{
	struct bpf_sock *full = bpf_sk_fullsock(socket);

	if (!full)
		return p->protocol == PROTOCOL_TCP;
	if (full->family == AF_PACKET || (full->type && full->protocol == PROTOCOL_RAW))
		return true;
	if (!full->type || full->protocol != p->protocol)
		return false;
	return p->protocol != PROTOCOL_UDP || !p->has_ports || full->type != SOCK_DGRAM ||
	       full->src_port == bpf_ntohs(p->source_port);
}

/*
 * Whether a socket of the namespace that the device is in sent it. What the node sends an endpoint bears
 * the node's socket, and one that has it carried by a tunnel of the node, or redirects it, leaves that
 * there: so nothing that a tunnel has put a header before, or that has come in by a device, is taken for
 * the node's own, nor what the socket would not send, or not this way.
 */
static __always_inline bool has_own_socket(struct __sk_buff *skb, const struct packet *p,
					   bool is_routed)
{
	struct bpf_sock *socket = skb->sk;
	const struct sk_buff *kernels = (const void *)skb;
	const struct net *net;

	if (!socket || skb->ingress_ifindex || !may_be_of(p, socket) ||
	    (!is_routed && socket->family != AF_PACKET) ||
	    BPF_CORE_READ(kernels, inner_network_header) > BPF_CORE_READ(kernels, network_header))
		return false;
	net = BPF_CORE_READ(kernels, sk, __sk_common.skc_net.net);
	return net && net == BPF_CORE_READ(kernels, dev, nd_net.net);
}

/*
 * Whether the IP stack of the device's namespace sent it there, as its routes say: then they lead to this
 * device. What a device on top of this one sends has none, or that of the namespace that one is in.
 */
static __always_inline bool is_routed_here(struct __sk_buff *skb)
{
	const struct sk_buff *kernels = (const void *)skb;
	const struct dst_entry *route =
		(const void *)(BPF_CORE_READ(kernels, _skb_refdst) & ~BORROWED);

	return route && BPF_CORE_READ(route, dev) == BPF_CORE_READ(kernels, dev);
}
