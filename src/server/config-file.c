/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding and reading the configuration.
 */
#include "server/config-file.h"

#define NAME "turnhouse-server.conf"
#define SYSTEM_FILE "/etc/turnhouse/" NAME

char *
th_config_file_for_user (void)
{
  return g_build_filename (g_get_user_config_dir (), "turnhouse", NAME, NULL);
}

/* Files of secrets and users are read by whoever opens the ring; this one nobody reads so early. */
static gboolean
has_good_tokens (ThSettings *settings, GError **error)
{
  g_auto (GStrv) tokens = th_settings_read_pairs (settings, TH_SETTING_ENDPOINT_TOKENS, error);

  return tokens != NULL;
}

ThSettings *
th_config_file_load (const char *path, GError **error)
{
  g_autofree char *of_user = th_config_file_for_user ();
  g_autoptr (ThSettings) settings = NULL;

  if (path == NULL && g_file_test (of_user, G_FILE_TEST_EXISTS))
    path = of_user;
  if (path == NULL && g_file_test (SYSTEM_FILE, G_FILE_TEST_EXISTS))
    path = SYSTEM_FILE;
  settings = path != NULL ? th_settings_new_from_file (path, error) : th_settings_new ();
  if (settings == NULL || !has_good_tokens (settings, error))
    return NULL;
  return g_steal_pointer (&settings);
}
