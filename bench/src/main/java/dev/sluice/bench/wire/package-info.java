/**
 * A comparison between two hosts that one wire joins, apart from its rounds: what either end brings
 * up ({@link dev.sluice.bench.wire.EndSpec}, {@link dev.sluice.bench.wire.WireEnd}), and how this
 * end has the other do so ({@link dev.sluice.bench.wire.FarEnd}, {@link
 * dev.sluice.bench.wire.Peer}). What comes over the network is bounded and checked here, and
 * nowhere else.
 */
package dev.sluice.bench.wire;
