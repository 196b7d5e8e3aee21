/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A peer: whom a client talks to through the relay; a datagram socket that anyone may write to.
 */
#pragma once

#include "stun/address.h"

typedef struct {
  int fd;
  ThAddress address;
} Peer;

/* On a free port of @host. */
void peer_open (Peer *self, const char *host);
void peer_open_at (Peer *self, const ThAddress *address);
void peer_close (Peer *self);

void peer_send (const Peer *self, const ThAddress *to, const void *bytes, gsize length);

/* Returns: (nullable): the next datagram; NULL if none comes within @milliseconds */
GBytes *peer_receive (const Peer *self, ThAddress *from, guint milliseconds);

/* The next datagram must come, and be that text. */
void peer_expect (const Peer *self, const char *text, ThAddress *from);

/* As far as the system allows: so that a datagram socket loses nothing of a test's bursts. */
void enlarge_receive_buffer (int fd);

/* A port of @host that nobody has over either transport, below those that the kernel gives out. */
ThAddress free_address (const char *host);

/* Whether this machine has IPv6, if only on loopback. */
gboolean has_ipv6 (void);
