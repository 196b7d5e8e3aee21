/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From [credentials] users and [endpoint] tokens to the lists of both.
 */
#include "app/accounts-setup.h"

#include "credentials/secret.h"

ThUserList *
th_user_list_open_with_settings (ThSettings *settings, const char *state_directory, GError **error)
{
  const char *realm = th_settings_get_string (settings, TH_SETTING_RELAY_REALM);
  g_autoptr (ThUserList) users = th_user_list_open (state_directory, realm, error);

  if (users == NULL || !th_user_list_apply_settings (users, settings, realm, error))
    return NULL;
  return g_steal_pointer (&users);
}

gboolean
th_user_list_apply_settings (ThUserList *users,
                             ThSettings *settings,
                             const char *realm,
                             GError **error)
{
  g_autoptr (ThSecretTexts) pairs =
      th_settings_read_pairs (settings, TH_SETTING_CREDENTIALS_USERS, error);

  return pairs != NULL &&
         th_user_list_set_configured (users, realm, (const char *const *) pairs, error);
}

gboolean
th_app_tokens_apply_settings (ThAppTokens *apps, ThSettings *settings, GError **error)
{
  g_autoptr (ThSecretTexts) pairs =
      th_settings_read_pairs (settings, TH_SETTING_ENDPOINT_TOKENS, error);

  if (pairs == NULL)
    return FALSE;
  th_app_tokens_set_configured (apps, (const char *const *) pairs);
  return TRUE;
}
