/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening what a relay listens on, and handing it to its workers, before they start.
 */
#pragma once

#include <gio/gio.h>

#include "relay/relay-config.h"
#include "turn/config.h"

G_BEGIN_DECLS

/* More workers than this never paid on any machine; a typing error should not make thousands. */
#define TH_WORKERS_MAX 256

typedef struct {
  GListStore *rows;   /* of ThListenerInfo: one is added for each, bound or not */
  GPtrArray *workers; /* of ThWorker, at most TH_WORKERS_MAX */
  const ThRelayConfig *config;
} ThListeners;

/* Returns: how many are bound */
guint th_listeners_open (ThListeners *self);

/* Where the relay has two addresses, it helps clients to find out how their NAT behaves (RFC 5780).
 * Nothing is amiss where it cannot: that is an extra. */
void th_listeners_open_alternates (ThListeners *self, ThTurnConfig *turn);

G_END_DECLS
