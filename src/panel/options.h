/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of turnhouse, once: its help and the manual page are made from this. No GTK here,
 * which the tool that makes the page does not need.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *name; /* without its dashes */
  const char *help; /* one line, without a full stop; to be translated */
  GOptionArg arg;
  const char *value; /* nullable: what is given with it; not translated */
} ThPanelOption;

/* (transfer none) */
const ThPanelOption *th_panel_options_get (guint *n_options);

/* (transfer none): to be translated; one line, and one paragraph */
const char *th_panel_options_get_summary (void);
const char *th_panel_options_get_description (void);

G_END_DECLS
