/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The other end of the control socket: one request to the server that runs. Blocks.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "server/control-request.h"

G_BEGIN_DECLS

/**
 * th_control_ask:
 *
 * Asks the server of this user's state directory, or of the system's service where this user has
 * none, and gives up after half a minute without an answer.
 *
 * Returns: (transfer full) (nullable): the answer, if all went well there; NULL with words for the
 *   person at the terminal
 */
JsonObject *th_control_ask (const ThControlRequest *request, GError **error);

G_END_DECLS
