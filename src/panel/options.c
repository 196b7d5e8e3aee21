/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What turnhouse takes on its command line, beside what GTK does.
 */
#include "panel/options.h"

#include <glib/gi18n.h>

static const ThPanelOption options[] = {
  { "version", N_("Show the version") },
};

const ThPanelOption *
th_panel_options_get (guint *n_options)
{
  *n_options = G_N_ELEMENTS (options);
  return options;
}

const char *
th_panel_options_get_summary (void)
{
  return N_("A STUN and TURN relay for calls, with a panel to see and mend it.");
}

const char *
th_panel_options_get_description (void)
{
  /* Translators: broken as a terminal wants it, in lines of at most 79 characters */
  return N_("Opens the window. The relay runs while it is open; a second start brings\n"
            "the same window to the front.");
}
