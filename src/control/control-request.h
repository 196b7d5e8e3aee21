/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What turnhouse-server can ask of the one that runs, as it goes over the control socket.
 *
 * The protocol: the client connects to control.sock in the state directory and sends one JSON
 * object (RFC 8259) on one line of at most 4096 bytes with the line feed; the server answers with
 * one JSON object on one line and closes. What a request may say:
 *
 *   {"command": "status"}
 *   {"command": "rotate", "kind": "secret", "revoke": false}
 *       "kind": "secret" or "api"; "revoke": former ones are accepted no longer, and end
 *   {"command": "disconnect", "user": "anna"}
 *   {"command": "test-link"}
 *       answered with "url" and, as ISO 8601, "expiresAt"
 *   {"command": "drain"}
 *
 * All members are needed, and there are no others. An answer has "ok": true and what was asked for,
 * or "ok": false and "error", one line of words. Only the user that runs the server, and root, may
 * ask (SO_PEERCRED).
 */
#pragma once

#include "credentials/ring.h"

G_BEGIN_DECLS

#define TH_CONTROL_REQUEST_MAX 4096
#define TH_CONTROL_USER_MAX 1024

typedef enum {
  TH_CONTROL_STATUS,
  TH_CONTROL_ROTATE,
  TH_CONTROL_DISCONNECT,
  TH_CONTROL_TEST_LINK,
  TH_CONTROL_DRAIN,
} ThControlCommand;

typedef struct {
  ThControlCommand command;
  ThRingKind kind; /* of rotate */
  gboolean revoke; /* of rotate */
  char *user;      /* of disconnect, else NULL: 1 to 1024 bytes */
} ThControlRequest;

/* @line: without the line feed; nothing is promised of it
 *
 * Returns: (transfer full) (nullable): NULL with G_IO_ERROR_INVALID_DATA */
ThControlRequest *th_control_request_parse (const char *line, gsize length, GError **error);

/* (transfer full): one line, without the line feed */
char *th_control_request_print (const ThControlRequest *self);

void th_control_request_free (ThControlRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThControlRequest, th_control_request_free)

G_END_DECLS
