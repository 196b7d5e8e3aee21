/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of servers as people paste them and programs answer them: RTCPeerConnection's iceServers as
 * JSON, the answer of a TURN REST endpoint (coturn's, Matrix'), or URLs in any plain text. Nothing
 * is looked up or fetched here. Any thread may call.
 */
#pragma once

#include "ice/ice-server.h"

G_BEGIN_DECLS

#define TH_ICE_SERVERS_MAX 64
#define TH_ICE_TEXT_SIZE_MAX (64 * 1024) /* bytes */

/* What stands in for rows that bring no credential of their own. */
typedef struct {
  const char *username; /* nullable, as are all */
  const char *password;
  const char *secret;   /* shared: credentials by the REST scheme are made from it */
} ThIceLogin;

/* How long credentials made from a shared secret live, in seconds. */
#define TH_ICE_CREDENTIAL_TTL 600

/* One entry of a list: a server, the address of an endpoint to fetch servers from, or an error. */
typedef struct {
  char *label;         /* what was written, in short and without anything secret */
  ThIceServer *server; /* nullable */
  char *endpoint;      /* nullable: "https://…" */
  GError *error;       /* nullable: of TH_ICE_ERROR */
} ThIceServerRow;

void th_ice_server_row_free (ThIceServerRow *self);

/**
 * th_ice_servers_parse:
 * @text: need not be terminated
 * @login: (nullable): for servers without credentials of their own
 * @now: seconds since 1970: from when on made credentials live
 *
 * Text that begins with "[" or "{" is JSON: an array of servers or of URLs, one server, an object
 * with iceServers, or {username, password, uris}. Other text is URLs with white space, commas,
 * semicolons or quotes between them. Each server once; what is no server becomes a row with an
 * error.
 *
 * Returns: (transfer full) (nullable) (element-type ThIceServerRow): one or more; %NULL with
 *   %TH_ICE_ERROR_INVALID or %TH_ICE_ERROR_TOO_MUCH where the whole text is of no use
 */
GPtrArray *th_ice_servers_parse (const char *text,
                                 gsize length,
                                 const ThIceLogin *login,
                                 gint64 now,
                                 GError **error);

/**
 * th_ice_login_make:
 * @self: with a secret
 * @username: (out) (transfer full)
 * @password: (out) (transfer full): free with th_secret_free()
 *
 * Makes a credential that ends at @expires_at, in seconds since 1970.
 *
 * Returns: %FALSE if the system's policy forbids the hash
 */
gboolean th_ice_login_make (const ThIceLogin *self,
                            gint64 expires_at,
                            char **username,
                            char **password);

G_END_DECLS
