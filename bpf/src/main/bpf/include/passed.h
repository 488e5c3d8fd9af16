/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/* How programs tell each other what has been decided on: it bears a mark between them, and nowhere else. */
#pragma once

#include "base.h"

volatile const __u32 passed_mark;

/* Whether it bears the mark, which is then taken off. */
static __always_inline bool is_passed(struct __sk_buff *skb)
{
	if (skb->mark != passed_mark)
		return false;
	skb->mark = 0;
	return true;
}
