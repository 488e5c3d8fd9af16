/**
 * What is done with figures: the order they are taken in, medians, intervals, verdicts. Pure
 * functions of their arguments; whatever is random takes a seed. No I/O, no clock, no threads.
 */
package dev.sluice.bench.stats;
