/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a request says it comes from and goes to: names that mean this very machine, and origins
 * of web pages. A page of somebody else's that got a browser to send a request here (by its own
 * script, or by letting its name resolve to 127.0.0.1) is told apart by these.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * th_host_is_loopback:
 * @host: a name or numeric address, IPv6 with or without brackets, without a port
 *
 * TRUE for "localhost" and names below it (RFC 6761, section 6.3), 127.0.0.0/8 and ::1. Nothing is
 * looked up.
 */
gboolean th_host_is_loopback (const char *host);

/* @origin: "http://localhost:3000", as the Origin header has it (RFC 6454) */
gboolean th_origin_is_loopback (const char *origin);

/* TRUE if @origin itself stands in @list; "*" there does not count. */
gboolean th_origin_is_listed (const char *origin, const char *const *list);

G_END_DECLS
