/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small TURN server on the main loop that misbehaves as a script says, and otherwise does what a
 * relay does, between its own clients.
 */
#pragma once

#include <gio/gio.h>

#include "stun/address.h"

#define ODD_PASSWORD "password" /* where the script has no secret */

typedef struct {
  guint mute;             /* this method is not answered: ThStunMethod, or 0 */
  guint refused;          /* this one is, if signed, answered with the code */
  guint code;
  gboolean stale;         /* each nonce is stale */
  gboolean without_nonce; /* in challenges */
  gboolean without_addresses;
  gboolean other_password;/* answers are signed with it */
  gboolean unsigned_answers;
  gboolean swallows;      /* what is to be relayed */
  gboolean hangs_up;      /* at the first request, over TCP */
  const char *raw;        /* sent in answer to anything, instead */
  gint64 accepts_from;    /* REST names that end before are refused, seconds since 1970; 0: any */
  const char *secret;     /* nullable: passwords are made from it by the REST scheme */
} OddScript;

typedef struct _OddServer OddServer;

/* On a free port of 127.0.0.1. @script is not copied. */
OddServer *odd_server_new (gboolean tcp, const OddScript *script);
void odd_server_free (OddServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OddServer, odd_server_free)

/* (transfer full): "turn:127.0.0.1:PORT?transport=udp" */
char *odd_server_get_url (OddServer *self);

/* Allocations that were not given back. */
guint odd_server_get_n_allocations (OddServer *self);
