#!/bin/bash
# A topology of COUNT endpoints on NETWORKS networks, IPv4 only, as create.sh makes it by hand.
set -eu
count=$1 networks=$2
cat <<HEAD
apiVersion: sluice.dev/v1alpha1
kind: Topology
metadata: {name: many}
spec:
  networks:
HEAD
for ((n = 0; n < networks; n++)); do echo "    - {name: n$n, subnets: [10.$n.0.0/16]}"; done
echo "  endpoints:"
for ((i = 1; i <= count; i++)); do
  n=$(((i - 1) % networks)) host=$(((i - 1) / networks + 2))
  echo "    - {name: e$i, netns: b$i, interfaces: [{network: n$n, name: eth0, addresses: [10.$n.$((host / 256)).$((host % 256))]}]}"
done
