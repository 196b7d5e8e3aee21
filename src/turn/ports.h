/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which relay ports are in use on each address that relays, and behind which of them an allocation
 * of this process lives. Ports are picked at random among all that are free (RFC 8656, section
 * 7.2), with kernel randomness. Shared by all workers; any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ThPorts ThPorts;

/**
 * th_ports_new:
 * @n_hosts: how many addresses relay; they are named by their index from here on
 * @min, @max: the first and the last port that may be taken on each; neither is 0
 */
ThPorts *th_ports_new (guint n_hosts, guint16 min, guint16 max);
ThPorts *th_ports_ref (ThPorts *self);
void th_ports_unref (ThPorts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThPorts, th_ports_unref)

/* Takes a free port of @host; 0 if none is left. */
guint16 th_ports_take (ThPorts *self, guint host);

/* Takes an even port alone; 0 if none is left. */
guint16 th_ports_take_even (ThPorts *self, guint host);

/* Takes an even port and the next higher one, and returns the even one; 0 if none is left. */
guint16 th_ports_take_pair (ThPorts *self, guint host);

/* Gives back one port that was taken (of a pair, each by itself). It is closed as well. */
void th_ports_give_back (ThPorts *self, guint host, guint16 port);

guint th_ports_count_free (ThPorts *self, guint host);

/* Says that an allocation lives behind the port, which must be taken, or does so no longer. */
void th_ports_mark_open (ThPorts *self, guint host, guint16 port);
void th_ports_mark_closed (ThPorts *self, guint host, guint16 port);

/* Whether an allocation lives behind the port. For every packet: one relaxed read, no lock. */
gboolean th_ports_is_open (ThPorts *self, guint host, guint16 port);

G_END_DECLS
