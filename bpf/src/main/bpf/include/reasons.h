/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * Why a packet was dropped: the numbers are the order of dev.sluice.core.policy.DropReason, and a
 * test holds the two together. Append only.
 */
#pragma once

enum drop_reason {
	DROP_POLICY,
	DROP_ETHERTYPE,
	DROP_SPOOFED_MAC,
	DROP_SPOOFED_IP,
	DROP_SPOOFED_ARP,
	DROP_SPOOFED_ND,
	DROP_MULTICAST,
	DROP_ADVERTISEMENT,
	DROP_MISDIRECTED,
	DROP_FRAGMENT_ORPHAN,
	DROP_FRAGMENT_TINY,
	DROP_NO_WAY_OUT,
	DROP_NO_WAY_IN,
	DROP_DENIED_SOURCE,
	DROP_TOO_LONG,
	DROP_FLOWS_FULL,
	DROP_REASONS,
	/* Not dropped. */
	DROP_NOT = 255,
};
