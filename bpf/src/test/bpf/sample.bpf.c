// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
// A program of each sort that Sluice loads, for the tests of the Java side.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

// Bytes of different sizes, so that a wrong offset shows.
volatile const __u8 cfg_verdict = 0;
volatile const __u16 cfg_short = 1;
volatile const __u32 cfg_mark = 2;
volatile const __u64 cfg_long = 3;
volatile const bool cfg_count = true;

struct prefix {
  __u32 length;
  __u8 address[4];
};

struct slot {
  __u32 ifindex;
  __u32 flags;
};

struct {
  __uint(type, BPF_MAP_TYPE_LPM_TRIE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __uint(max_entries, 64);
  __type(key, struct prefix);
  __type(value, __u32);
} identities SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, struct slot);
} slots SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 4);
  __type(key, __u32);
  __type(value, __u32);
} generations SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
  __uint(max_entries, 64);
  __type(key, __u32);
  __type(value, __u64);
} counters SEC(".maps");

// Live state: no topology says what is in it.
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, __u64);
} seen SEC(".maps");

static __always_inline void count(void *map, __u32 key) {
  __u64 *value = bpf_map_lookup_elem(map, &key);
  if (value)
    *value += 1;
}

SEC("tc")
int pass(struct __sk_buff *skb) {
  count(&seen, 0);
  if (cfg_count)
    count(&counters, 7);
  skb->mark = cfg_mark + cfg_short + (__u32)cfg_long;
  __u32 key = 1;
  struct slot *slot = bpf_map_lookup_elem(&slots, &key);
  if (slot)
    skb->priority = slot->flags;
  __u32 first = 0;
  __u32 *generation = bpf_map_lookup_elem(&generations, &first);
  if (generation)
    skb->cb[3] = *generation;
  struct prefix prefix = {.length = 32, .address = {10, 0, 1, 2}};
  __u32 *identity = bpf_map_lookup_elem(&identities, &prefix);
  if (identity)
    skb->cb[1] = *identity;
  return cfg_verdict == 0 ? TC_ACT_OK : TC_ACT_SHOT;
}

SEC("xdp")
int deny(struct xdp_md *ctx) {
  count(&seen, 0);
  return cfg_verdict == 0 ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
