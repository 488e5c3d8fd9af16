/**
 * BPF programs, maps and attachments as kernel objects: data, that a render may make. Nothing here
 * talks to the kernel (that is {@link dev.sluice.bpf.kind}).
 */
package dev.sluice.bpf.kernel;
