/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThNatSocket: a datagram socket that asks STUN servers how they see it, several at once. Which
 * sockets ask whom is what the discovery of NAT behaviour is made of. Private to this room; lives
 * on the main context.
 */
#pragma once

#include <gio/gio.h>

#include "stun/address.h"

G_BEGIN_DECLS

/* Microseconds after which a question without an answer is given up. */
#define TH_NAT_PATIENCE (1500 * G_GINT64_CONSTANT (1000))

/* CHANGE-REQUEST (RFC 5780, section 7.2) */
#define TH_NAT_CHANGE_HOST 0x4
#define TH_NAT_CHANGE_PORT 0x2

typedef struct {
  gboolean answered;
  ThAddress from;   /* where the answer came from */
  ThAddress mapped; /* as the server sees the socket */
  ThAddress other;  /* OTHER-ADDRESS; unset: the server has none */
} ThNatAnswer;

typedef void (*ThNatAnswered) (const ThNatAnswer *answer, gpointer user_data);

typedef struct _ThNatSocket ThNatSocket;

/* (nullable): NULL if there is no socket of that family to have */
ThNatSocket *th_nat_socket_new (ThStunFamily family);

/* Questions that wait are not answered any more. */
void th_nat_socket_free (ThNatSocket *self);

guint16 th_nat_socket_get_port (ThNatSocket *self);

/**
 * th_nat_socket_ask:
 * @change: how the answer's source is to differ from @server; 0: not at all, and then what comes
 *   from elsewhere is no answer
 * @answered: called once, later, unless the socket is freed before
 *
 * Sends a Binding request, again and again until it is answered or given up.
 */
void th_nat_socket_ask (ThNatSocket *self,
                        const ThAddress *server,
                        guint32 change,
                        ThNatAnswered answered,
                        gpointer user_data);

G_END_DECLS
