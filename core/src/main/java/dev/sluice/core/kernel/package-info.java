/**
 * Kernel objects as data: what a node holds or should hold. Records only, each with its identity
 * and what it needs; nothing here talks to the kernel (that is {@code core.reconcile.kind}), so
 * that a render stays pure.
 */
package dev.sluice.core.kernel;
