/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding and reading the configuration.
 */
#include "server/config-file.h"

#include "credentials/secret.h"

#define NAME "turnhouse-server.conf"
#define SYSTEM_FILE "/etc/turnhouse/" NAME

char *
th_config_file_for_user (void)
{
  return g_build_filename (g_get_user_config_dir (), "turnhouse", NAME, NULL);
}

static gboolean
has_good_pairs (ThSettings *settings, ThSetting setting, GError **error)
{
  g_autofree char **pairs = th_settings_read_pairs (settings, setting, error);

  for (guint i = 0; pairs != NULL && pairs[i] != NULL; i++)
    th_secret_free (pairs[i]);
  return pairs != NULL;
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
  /* The file of the secret is read by whoever opens the ring; these are not, by every command. */
  if (settings == NULL || !has_good_pairs (settings, TH_SETTING_ENDPOINT_TOKENS, error) ||
      !has_good_pairs (settings, TH_SETTING_CREDENTIALS_USERS, error))
    return NULL;
  return g_steal_pointer (&settings);
}
