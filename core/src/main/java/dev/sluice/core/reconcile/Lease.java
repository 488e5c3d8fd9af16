package dev.sluice.core.reconcile;

import dev.sluice.core.kernel.KernelObject;

/**
 * A value that was there before us: what it was, and what we made it. It is put back only while it
 * is still ours.
 */
public record Lease(KernelObject old, KernelObject ours) {}
