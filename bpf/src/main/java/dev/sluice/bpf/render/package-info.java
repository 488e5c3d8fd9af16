/**
 * What the programs of {@code bpf/src/main/bpf} are told of a topology, and have counted, on every
 * datapath that filters with them. Pure, but for {@link dev.sluice.bpf.render.ProgramCounters}.
 */
package dev.sluice.bpf.render;
