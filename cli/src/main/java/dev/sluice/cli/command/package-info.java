/**
 * One small class for each command: its options, what it asks of core, and what it prints of the
 * answer. No kernel object is made or read here.
 */
package dev.sluice.cli.command;
