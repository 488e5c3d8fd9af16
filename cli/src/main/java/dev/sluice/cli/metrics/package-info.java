/**
 * Meters of a running command, served to Prometheus. Loaded only by a command that was told to
 * serve them.
 */
package dev.sluice.cli.metrics;
