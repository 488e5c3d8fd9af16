/**
 * BPF under the reconciler: the compiled objects, and the module that makes their kinds known. The
 * C sources are in {@code src/main/bpf}.
 */
package dev.sluice.bpf;
