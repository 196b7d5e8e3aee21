/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From [credentials] to a secret ring.
 */
#include "app/credentials-setup.h"

#include "credentials/secret.h"

/* What the settings name, to be cleared. */
typedef struct {
  char *secret, *api_key, *api_secret;
} Seed;

static void
seed_clear (Seed *seed)
{
  th_secret_free (seed->secret);
  th_secret_free (seed->api_key);
  th_secret_free (seed->api_secret);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Seed, seed_clear)

static gboolean
read_seed (ThSettings *settings, Seed *seed, GError **error)
{
  const struct {
    ThSetting setting;
    char **text;
  } rows[] = {
    { TH_SETTING_CREDENTIALS_SECRET, &seed->secret },
    { TH_SETTING_CREDENTIALS_API_KEY, &seed->api_key },
    { TH_SETTING_CREDENTIALS_API_SECRET, &seed->api_secret },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (!th_settings_read_secret (settings, rows[i].setting, rows[i].text, error))
      return FALSE;
  return TRUE;
}

static void
on_seed_taken (GObject *ring, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!th_secret_ring_take_seed_finish (TH_SECRET_RING (ring), result, &error))
    g_warning ("The configured secret is not in force: %s", error->message);
}

ThSecretRing *
th_secret_ring_open_with_settings (ThSettings *settings,
                                   const char *state_directory,
                                   GError **error)
{
  g_auto (Seed) seed = { 0 };
  g_autoptr (ThSecretRing) ring = NULL;

  if (!read_seed (settings, &seed, error))
    return NULL;
  ring = th_secret_ring_open_seeded (
      state_directory, &(ThRingSeed) { seed.secret, seed.api_key, seed.api_secret },
      th_settings_get_integer (settings, TH_SETTING_CREDENTIALS_GRACE), error);
  if (ring == NULL)
    return NULL;
  th_secret_ring_apply_settings (ring, settings);
  return g_steal_pointer (&ring);
}

gboolean
th_secret_ring_seed_again (ThSecretRing *ring, ThSettings *settings, GError **error)
{
  g_auto (Seed) seed = { 0 };

  if (!read_seed (settings, &seed, error))
    return FALSE;
  if (seed.secret == NULL && seed.api_key == NULL && seed.api_secret == NULL)
    return TRUE;
  th_secret_ring_take_seed_async (ring,
                                  &(ThRingSeed) { seed.secret, seed.api_key, seed.api_secret },
                                  "configuration", NULL, on_seed_taken, NULL);
  return TRUE;
}

gboolean
th_secret_settings_check (ThSettings *settings, GError **error)
{
  g_auto (Seed) seed = { 0 };

  return read_seed (settings, &seed, error);
}

void
th_secret_ring_apply_settings (ThSecretRing *ring, ThSettings *settings)
{
  th_secret_ring_set_ttl (ring,
                          th_settings_get_integer (settings, TH_SETTING_CREDENTIALS_TTL));
  th_secret_ring_set_previous (
      ring, th_settings_get_list (settings, TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS));
}
