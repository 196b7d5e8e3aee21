/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * turnhouse-server(1)
 */
#include "manual/pages.h"
#include "manual/roff.h"
#include "server/option-table.h"

static void
print_option (const ThOptionRow *row)
{
  g_autofree char *term = row->letter != 0 ? g_strdup_printf ("-%c, --%s%s", row->letter, row->name,
                                                              row->argument != NULL ? "=" : "")
                                           : g_strdup_printf ("--%s%s", row->name,
                                                              row->argument != NULL ? "=" : "");
  g_autofree char *text = g_strconcat (row->help, ".", NULL);

  th_roff_term (term, row->argument);
  th_roff_text (text);
}

static void
print_options (void)
{
  guint n;
  const ThOptionRow *rows = th_option_table_get (&n);

  th_roff_section ("OPTIONS");
  for (guint section = 0; section < TH_N_OPTION_SECTIONS; section++)
    {
      th_roff_subsection (th_option_section_get_title (section));
      for (guint i = 0; i < n; i++)
        if (rows[i].section == section)
          print_option (&rows[i]);
    }
}

static void
print_exit_status (void)
{
  const char *const *exits = th_option_table_get_exits ();

  th_roff_section ("EXIT STATUS");
  for (guint i = 0; exits[i] != NULL; i++)
    {
      g_autofree char *term = g_strdup_printf ("%u", i);
      g_autofree char *text = g_strconcat (exits[i], ".", NULL);

      th_roff_term (term, NULL);
      th_roff_text (text);
    }
}

static void
print_files (void)
{
  th_roff_section ("FILES");
  th_roff_term ("/etc/turnhouse/turnhouse-server.conf", NULL);
  th_roff_text ("The configuration of the system's service: turnhouse-server.conf(5).");
  th_roff_term ("$XDG_CONFIG_HOME/turnhouse/turnhouse-server.conf", NULL);
  th_roff_text ("That of a user, which comes first; ~/.config where the variable is not set.");
  th_roff_term ("$STATE_DIRECTORY", NULL);
  th_roff_text ("Secrets and state, and the socket by which a running server is spoken to. One "
                "server has a state directory at a time.");
}

static void
print_examples (void)
{
  th_roff_section ("EXAMPLES");
  th_roff_text ("Write a configuration, try it, and run:");
  th_roff_example ("turnhouse-server --config turnhouse.conf --init\n"
                   "turnhouse-server --config turnhouse.conf --check\n"
                   "turnhouse-server --config turnhouse.conf");
  th_roff_paragraph ("A credential for anna that lasts an hour:");
  th_roff_example ("turnhouse-server --credentials anna --ttl 3600");
  th_roff_paragraph ("Lock out whoever came by the secret:");
  th_roff_example ("turnhouse-server --rotate --revoke");
}

void
th_page_of_server (void)
{
  static const char *const others[] = { "turnhouse(1)", "turnhouse-server.conf(5)", NULL };

  th_roff_begin ("turnhouse-server", 1, "STUN and TURN relay without a display");
  th_roff_synopsis ("turnhouse-server", "[OPTION...] [secret|api]");
  th_roff_section ("DESCRIPTION");
  th_roff_text (TH_OPTION_SUMMARY);
  for (const char *const *note = th_option_table_get_notes (); *note != NULL; note++)
    th_roff_paragraph (*note);
  print_options ();
  print_exit_status ();
  print_files ();
  print_examples ();
  th_roff_see_also (others);
}
