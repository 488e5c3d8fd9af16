/**
 * What ethtool(8) tells of a device, by generic netlink (Documentation/networking/ethtool-netlink
 * in the kernel): for now its features, which is what it takes over from the stack.
 */
package dev.sluice.core.netlink.ethtool;
