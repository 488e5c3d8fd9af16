package dev.sluice.bench.report;

import java.util.Optional;

/**
 * The machine that figures come from: without it no figure can be compared with another's.
 *
 * @param started when the comparison began, UTC, as ISO 8601 has it
 * @param kernel release, as {@code uname -r}
 * @param cpuModel as /proc/cpuinfo names it
 * @param cpus online
 * @param governor of CPU 0, where frequency is the kernel's to choose
 * @param mitigations the {@code mitigations=} of the kernel's command line, where given
 * @param bridgeNfCall whether a bridge in a fresh namespace hands IPv4 to iptables; empty where
 *     br_netfilter is not loaded, so that none does
 * @param java version and VM
 * @param loadAverage over the minute before the start
 * @param stealShare of all CPU time during the comparison: what the hypervisor gave to others
 */
public record Environment(
    String started,
    String kernel,
    String cpuModel,
    int cpus,
    Optional<String> governor,
    Optional<String> mitigations,
    Optional<Boolean> bridgeNfCall,
    String java,
    double loadAverage,
    double stealShare) {}
