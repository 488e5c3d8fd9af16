package dev.sluice.core.datapath;

import dev.sluice.core.kernel.KernelFeatures;

/** What a node is, as plain data, so that a render can choose by it. */
public record NodeFacts(String machineId, KernelFeatures features) {}
