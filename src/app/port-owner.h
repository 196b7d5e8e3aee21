/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which program has a port. For the moment when binding it has failed: it reads all of /proc.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  TH_PORT_UDP = 1 << 0,
  TH_PORT_TCP = 1 << 1,
} ThPortKind;

/**
 * th_port_owner_find:
 * @kinds: where to look
 *
 * Returns: (transfer full) (nullable): the name of a program that is bound to @port (UDP) or
 *   listens on it (TCP), as the kernel shortens it; NULL if there is none, or if it is not for us
 *   to know: another user's, or outside of the sandbox
 */
char *th_port_owner_find (guint16 port, ThPortKind kinds);

G_END_DECLS
