/**
 * What commands print: tables for people, documents for programs, progress for those who wait. No
 * kernel, no reconciling: everything here turns data into text.
 */
package dev.sluice.cli.output;
