/**
 * Packets as values: Ethernet, ARP, IPv4, IPv6, TCP, UDP, SCTP, ICMP and ICMPv6, each a record that
 * is written to bytes and read back. Lengths and checksums are computed when written; whoever wants
 * a wrong checksum, a spoofed sender or a fragment says so in the record. Pure: no sockets, no
 * kernel, no randomness.
 */
package dev.sluice.core.packet;
