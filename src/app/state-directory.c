/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding the state directory.
 */
#include "app/state-directory.h"

char *
th_state_directory_find (void)
{
  const char *given = g_getenv ("STATE_DIRECTORY");

  /* systemd separates several by colons; relative ones would depend on where it was started. */
  if (given != NULL && g_path_is_absolute (given))
    return g_strndup (given, strcspn (given, ":"));
  return g_build_filename (g_get_user_state_dir (), "turnhouse", NULL);
}
