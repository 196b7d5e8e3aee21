/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Traffic: payloads over all lanes, paced or as many as come back, and what became of them. A lane
 * is one direction of one flow.
 */
#pragma once

#include "histogram.h"
#include "network.h"

typedef struct _Traffic Traffic;

typedef enum {
  SOURCE_CLIENTS, /* up, or from client to client */
  SOURCE_PEERS,   /* down */
  N_SOURCES,
} SourceKind;

/* Of everything since the start. */
typedef struct {
  guint64 sent, received;
  guint64 late;    /* of those received: after a later one of the same lane */
  guint64 again;   /* received more than once */
  guint64 corrupt; /* not the bytes that were sent */
  guint64 misled;  /* well, but at another flow's place */
  guint64 skipped; /* not sent, because the load itself fell behind its pace */
  guint64 garbage; /* bad input sent, which nobody may receive */
} TrafficCounts;

/* @options, @network: must outlive it */
Traffic *traffic_new (const Options *options, Network *network);
void traffic_free (Traffic *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Traffic, traffic_free)

/* Sends and receives until then (see clock.h). */
void traffic_run (Traffic *self, gint64 until);

/* Sends no more, and waits until all has come or nothing comes any more. */
void traffic_settle (Traffic *self);

/* What the network brings: ChannelData at a client, a datagram at a peer. */
void traffic_take_at_client (Traffic *self, guint flow, const guint8 *bytes, gsize length, gint64 now);
void traffic_take_at_peer (Traffic *self, guint flow, const guint8 *bytes, gsize length, gint64 now);

TrafficCounts traffic_counts (const Traffic *self);

/* Latencies are kept from here on. */
void traffic_forget_latencies (Traffic *self);
const Histogram *traffic_latencies (const Traffic *self, SourceKind source);
