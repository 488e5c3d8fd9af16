/**
 * A netlink connection: requests in batches, dumps, and errors in the kernel's own words. Of the
 * families it knows nothing; rtnetlink is in {@code route}, the wire format in {@code codec}.
 */
package dev.sluice.core.netlink;
