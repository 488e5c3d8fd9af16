/**
 * The process: its entry, its exit status, what a signal does, and the composition of the product's
 * parts. The only package where Guice types appear, and no command's own work.
 */
package dev.sluice.cli;
