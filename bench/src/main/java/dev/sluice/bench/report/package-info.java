/**
 * The outcome of a comparison as data, as {@code results.json} and as a text table. Nothing here
 * measures, and only {@link dev.sluice.bench.report.ResultsJson} writes a file.
 */
package dev.sluice.bench.report;
