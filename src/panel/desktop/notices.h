/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThNotices: notifications of the desktop for who does not look at the window: what is wrong, for as
 * long as it is, and that the first client ever has come.
 */
#pragma once

#include <gio/gio.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_NOTICES (th_notices_get_type ())
G_DECLARE_FINAL_TYPE (ThNotices, th_notices, TH, NOTICES, GObject)

/* Whether somebody looks at the window now, so that nothing more needs to be said. */
typedef gboolean (*ThNoticesIsSeen) (gpointer data);

/**
 * th_notices_new:
 * @application: has the actions "show-page" (s: a page's name) and "mend" (s: a problem's id);
 *   outlives it, as does @engine
 * @met: (nullable): set once the first client has come, and never told of again when set already
 */
ThNotices *th_notices_new (GApplication *application,
                           ThEngine *engine,
                           gboolean *met,
                           ThNoticesIsSeen is_seen,
                           gpointer data);

G_END_DECLS
