/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --credentials: a credential for a person at a terminal, or for a script.
 */
#include <json-glib/json-glib.h>

#include "app/credentials-setup.h"
#include "app/relay-urls.h"
#include "app/state-directory.h"
#include "server/commands.h"

static char *
format_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

static void
print_text (const ThCredential *credential)
{
  g_autofree char *expiry = format_time (credential->expires_at);

  g_print ("username  %s\npassword  %s\nexpires   %s\n", credential->username,
           credential->password, expiry);
}

static void
add_member (JsonBuilder *object, const char *name, const char *value)
{
  json_builder_set_member_name (object, name);
  json_builder_add_string_value (object, value);
}

static void
add_uris (JsonBuilder *object, char **uris)
{
  for (guint i = 0; uris[i] != NULL; i++)
    json_builder_add_string_value (object, uris[i]);
}

/* The names of the TURN REST API (password, uris), and WebRTC's name for the password. */
static void
print_json (const ThCredential *credential, ThSettings *settings)
{
  g_autoptr (ThRelayUrls) urls = th_relay_urls_new_planned (settings);
  g_autoptr (JsonBuilder) object = json_builder_new ();
  g_autofree char *expiry = format_time (credential->expires_at);

  json_builder_begin_object (object);
  add_member (object, "username", credential->username);
  add_member (object, "password", credential->password);
  add_member (object, "credential", credential->password);
  json_builder_set_member_name (object, "ttl");
  json_builder_add_int_value (object, credential->ttl);
  add_member (object, "expiresAt", expiry);
  json_builder_set_member_name (object, "uris");
  json_builder_begin_array (object);
  add_uris (object, urls->turn_udp);
  add_uris (object, urls->turn_tcp);
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
