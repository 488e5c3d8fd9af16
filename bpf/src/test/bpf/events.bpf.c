// SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause
// Tells of each packet by a ring, as long as there is room in it; for the tests of the Java side.
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

struct event {
  __u64 number;
  __u32 length;
  __u32 mark;
};

struct {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 4096);
} events SEC(".maps");

// By 0 how many were told of, by 1 how many found no room.
struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 2);
  __type(key, __u32);
  __type(value, __u64);
} counts SEC(".maps");

static __always_inline __u64 count(__u32 key) {
  __u64 *value = bpf_map_lookup_elem(&counts, &key);
  return value ? (*value)++ : 0;
}

SEC("tc")
int tell(struct __sk_buff *skb) {
  struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
  if (!event) {
    count(1);
    return TC_ACT_OK;
  }
  event->number = count(0);
  event->length = skb->len;
  event->mark = skb->mark;
  bpf_ringbuf_submit(event, 0);
  return TC_ACT_OK;
}

char _license[] SEC("license") = "Dual BSD/GPL";
