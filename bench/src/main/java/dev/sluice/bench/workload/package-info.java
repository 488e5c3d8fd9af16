/**
 * The built-in traffic generator: pinned threads, and the workloads that run on them for one slice
 * at a time, between sockets opened inside namespaces. Counts are the generator's own, never an
 * interface's. Nothing here knows rounds, ratios or reports.
 */
package dev.sluice.bench.workload;
