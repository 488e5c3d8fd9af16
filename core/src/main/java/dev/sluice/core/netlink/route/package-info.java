/**
 * rtnetlink(7): links, addresses, routes, rules, neighbours and namespace ids. One file for what a
 * message says ({@code LinkMessage}), one for what can be asked ({@code LinkRequests}), and one for
 * each kind of link ({@code BridgeKind}): a new kind is one more such file.
 *
 * <p>Nothing here knows what Sluice wants of the kernel, or whose an object is.
 */
package dev.sluice.core.netlink.route;
