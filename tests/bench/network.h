/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Network: the hosts of the load, its clients and peers, and what they send and get. Whatever
 * comes to a host from where it should not is stray.
 */
#pragma once

#include "flow.h"
#include "options.h"

typedef struct _Network Network;

/* @bytes of ChannelData over TCP may have padding after them */
typedef struct {
  void (*at_client) (guint flow, const guint8 *bytes, gsize length, gint64 now, gpointer user_data);
  void (*at_peer) (guint flow, const guint8 *bytes, gsize length, gint64 now, gpointer user_data);
} NetworkFuncs;

/* @options, @funcs: must outlive it */
Network *network_new (const Options *options, const NetworkFuncs *funcs, gpointer user_data);
void network_free (Network *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Network, network_free)

/* As many as the options say. */
Flow *network_flows (Network *self);

/* What is sent leaves when the network is flushed; until then bodies must stay. */
void network_send_from_client (Network *self,
                               guint flow,
                               const void *head,
                               gsize head_length,
                               const guint8 *body,
                               gsize body_length);
void network_send_from_peer (Network *self,
                             guint flow,
                             const void *head,
                             gsize head_length,
                             const guint8 *body,
                             gsize body_length);

/* From a host that may not write to that flow's relayed address. */
void network_send_from_stranger (Network *self, guint flow, const guint8 *body, gsize length);

void network_flush (Network *self);

/* Takes in what is there; does not wait. */
void network_receive (Network *self);

guint64 network_strays (const Network *self);
