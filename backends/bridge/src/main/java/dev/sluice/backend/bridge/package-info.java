/**
 * The bridge datapath: one bridge a network, one veth pair an interface, routed between networks by
 * the node.
 */
package dev.sluice.backend.bridge;
