/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sockets that clients come to: opening them for UDP and TCP, for one worker or several.
 */
#pragma once

#include "turn/client.h"

G_BEGIN_DECLS

/**
 * th_listener_open:
 * @fds: (out) (array length=n): one descriptor a worker, bound to the same address and port
 *
 * A port that another program listens on, or another relay, is an error, also where both would
 * share it.
 *
 * Returns: FALSE with errno set; then nothing is open
 */
gboolean th_listener_open (ThTransport transport, const ThAddress *address, int *fds, guint n);

G_END_DECLS
