/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --credentials: a credential for a person at a terminal, or for a script.
 */

#include "app/credentials-setup.h"
#include "app/relay-urls.h"
#include "app/state-directory.h"
#include "credentials/json-object.h"
#include "server/commands.h"

static void
print_text (const ThCredential *credential)
{
  g_autofree char *expiry = th_json_time (credential->expires_at);

  g_print ("username  %s\npassword  %s\nexpires   %s\n", credential->username,
           credential->password, expiry);
}

/* The names of the TURN REST API (password, uris), and WebRTC's name for the password. */
static void
print_json (const ThCredential *credential, ThSettings *settings)
{
  g_autoptr (ThRelayUrls) urls = th_relay_urls_new_planned (settings);
  g_autoptr (JsonBuilder) object = json_builder_new ();

  json_builder_begin_object (object);
  th_json_add_text (object, "username", credential->username);
  th_json_add_text (object, "password", credential->password);
  th_json_add_text (object, "credential", credential->password);
  th_json_add_number (object, "ttl", credential->ttl);
  th_json_add_time (object, "expiresAt", credential->expires_at);
  json_builder_set_member_name (object, "uris");
  json_builder_begin_array (object);
  th_json_add_strings (object, urls->turn_udp);
  th_json_add_strings (object, urls->turn_tcp);
  th_json_add_strings (object, urls->turns);
  json_builder_end_array (object);
  json_builder_end_object (object);

  g_autoptr (JsonNode) root = json_builder_get_root (object);
  g_autofree char *text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

static ThCredential *
mint (ThSecretRing *ring, ThSettings *settings, const ThOptions *options, GError **error)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 ttl = options->ttl != 0 ? options->ttl
                                 : th_settings_get_integer (settings, TH_SETTING_CREDENTIALS_TTL);

  switch (options->scheme)
    {
    case TH_SCHEME_JWT:
      return th_secret_ring_mint_jwt (ring, options->user, now, error);
    case TH_SCHEME_LIVEKIT:
      return th_secret_ring_mint_livekit (ring, options->user, ttl, now, error);
    default:
      return th_secret_ring_mint (ring, options->user, ttl, now, error);
    }
}

int
th_command_credentials (ThSettings *settings, const ThOptions *options)
{
  g_autofree char *state_directory = th_state_directory_find ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSecretRing) ring =
      th_secret_ring_open_with_settings (settings, state_directory, &error);
  g_autoptr (ThCredential) credential = NULL;

  if (ring != NULL)
    credential = mint (ring, settings, options, &error);
  if (credential == NULL)
    return th_command_fail (error);

  if (options->json)
    print_json (credential, settings);
  else
    print_text (credential);
  return TH_EXIT_WELL;
}
