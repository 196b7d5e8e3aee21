/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * turnhouse(1)
 */
#include "manual/pages.h"
#include "manual/roff.h"
#include "panel/options.h"

static void
print_options (void)
{
  guint n;
  const ThPanelOption *options = th_panel_options_get (&n);

  th_roff_section ("OPTIONS");
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *term = g_strconcat ("--", options[i].name, NULL);
      g_autofree char *text = g_strconcat (options[i].help, ".", NULL);
      g_autofree char *value =
          options[i].value ? g_strconcat ("=", options[i].value, NULL) : NULL;

      th_roff_term (term, value);
      th_roff_text (text);
    }
  th_roff_term ("--help", NULL);
  th_roff_text ("Show all options, with those of GTK.");
}

static void
print_files (void)
{
  th_roff_section ("FILES");
  th_roff_term ("$XDG_STATE_HOME/turnhouse-panel", NULL);
  th_roff_text ("Secrets, the traffic so far and the state of the window; ~/.local/state where the "
                "variable is not set. Where the secrets are kept in the keyring of the desktop, "
                "the file secrets-are-kept-in there says so.");
  th_roff_more ("The settings are those of GSettings under " TH_APPLICATION_ID ", with the names "
                "that turnhouse-server.conf(5) explains: relay-port is port in the group [relay].");
}

static void
print_environment (void)
{
  th_roff_section ("ENVIRONMENT");
  th_roff_term ("TURN_PASSWORD, TURN_SECRET, TURN_TOKEN", NULL);
  th_roff_text ("With --ice-test: what is not to stand on a command line.");
  th_roff_term ("LANGUAGE", NULL);
  th_roff_text ("The language of the window, where it is to be another than the desktop's.");
  th_roff_term ("G_MESSAGES_DEBUG", NULL);
  th_roff_text ("With the value all, everything is logged to the standard error.");
}

void
th_page_of_panel (void)
{
  static const char *const others[] = { "turnhouse-server(1)", "turnhouse-server.conf(5)", NULL };

  th_roff_begin ("turnhouse", 1, "STUN and TURN relay with a control panel");
  th_roff_synopsis ("turnhouse", "[OPTION...] [URL...]");
  th_roff_section ("DESCRIPTION");
  th_roff_text (th_panel_options_get_summary ());
  th_roff_paragraph (th_panel_options_get_description ());
  th_roff_paragraph ("The Server page has the addresses that apps need, and says what is wrong and "
                     "what to do about it. On the other pages are secrets and credentials, and who "
                     "is connected. For a machine without a display there is turnhouse-server(1).");
  print_options ();
  print_environment ();
  print_files ();
  th_roff_see_also (others);
}
