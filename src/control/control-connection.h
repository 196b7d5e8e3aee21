/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThControlConnection: one client of the control socket, from its request to the end of the answer,
 * on the main context without ever waiting. Who is slow or says too much is told so and goes.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "control/control-request.h"

G_BEGIN_DECLS

typedef struct _ThControlConnection ThControlConnection;

/* The right to answer one request, now or later; also when the client has gone meanwhile. */
typedef struct _ThControlReply ThControlReply;

/**
 * ThControlHandler:
 * @request: (transfer none)
 * @reply: (transfer full): to be answered exactly once, by one of the functions below
 */
typedef void (*ThControlHandler) (const ThControlRequest *request,
                                  ThControlReply *reply,
                                  gpointer data);

/* The exchange is over: free the connection. */
typedef void (*ThControlDone) (ThControlConnection *self, gpointer data);

/**
 * th_control_connection_new:
 * @socket: (transfer none): not blocking
 * @patience: how many milliseconds the request may take, and then the answer
 */
ThControlConnection *th_control_connection_new (GSocket *socket,
                                                guint patience,
                                                ThControlHandler handler,
                                                ThControlDone done,
                                                gpointer data);
void th_control_connection_free (ThControlConnection *self);

/* (transfer full): an object to add to and then to send; it says already that all went well */
JsonBuilder *th_control_reply_begin (void);

/* @object: (transfer none): from th_control_reply_begin() */
void th_control_reply_send (ThControlReply *self, JsonBuilder *object);

/* @text: one line of words for whoever asked */
void th_control_reply_fail (ThControlReply *self, const char *text);

/* (transfer full): the line that th_control_reply_fail() sends, with its line feed */
char *th_control_failure_line (const char *text);

G_END_DECLS
