package dev.sluice.core.check;

/** A probe and whether it must pass; if not, nothing of it may arrive. */
public record Expectation(Probe probe, boolean passes) {}
