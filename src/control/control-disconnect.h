/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ending a user's sessions for whoever asked over the control socket.
 */
#pragma once

#include "relay/relay.h"
#include "control/control-connection.h"

G_BEGIN_DECLS

/* Answers with "ended", a number, once they are gone; or that there are none.
 * @reply: (transfer full) */
void th_control_disconnect (ThRelay *relay, const char *user, ThControlReply *reply);

G_END_DECLS
