/** IP and MAC addresses as plain values. No I/O, no name resolution. */
package dev.sluice.core.address;
