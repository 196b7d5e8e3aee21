/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one place that writes the log, for both programs.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From now on what any room logs goes to the journal, where stderr is the journal, else to stderr
 * as one line each. Debug and info only for the domains named in $G_MESSAGES_DEBUG. Call it once,
 * first of all. */
void th_log_install (void);

G_END_DECLS
