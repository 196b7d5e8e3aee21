/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rotating a secret for whoever asked over the control socket.
 */
#pragma once

#include "app/engine.h"
#include "control/control-connection.h"

G_BEGIN_DECLS

/* Answers with "formerUntil" (ISO 8601, UTC), when the secret of before is accepted no longer; with
 * @revoke, with "ended", how many sessions ended because it is accepted no longer now.
 * @reply: (transfer full) */
void
th_control_rotate (ThEngine *engine, ThRingKind kind, gboolean revoke, ThControlReply *reply);

G_END_DECLS
