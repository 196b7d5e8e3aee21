/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A relay under test and its users.
 */
#include "fixture.h"

#include <errno.h>
#include <string.h>

#include "made-context.h"
#include "stun/integrity.h"

/* Free ports may be taken by others between the look and the bind. */
#define START_ATTEMPTS 5

typedef struct {
  ThTurnAuthenticator base;
  char *ending;
} Authenticator;

guint
fixture_secret_of (const char *user)
{
  return 1 + user[0] % 16;
}

static guint
find_keys (const ThTurnAuthenticator *base, const ThTurnClaim *claim, ThTurnKey *keys, guint max)
{
  const Authenticator *self = (const Authenticator *) base;
  g_autofree char *user = g_strndup (claim->username, claim->username_length);
  g_autofree char *password = g_strconcat (user, self->ending, NULL);

  keys[0] = (ThTurnKey) { .secret = fixture_secret_of (user) };
  keys[0].key_length =
      th_stun_long_term_key (claim->algorithm, user, strlen (user), claim->realm,
                             strlen (claim->realm), password, strlen (password), keys[0].key);
  g_strlcpy (keys[0].user, user, sizeof keys[0].user);
  return 1;
}

static void
free_authenticator (ThTurnAuthenticator *base)
{
  Authenticator *self = (Authenticator *) base;

  g_free (self->ending);
  g_free (self);
}

static guint16
free_port (const char *host)
{
  ThAddress address = free_address (host);

  return th_address_port (&address);
}

static gboolean
all_are_bound (ThRelay *relay)
{
  GListModel *listeners = th_relay_get_listeners (relay);

  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);

      if (!th_listener_info_is_bound (info))
        return FALSE;
    }
  return TRUE;
}

static gboolean
try_to_start (Fixture *self)
{
  g_autoptr (ThTurnAuthenticator) authenticator = authenticator_new ("-secret");
  g_autoptr (GError) error = NULL;
  gboolean started = th_relay_start (self->relay, self->config, authenticator, &error);

  if (started && all_are_bound (self->relay))
    return TRUE;
  g_assert_true (started || g_error_matches (error, TH_RELAY_ERROR, TH_RELAY_ERROR_NO_LISTENER));
  th_relay_stop (self->relay);
  return FALSE;
}

ThTurnAuthenticator *
authenticator_new (const char *ending)
{
  Authenticator *self = g_new0 (Authenticator, 1);

  g_atomic_ref_count_init (&self->base.references);
  self->base.find_keys = find_keys;
  self->base.free = free_authenticator;
  self->ending = g_strdup (ending);
  return &self->base;
}

void
fixture_init (Fixture *self, const char *host)
{
  static const char *const loopback[] = { "127.0.0.0/8", "::1/128", NULL };

  self->relay = th_relay_new ();
  self->config = th_relay_config_new ();
  self->config->allow_peers = g_strdupv ((char **) loopback);
  self->config->port = free_port (host);
  fixture_listen_also (self, host);
  fixture_set_workers (self, 1);
}

void
fixture_set_up (Fixture *self, gconstpointer data)
{
  fixture_init (self, "127.0.0.1");
}

void
fixture_set_up_running (Fixture *self, gconstpointer workers)
{
  fixture_init (self, "127.0.0.1");
  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self);
}

void
fixture_set_workers (Fixture *self, guint workers)
{
  self->config->workers_auto = workers == WORKERS_AUTO;
  self->config->workers = workers;
}

void
fixture_listen_also (Fixture *self, const char *host)
{
  ThRelayConfig *config = self->config;

  config->listen = g_renew (ThAddress, config->listen, config->n_listen + 1);
  g_assert_true (th_address_parse (&config->listen[config->n_listen], host, 0));
  config->n_listen++;
}

void
fixture_relay_from (Fixture *self, const char *internal, const char *external)
{
  self->config->hosts = g_new (ThRelayHost, 1);
  self->config->n_hosts = 1;
  g_assert_true (th_address_parse (&self->config->hosts[0].internal, internal, 0));
  g_assert_true (th_address_parse (&self->config->hosts[0].external, external, 0));
}

void
fixture_start (Fixture *self)
{
  g_autoptr (ThTlsContext) tls = made_context_new (TH_TLS_1_2);
  char host[TH_ADDRESS_STRING_SIZE] = "127.0.0.1";

  th_relay_set_tls (self->relay, tls);
  if (self->config->n_listen > 0)
    th_address_format_host (&self->config->listen[0], host);
  for (guint attempt = 0; !try_to_start (self); attempt++)
    {
      g_assert_cmpuint (attempt, <, START_ATTEMPTS);
      self->config->port = free_port (host);
    }
  self->address = fixture_address_on (self, host);
}

void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  th_relay_stop (self->relay);
  g_assert_finalize_object (self->relay);
  th_relay_config_free (self->config);
}

ThAddress
fixture_address_on (const Fixture *self, const char *host)
{
  ThAddress address;

  g_assert_true (th_address_parse (&address, host, self->config->port));
  return address;
}

const ThRelayStatistics *
fixture_look (Fixture *self)
{
  th_relay_get_statistics (self->relay, &self->statistics);
  return &self->statistics;
}

ThSession *
fixture_session (Fixture *self, guint position)
{
  ThSession *session = g_list_model_get_item (th_relay_get_sessions (self->relay), position);

  g_assert_nonnull (session);
  g_object_unref (session); /* the list still has it */
  return session;
}

void
add_cases_of_size (const char *path,
                   const Case *cases,
                   guint n_cases,
                   gsize size,
                   gconstpointer data,
                   GTestFixtureFunc set_up,
                   GTestFixtureFunc tear_down)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *whole = g_strconcat (path, "/", cases[i].name, NULL);

      g_test_add_vtable (whole, size, data, set_up, cases[i].func, tear_down);
    }
}
