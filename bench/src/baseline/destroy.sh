#!/bin/bash
# The baseline of target 8: what create.sh made, taken down by iproute2 at its best: all links of the node by deleting
# the group that they were born in, then the names of the namespaces in one batch. The kernel deletes the links, and with
# them their peers inside the namespaces, before the first command ends; it frees the namespaces later, on its own.
set -eu
count=$1 dir=$3
if [ "${4:-}" = prepare ]; then
  seq -f 'netns del b%g' 1 "$count" >"$dir/unnames"
  exit
fi
ip link del group 77
ip -batch "$dir/unnames"
