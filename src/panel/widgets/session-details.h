/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionDetails: everything there is to know of the selected session, and what can be done
 * about it.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/connections.h"

G_BEGIN_DECLS

#define TH_TYPE_SESSION_DETAILS (th_session_details_get_type ())
G_DECLARE_FINAL_TYPE (ThSessionDetails, th_session_details, TH, SESSION_DETAILS, AdwBin)

/* Once. It is visible while a session is selected there. */
void th_session_details_set_connections (ThSessionDetails *self,
                                         ThEngine *engine,
                                         ThConnections *connections);

G_END_DECLS
