/**
 * The measuring half of {@code compare}: candidates that are up already are measured side by side,
 * and the figures judged. Nothing here creates a link, a namespace or a topology, and nothing
 * prints.
 */
package dev.sluice.bench;
