package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelState;
import java.nio.file.Path;

/**
 * Where a kind reads on its own.
 *
 * @param here the snapshot of the node
 * @param pins the node's directory of BPF pins, which may not be there
 * @param desired what is wanted: what is not need not be looked at closely
 */
public record Site(NetnsSnapshot here, Path pins, KernelState desired) {}
