/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes what happens to the log of the server, with fields for those who search the journal.
 */
#pragma once

#include "app/event-log.h"

G_BEGIN_DECLS

/* From now on, as long as @events lives. What the log is told of elsewhere (problems, and what the
 * relay itself begins and ends) is left out. */
void th_event_logger_watch (ThEventLog *events);

G_END_DECLS
