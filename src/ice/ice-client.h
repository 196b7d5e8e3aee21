/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceClient: requests over a link, with retransmission (RFC 8489, section 6.2) and the
 * long-term credential (section 9.2): a challenge is answered, a stale nonce is replaced. Main
 * context.
 */
#pragma once

#include "ice/ice-link.h"
#include "stun/builder.h"
#include "stun/message.h"

G_BEGIN_DECLS

typedef struct _ThIceClient ThIceClient;

/**
 * ThIceAnswerFunc:
 * @answer: (nullable): a success; %NULL with @error
 * @code: with %TH_ICE_ERROR_CODE: the server's error code, else 0
 *
 * May free the client. Is not called any more once the client is freed.
 */
typedef void (*ThIceAnswerFunc) (const ThStunMessage *answer,
                                 guint code,
                                 const GError *error,
                                 gpointer data);

/* Adds the attributes of a request, which is written anew for each attempt. */
typedef void (*ThIceWriteFunc) (ThStunBuilder *builder, gpointer data);

/**
 * th_ice_client_new:
 * @server: outlives the client, as does @link
 * @timeout: of each request, in milliseconds
 */
ThIceClient *th_ice_client_new (ThIceLink *link, const ThIceServer *server, guint timeout);
/* Drops what is under way. */
void th_ice_client_free (ThIceClient *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceClient, th_ice_client_free)

/* @write may be NULL. Both are given @data. */
void th_ice_client_request (ThIceClient *self,
                            ThStunMethod method,
                            ThIceWriteFunc write,
                            ThIceAnswerFunc answered,
                            gpointer data);

/* Sends a request whose answer nobody waits for. */
void th_ice_client_request_once (ThIceClient *self, ThStunMethod method, ThIceWriteFunc write,
                                 gpointer data);

/* Sends an indication. */
void th_ice_client_indicate (ThIceClient *self, ThStunMethod method, ThIceWriteFunc write,
                             gpointer data);

/* TRUE if @frame answers a request; then it has been dealt with, and @self may be gone. */
gboolean th_ice_client_receive (ThIceClient *self, const guint8 *frame, gsize length);

/* Whether the server has asked for credentials and was given them. */
gboolean th_ice_client_is_challenged (ThIceClient *self);

/* "coturn-4.6.1": (nullable) (transfer none): what the server calls itself */
const char *th_ice_client_get_software (ThIceClient *self);

G_END_DECLS
