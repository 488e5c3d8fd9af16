// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
// Somebody else's at a device: counts what it sees, and lets it go on.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __type(key, __u32);
  __type(value, __u64);
  __uint(max_entries, 1);
} seen SEC(".maps");

SEC("tc")
int watch(struct __sk_buff *skb) {
  __u32 zero = 0;
  __u64 *count = bpf_map_lookup_elem(&seen, &zero);

  if (count)
    __sync_fetch_and_add(count, 1);
  return TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "Dual BSD/GPL";
