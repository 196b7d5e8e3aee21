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

ThSettings *
th_config_file_load (const char *path, GError **error)
{
  g_autofree char *of_user = th_config_file_for_user ();

  if (path == NULL && g_file_test (of_user, G_FILE_TEST_EXISTS))
    path = of_user;
  if (path == NULL && g_file_test (SYSTEM_FILE, G_FILE_TEST_EXISTS))
    path = SYSTEM_FILE;
  return path != NULL ? th_settings_new_from_file (path, error) : th_settings_new ();
}
