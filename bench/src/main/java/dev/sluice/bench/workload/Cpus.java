package dev.sluice.bench.workload;

/** Which CPU each end of a connection runs on, counted from 0. */
public record Cpus(int client, int server) {}
