/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThLossWatch: looks now and then whether the kernel had to drop packets because a receive buffer
 * was full. Nobody hears of such a loss otherwise, and there is mostly one setting to change.
 */
#pragma once

#include <gio/gio.h>

#include "relay/relay.h"

G_BEGIN_DECLS

typedef struct _ThLossWatch ThLossWatch;

/**
 * th_loss_watch_new:
 * @problems: (transfer none): gets a "packets-lost" problem, replaced when the loss goes on
 *
 * Watches on the thread-default main context until freed. @relay must run.
 */
ThLossWatch *th_loss_watch_new (ThRelay *relay, GListStore *problems);
void th_loss_watch_free (ThLossWatch *self);

/* Looks at once; what the watch does by itself every ten seconds. */
void th_loss_watch_look (ThLossWatch *self);

/* What a listener asks for as its receive buffer, and what the system grants at most
 * (net.core.rmem_max; 0: unknown). Bytes. */
#define TH_RECEIVE_BUFFER_WANTED (4 * 1024 * 1024)
guint64 th_loss_read_rmem_max (void);

/**
 * th_loss_advice:
 * @rmem_max: what net.core.rmem_max says, in bytes; 0: unknown
 *
 * Returns: (transfer full): what to do, in one sentence
 */
char *th_loss_advice (guint64 rmem_max);

G_END_DECLS
