#!/bin/bash
# The baseline of target 8: what create.sh made, taken down by iproute2 at its best: all links of the node by one group
# deletion, the namespaces in one batch, then a wait until the last device is gone.
set -eu
count=$1 networks=$2 dir=$3
if [ "${4:-}" = prepare ]; then
  seq -f 'netns del b%g' 1 "$count" >"$dir/unnames"
  {
    for ((n = 0; n < networks; n++)); do echo "link set br$n group 77"; done
    seq -f 'link set v%g group 77' 1 "$count"
    echo "link del group 77"
  } >"$dir/unlinks"
  exit
fi
ip -batch "$dir/unlinks"
ip -batch "$dir/unnames"
