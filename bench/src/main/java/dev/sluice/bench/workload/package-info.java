/**
 * The built-in traffic generator: connections opened inside namespaces, pinned threads, and the
 * workloads that run on them for one slice at a time. Counts are the generator's own, never an
 * interface's. Nothing here knows rounds, ratios or reports.
 */
package dev.sluice.bench.workload;
