/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths in tests.
 */
#include "running.h"

#define LIMIT_SECONDS 60

static void
on_trust_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  *(ThIceTrust **) data = th_ice_trust_load_finish (result, &error);
  g_assert_no_error (error);
}

ThIceTrust *
load_trust (const char *file)
{
  ThIceTrust *trust = NULL;

  th_ice_trust_load_async (file, NULL, on_trust_loaded, &trust);
  while (trust == NULL)
    g_main_context_iteration (NULL, TRUE);
  return trust;
}

static gboolean
on_limit (gpointer data)
{
  g_error ("The path does not end");
  return G_SOURCE_REMOVE;
}

void
run_path (ThIcePath *path)
{
  guint limit = g_timeout_add_seconds (LIMIT_SECONDS, on_limit, NULL);

  while (th_ice_path_is_running (path))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (limit);
}

ThIcePath *
try_path (const char *url,
          guint family,
          const char *username,
          const char *password,
          const ThIcePathOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThIceServer) server = th_ice_server_new (url, username, password, &error);
  ThIcePath *path;

  g_assert_no_error (error);
  path = th_ice_path_new (server, family == 6 ? TH_STUN_FAMILY_IPV6 : TH_STUN_FAMILY_IPV4,
                          options);
  th_ice_path_start (path);
  run_path (path);
  return path;
}

char *
describe_path (ThIcePath *path)
{
  GString *line = g_string_new (NULL);

  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    {
      ThIceStage *stage = th_ice_path_get_stage (path, i);
      const GError *error = th_ice_stage_get_error (stage);
      ThIceStageState state = th_ice_stage_get_state (stage);

      if (i > 0)
        g_string_append_c (line, ' ');
      g_assert_true (state >= TH_ICE_STAGE_OK);
      if (state == TH_ICE_STAGE_SKIPPED)
        g_string_append_c (line, '-');
      else
        g_string_append (line, th_ice_stage_get_name (stage));
      if (state == TH_ICE_STAGE_FAILED)
        g_string_append_printf (line, "!%d/%u", error->code, th_ice_stage_get_code (stage));
    }
  return g_string_free (line, FALSE);
}
