/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThGreeting: how a connection begins, before anybody knows what is spoken on it. Its first byte
 * decides: 0x16 begins a TLS handshake (RFC 8446, section 5.1), which no HTTP request does. Main
 * context only.
 */
#pragma once

#include <gio/gio.h>

#include "tls/tls-context.h"

G_BEGIN_DECLS

typedef struct _ThGreeting ThGreeting;

typedef enum
{
  TH_GREETING_HANDSHAKE, /* it is TLS: the handshake begins */
  TH_GREETING_DONE,      /* there is a stream to read requests from */
  TH_GREETING_FAILED,    /* nothing comes of it */
} ThGreetingEvent;

/* @stream: (transfer none) (nullable): only with TH_GREETING_DONE. The greeting may be freed by it
 * after DONE and FAILED, which are the last events. */
typedef void (*ThGreetingFunc) (ThGreetingEvent event, GIOStream *stream, gpointer data);

/**
 * th_greeting_new:
 * @connection: (transfer none): not blocking
 * @context: (transfer none) (nullable): NULL: TLS is not spoken, and who tries it fails
 */
ThGreeting *th_greeting_new (GSocketConnection *connection,
                             ThTlsContext *context,
                             ThGreetingFunc notify,
                             gpointer data);
void th_greeting_free (ThGreeting *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThGreeting, th_greeting_free)

/* Looks for the first byte, now and whenever some comes. */
void th_greeting_start (ThGreeting *self);

G_END_DECLS
