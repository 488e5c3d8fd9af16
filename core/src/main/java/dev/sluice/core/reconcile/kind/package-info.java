/**
 * One class a kind of kernel object: how it is recognised in the kernel's answers, created, updated
 * in place and deleted. A further kind is a record in {@code core.kernel}, a class here, and a line
 * in {@link dev.sluice.core.reconcile.kind.Kinds}; or both in a module of their own, which binds
 * the class into the set of kinds.
 */
package dev.sluice.core.reconcile.kind;
