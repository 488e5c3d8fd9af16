/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Whose socket sent it: of the kernel's own structures no more than leads there, and where a field is the
 * running kernel says (CO-RE). bpf_get_netns_cookie would tell it for a frame since Linux 6.15 only.
 */
#pragma once

#include "base.h"

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

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	__u8 encapsulation : 1;
} KERNELS;

/*
 * Whether a socket of the namespace that the device is in sent it. A tunnel's packet keeps the socket of who
 * sent what it carries, in whatever namespace that is; and what the node sent an endpoint, and that redirects,
 * keeps the node's: so nothing that has been encapsulated, or has come in by a device, is taken for the node's
 * own. A socket without a type is that of a tun device, whose packets are of who is behind it, or the one that
 * BPF_PROG_TEST_RUN lends a frame. One that is not full is of a connection that is being opened or has been
 * closed.
 */
static __always_inline bool has_own_socket(struct __sk_buff *skb)
{
	struct bpf_sock *socket = skb->sk, *full = socket ? bpf_sk_fullsock(socket) : NULL;
	const struct sk_buff *kernels = (const void *)skb;
	const struct net *net;

	if (!socket || (full && !full->type) || skb->ingress_ifindex ||
	    BPF_CORE_READ_BITFIELD_PROBED(kernels, encapsulation))
		return false;
	net = BPF_CORE_READ(kernels, sk, __sk_common.skc_net.net);
	return net && net == BPF_CORE_READ(kernels, dev, nd_net.net);
}
