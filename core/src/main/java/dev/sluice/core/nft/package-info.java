/**
 * nftables: tables as kernel objects to nft's language and back, the ruleset's generation. What is
 * in a table is for those who render it; libnftables itself is met in {@code core.sys}.
 */
package dev.sluice.core.nft;
