package dev.sluice.core.reconcile.kind;

import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.NetnsRef;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Where a kind reads on its own.
 *
 * @param here the snapshot of the node
 * @param pins the node's directory of BPF pins, which may not be there
 * @param desired what is wanted: what is not need not be looked at closely
 * @param cookies the number of a namespace (socket(7), SO_NETNS_COOKIE), where it is there
 */
public record Site(
    NetnsSnapshot here, Path pins, KernelState desired, Function<NetnsRef, OptionalLong> cookies) {}
