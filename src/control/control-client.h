/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The other end of the control socket: one request to the server that runs. Blocks.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "control/control-request.h"

G_BEGIN_DECLS

/**
 * th_control_ask:
 * @state_directories: (array zero-terminated=1): of whoever may run; the first that has a socket
 *
 * Gives up after half a minute without an answer.
 *
 * Returns: (transfer full) (nullable): the answer, if all went well there; NULL with words for the
 *   person at the terminal
 */
JsonObject *th_control_ask (const char *const *state_directories,
                            const ThControlRequest *request,
                            GError **error);

G_END_DECLS
