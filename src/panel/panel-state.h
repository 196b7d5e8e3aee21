/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPanelState: what the panel remembers from one start to the next that is no setting of the relay:
 * the window's size, the page, the chart's unit, what was told once, and how it lives on this
 * desktop. Kept in a small key file.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  int width, height; /* pixels, of the window when it is not maximized */
  gboolean maximized;
  gboolean welcomed; /* the welcome was dismissed */
  gboolean traffic_in_bytes; /* bytes a second in the traffic chart, not bits */
  gboolean background; /* the relay goes on without a window */
  gboolean asked_about_background; /* when a window was closed */
  gboolean autostart; /* with the session, without a window */
  gboolean keep_awake; /* while there are calls */
  gboolean met_client; /* the first client ever was told of */
  char *page;        /* the name of the page that was shown last; may be that of none */

  char *path;
} ThPanelState;

/* Returns: (transfer full): with defaults for what @path does not say, or says wrongly */
ThPanelState *th_panel_state_load (const char *path);

/* Writes it, where possible; a failure is logged and changes nothing. */
void th_panel_state_save (ThPanelState *self);

void th_panel_state_free (ThPanelState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThPanelState, th_panel_state_free)

G_END_DECLS
