/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThBackground: leave to run without a window, and to be started with the session. In a sandbox the
 * Background portal gives it; elsewhere no leave is needed, and a file in the user's autostart
 * folder is what starts programs.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TH_TYPE_BACKGROUND (th_background_get_type ())
G_DECLARE_FINAL_TYPE (ThBackground, th_background, TH, BACKGROUND, GObject)

ThBackground *th_background_new (void);

/**
 * th_background_ask_async:
 * @autostart: to be started with the session, too
 *
 * Only where a window can be seen: else the portal may say no without asking the user. A question
 * that still waits for its answer ends with G_IO_ERROR_CANCELLED.
 */
void th_background_ask_async (ThBackground *self,
                              gboolean autostart,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/**
 * th_background_ask_finish:
 * @background: (out): whether it may run without a window
 * @autostart: (out): whether it will be started with the session
 *
 * Returns: FALSE where there was nobody to ask, or nothing could be written: nothing has changed
 */
gboolean th_background_ask_finish (GAsyncResult *result,
                                   gboolean *background,
                                   gboolean *autostart,
                                   GError **error);

/* One line, for a desktop that lists what runs in the background of its sandboxes. */
void th_background_say (ThBackground *self, const char *status);

G_END_DECLS
