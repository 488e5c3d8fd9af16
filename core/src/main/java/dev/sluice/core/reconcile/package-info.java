/**
 * The one reconciler for all datapaths: observe, diff, plan, execute; and the store of what each
 * topology is meant to be. {@link dev.sluice.core.reconcile.Diff} is pure; {@link
 * dev.sluice.core.reconcile.Observer} only reads the kernel; {@link
 * dev.sluice.core.reconcile.Executor} alone changes it. Knows no backend.
 */
package dev.sluice.core.reconcile;
