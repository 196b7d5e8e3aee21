/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exchange: clients of one relay, their peers and each other, and all that is on its way between
 * them. Bursts of any mix are sent; each payload must arrive once, unchanged, and in the order of
 * its lane, and the relay's counters must come to exactly what was sent.
 */
#pragma once

#include "fixture.h"

/* What a client and one peer, or one other client, say to each other. */
typedef struct {
  guint client;    /* its index */
  int peer;        /* its index; -1: the far end is a client */
  guint partner;   /* the index of the lane that comes the other way, if so */
  guint16 channel; /* 0: by indications */
  ThAddress far;   /* whom the client names */
  GQueue to_far;   /* (element-type GBytes): on their way, in this order */
  GQueue to_client;
} Lane;

typedef struct {
  Fixture *relay; /* running */
  GPtrArray *clients;
  GArray *peers;
  GPtrArray *lanes;
  Peer stranger; /* whom no client has heard of */
  GArray *rooms; /* gsize: what a burst may still put into the sockets of each allocation... */
  gsize listener_room; /* ...and of the listener */
  ThRelayStatistics expected;
} Exchange;

void exchange_init (Exchange *self, Fixture *relay);
void exchange_clear (Exchange *self);

/* Returns: its index; it has an allocation */
guint exchange_add_client (Exchange *self, ThTransport transport);
guint exchange_add_peer (Exchange *self, const char *host);

/* @channel: 0: they speak by indications */
void exchange_add_lane (Exchange *self, guint client, guint peer, guint16 channel);

/* Between two clients, each by a channel of that number, or by indications. */
void exchange_add_pair (Exchange *self, guint client, guint other, guint16 channel);

/* @n runs of packets over any lanes in any direction, bad input between them. */
void exchange_send_burst (Exchange *self, guint n);

/* All that was sent arrives, and nothing else. */
void exchange_expect_all (Exchange *self);

/* The relay has counted what was sent, altogether and for each session, and lost nothing. */
void exchange_check_counters (Exchange *self);
