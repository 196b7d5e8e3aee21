/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ports that the system keeps for itself (ip(7), ip_unprivileged_port_start), and how its
 * administrator lets this program have one.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint first_free;    /* from this port on any program may listen */
  gboolean privileged; /* this one may listen below it, too (CAP_NET_BIND_SERVICE) */
} ThLowPorts;

/* What holds for this program now. Reads from /proc. */
void th_low_ports_read (ThLowPorts *self);

/* Whether it is for this that @port cannot be listened on. */
gboolean th_low_ports_forbid (const ThLowPorts *self, guint port);

/* (transfer full): the one command that allows programs all ports from @port on, now and after the
 * next start of the machine; it works for programs in a sandbox, too */
char *th_low_ports_dup_command (guint port);

G_END_DECLS
