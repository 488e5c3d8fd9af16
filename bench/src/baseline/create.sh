#!/bin/bash
# The baseline of target 7: COUNT endpoints on NETWORKS bridges by iproute2 at its best, which is in batches:
# one for the namespaces, one for the links, and one inside each namespace, two of those at a time. All links of the
# node are born in one group, which costs nothing and lets destroy.sh delete them at once.
# Runs inside namespaces of its own: see bench/bin/endpoints.
set -eu
count=$1 networks=$2 dir=$3

names() { seq -f 'netns add b%g' 1 "$count"; }

links() {
  local i n
  for ((n = 0; n < networks; n++)); do
    echo "link add br$n group 77 mtu 1500 type bridge"
    echo "addr add 10.$n.0.1/16 dev br$n"
    echo "link set br$n up"
  done
  for ((i = 1; i <= count; i++)); do
    echo "link add v$i group 77 mtu 1500 master br$(((i - 1) % networks)) type veth peer name eth0 netns b$i"
    echo "link set v$i up"
  done
}

inside() { # number of the endpoint
  local n=$((($1 - 1) % networks)) host=$((($1 - 1) / networks + 2))
  echo "link set lo up"
  echo "addr add 10.$n.$((host / 256)).$((host % 256))/16 dev eth0"
  echo "link set eth0 up"
  echo "route add default via 10.$n.0.1"
}

# Only iproute2's own time counts: the batch files are written before.
if [ "${4:-}" = prepare ]; then
  names >"$dir/names"
  links >"$dir/links"
  for ((i = 1; i <= count; i++)); do inside "$i" >"$dir/in.b$i"; done
  exit
fi
ip -batch "$dir/names"
ip -batch "$dir/links"
seq -f 'b%g' 1 "$count" | xargs -P 2 -I{} ip -n {} -batch "$dir/in.{}"
