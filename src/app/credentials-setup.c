/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From [credentials] to a secret ring.
 */
#include "app/credentials-setup.h"

#include "credentials/secret.h"

ThSecretRing *
th_secret_ring_open_with_settings (ThSettings *settings,
                                   const char *state_directory,
                                   GError **error)
{
  g_autoptr (ThSecretText) secret = NULL;
  g_autoptr (ThSecretText) api_key = NULL;
  g_autoptr (ThSecretText) api_secret = NULL;
  g_autoptr (ThSecretRing) ring = NULL;

  if (!th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_SECRET, &secret, error) ||
      !th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_API_KEY, &api_key, error) ||
      !th_settings_read_secret (settings, TH_SETTING_CREDENTIALS_API_SECRET, &api_secret, error))
    return NULL;
  ring = th_secret_ring_open_seeded (
      state_directory, &(ThRingSeed) { secret, api_key, api_secret },
      th_settings_get_integer (settings, TH_SETTING_CREDENTIALS_GRACE), error);
  if (ring == NULL)
    return NULL;
  th_secret_ring_apply_settings (ring, settings);
  return g_steal_pointer (&ring);
}

void
th_secret_ring_apply_settings (ThSecretRing *ring, ThSettings *settings)
{
  th_secret_ring_set_ttl (ring,
                          th_settings_get_integer (settings, TH_SETTING_CREDENTIALS_TTL));
  th_secret_ring_set_previous (
      ring, th_settings_get_list (settings, TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS));
}
