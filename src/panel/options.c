/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What turnhouse takes on its command line, beside what GTK does.
 */
#include "panel/options.h"

#include <glib/gi18n.h>

static const ThPanelOption options[] = {
  { "version", N_("Show the version"), G_OPTION_ARG_NONE, NULL },
  { "background", N_("Start without a window, if it does not run yet"), G_OPTION_ARG_NONE, NULL },
  { "status", N_("Show how the Turnhouse that runs is doing"), G_OPTION_ARG_NONE, NULL },
  { "rotate", N_("Have it make a new secret; “api” after it: a new API secret"),
    G_OPTION_ARG_NONE, NULL },
  { "revoke", N_("With --rotate: former secrets are accepted no longer"), G_OPTION_ARG_NONE,
    NULL },
  { "ice-test", N_("Test whether calls get through this relay, or the servers named"),
    G_OPTION_ARG_NONE, NULL },
  { "json", N_("With --ice-test or --status: print JSON"), G_OPTION_ARG_NONE, NULL },
  { "user", N_("With --ice-test: log in as this user"), G_OPTION_ARG_STRING, "NAME" },
  { "ca-file", N_("With --ice-test: trust the certificates in this file too"),
    G_OPTION_ARG_FILENAME, "FILE" },
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
  return N_("Opens the window and starts the relay; a second start brings the same window\n"
            "to the front.\n"
            "\n"
            "With --ice-test no window opens. What follows are URLs of STUN and TURN\n"
            "servers, a list of them as JSON, the address of an endpoint that has one, or\n"
            "- for what comes on the standard input; nothing stands for this machine’s\n"
            "relay. Passwords come from the environment: TURN_PASSWORD, or TURN_SECRET\n"
            "for a shared secret, or TURN_TOKEN for an endpoint. The exit code is 0 where\n"
            "calls get through, 1 where not, and 2 where there was nothing to test.");
}
