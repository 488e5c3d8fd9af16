/**
 * The eBPF datapath: what endpoints send is decided on and forwarded by programs at their pairs of
 * links. Renders kernel objects; everything that touches the kernel is in core and bpf.
 */
package dev.sluice.backend.ebpf;
