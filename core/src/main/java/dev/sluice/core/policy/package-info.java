/**
 * What policy means: declared policies resolved into a table that datapaths enforce, and the
 * reference evaluator that they are held against. Pure.
 */
package dev.sluice.core.policy;
