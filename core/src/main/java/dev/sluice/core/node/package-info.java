/**
 * The node: the network namespace that plays the host, and the directories that go with it. The
 * host side is a parameter everywhere; nothing uses the ambient host.
 */
package dev.sluice.core.node;
