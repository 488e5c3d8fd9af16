/**
 * Micrometer binders, one for each subject. All meters begin with {@code sluice.}, have a
 * description and a base unit, and tags of few values only: never an address or the name of an
 * endpoint. Nothing here decides anything; {@code docs/metrics.md} lists the meters.
 */
package dev.sluice.core.metrics;
