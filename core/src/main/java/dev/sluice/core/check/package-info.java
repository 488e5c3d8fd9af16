/**
 * The {@code check} command's heart: which packets a topology must let through, and real packets
 * that show whether it does. What to expect is pure; only the prober and its sockets touch the
 * kernel, and nothing is bound, configured or left behind in a live endpoint. Does not know
 * datapaths: what holds for one holds for all.
 */
package dev.sluice.core.check;
