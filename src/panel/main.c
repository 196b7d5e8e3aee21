/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * turnhouse: the control panel with the relay inside.
 */
#include <glib/gi18n.h>
#include <locale.h>

#include "app/log.h"
#ifdef TH_HAVE_KEYRING
#include "credentials/store-keyring.h"
#endif
#include "network/acme-hook.h"
#include "panel/application.h"

int
main (int argc, char **argv)
{
  gint64 started_at = g_get_monotonic_time ();
  int status;

  if (th_acme_hook_run_if_meant (argc, argv, &status))
    return status;

  th_log_install ();
  setlocale (LC_ALL, "");
  const char *build_dir = g_getenv ("TURNHOUSE_LOCALE_DIR"); /* where it is not installed */
  bindtextdomain (GETTEXT_PACKAGE, build_dir ? build_dir : LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
#ifdef TH_HAVE_KEYRING
  th_store_use_keyring ();
#endif

  g_autoptr (ThApplication) application = th_application_new (started_at);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
