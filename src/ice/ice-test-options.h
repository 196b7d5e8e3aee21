/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceTestOptions: what to test, as whom, and how much of it.
 */
#pragma once

#include "ice/ice-server.h"
#include "stun/address.h"

G_BEGIN_DECLS

typedef struct {
  const char *text;     /* URLs, JSON or addresses of endpoints, as th_ice_servers_parse() has it */
  const char *username; /* nullable, as are these: where the list brings no credentials */
  const char *password;
  const char *secret;   /* shared: credentials are made from it */
  const char *token;    /* for endpoints */
  gboolean own_relay;   /* the servers are this program's relay */
  gboolean seen_from_outside; /* a device elsewhere has come through it */
  gboolean relay_only;
  gboolean paths_only;  /* no candidates, no call: quick, and without libnice */
  guint transports;     /* bits 1 << ThIceTransport; 0: all */
  guint timeout;        /* milliseconds for each step; 0: TH_ICE_PATH_TIMEOUT */
  const char *trust_file; /* nullable: PEM, trusted besides what the system trusts */
  ThAddress before;     /* our address as servers saw it in the run before; may be unset */
} ThIceTestOptions;

/* (transfer full): with copies of all texts */
ThIceTestOptions *th_ice_test_options_copy (const ThIceTestOptions *self);

/* Whether servers that are reached so are to be tested */
gboolean th_ice_test_options_want (const ThIceTestOptions *self, ThIceTransport transport);

/* Only of a copy; what is secret is wiped. */
void th_ice_test_options_free (ThIceTestOptions *self);

G_END_DECLS
