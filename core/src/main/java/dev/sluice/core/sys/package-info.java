/**
 * The boundary to libc: descriptors, namespaces, mounts, raw sockets, affinity, sysctls. JNA is
 * seen in this package and in no other; callers meet Java types and {@link
 * dev.sluice.core.sys.SyscallException} only.
 *
 * <p>Nothing here knows what a topology, a link or a netlink message is. Linux on 64-bit machines
 * with the generic numbers (x86-64, arm64, riscv64).
 */
package dev.sluice.core.sys;
