/**
 * The boundary to libbpf and the kernel's bpf(2): objects opened, set and loaded; programs, maps
 * and links by their pins; runs of a program on a packet of ours. JNA is seen in this package and
 * in no other of this module; callers meet Java types, {@link dev.sluice.bpf.lib.BpfException} and
 * {@link dev.sluice.bpf.lib.BpfLoadException}.
 *
 * <p>Nothing here knows what a topology is, or what a map means.
 */
package dev.sluice.bpf.lib;
