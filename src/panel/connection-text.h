/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the Connections page says of a session, in words.
 */
#pragma once

#include "relay/session.h"

G_BEGIN_DECLS

guint64 th_connection_bytes (ThSession *session); /* both ways */

/* All: (transfer full) */
char *th_connection_user (ThSession *session);  /* fit to be shown, whatever it is */
char *th_connection_age (ThSession *session);   /* "5 s", "12 min", "3 h 5 min", "4 days" */
char *th_connection_state (ThSession *session); /* "Talking, for 12 min" */

/* "198.51.100.7:5000", or the host alone where no port is named */
char *th_connection_address (const ThAddress *address);

/* The network it is in, by these lengths of prefixes, multiples of 8: "198.51.100.0/24" */
char *th_connection_network (const ThAddress *address, guint v4_bits, guint v6_bits);

/* @peer: (nullable): the name of the client that is the note's peer */
char *th_connection_note (const ThSessionNote *note, ThSession *session, const char *peer);

/* What is copied: a few lines of text. */
char *th_connection_summary (ThSession *session);

G_END_DECLS
