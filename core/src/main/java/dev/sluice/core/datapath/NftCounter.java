package dev.sluice.core.datapath;

/** Names a named counter of nftables in the node. */
public record NftCounter(String family, String table, String name) {}
