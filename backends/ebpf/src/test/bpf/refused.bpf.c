// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
// Reads past what it has checked: the verifier refuses it.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tc")
int unchecked(struct __sk_buff *skb) {
  void *data = (void *)(long)skb->data;
  return *(int *)(data + 14);
}

char _license[] SEC("license") = "Dual BSD/GPL";
