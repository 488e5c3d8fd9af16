/**
 * The {@code compare} command without its words: {@link dev.sluice.bench.CompareRun} brings every
 * datapath and control up in a throwaway node of its own, {@link dev.sluice.bench.Comparison}
 * measures what is up side by side, and the figures are judged. Nothing here touches the host's own
 * network, and nothing prints.
 */
package dev.sluice.bench;
