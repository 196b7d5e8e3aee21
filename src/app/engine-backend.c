/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the endpoint asks, and where in the engine the answers are.
 */
#include "app/endpoint-credentials.h"
#include "app/engine-private.h"
#include "app/test-message.h"
#include "ice/ice-rules.h"
#include "relay/machine-addresses.h"

static ThRelayUrls *
backend_get_urls (gpointer data, gboolean for_browser_here)
{
  return th_engine_find_urls (data, for_browser_here);
}

static gboolean
backend_is_relay_running (gpointer data)
{
  return th_relay_is_running (((ThEngine *) data)->relay);
}

static gboolean
backend_is_draining (gpointer data)
{
  return ((ThEngine *) data)->draining;
}

static GListModel *
backend_get_listeners (gpointer data)
{
  return th_relay_get_listeners (((ThEngine *) data)->relay);
}

static void
backend_get_statistics (gpointer data, ThRelayStatistics *statistics)
{
  th_relay_get_statistics (((ThEngine *) data)->relay, statistics);
}

static const ThTrafficRate *
backend_get_rate (gpointer data)
{
  return ((ThEngine *) data)->traffic_rate;
}

static ThOneTime *
backend_get_test_links (gpointer data)
{
  return ((ThEngine *) data)->test_links;
}

/* Where a router leads this network's devices back to its own outside address, they come from
 * there. */
static gboolean
is_own_outside (ThEngine *self, const ThAddress *address)
{
  const ThRelayConfig *config = self->relay_config;

  for (guint i = 0; config != NULL && i < config->n_hosts; i++)
    if (th_address_same_host (&config->hosts[i].external, address))
      return TRUE;
  return FALSE;
}

static gpointer
backend_begin_test (gpointer data, const char *user_agent, const ThAddress *address)
{
  ThEngine *self = data;
  gboolean outside = th_ice_address_is_public (address) && !th_machine_is_near (address) &&
                     !is_own_outside (self, address);

  return th_test_visits_begin (self->test_visits, user_agent, address, outside);
}

static gboolean
backend_take_test_message (gpointer data, gpointer visit, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThTestMessage) message = th_test_message_parse (text, length, &error);

  if (message != NULL)
    th_test_visit_take (visit, message);
  else
    g_debug ("A test page was not understood: %s", error->message);
  return message != NULL;
}

static void
backend_end_test (gpointer data, gpointer visit)
{
  th_test_visit_end (visit);
  g_message ("A test in a browser came to its end: %s",
             th_ice_verdict_get_id (th_test_visit_get_verdict (visit)));
  g_object_unref (visit);
}

static const ThEndpointBackend endpoint_backend = {
  .mint = th_engine_mint,
  .mint_jwt = th_engine_mint_jwt,
  .check_jwt = th_engine_check_jwt,
  .find_app = th_engine_find_app,
  .note_app = th_engine_note_app,
  .get_secret_facts = th_engine_get_secret_facts,
  .get_urls = backend_get_urls,
  .is_relay_running = backend_is_relay_running,
  .is_draining = backend_is_draining,
  .get_listeners = backend_get_listeners,
  .get_statistics = backend_get_statistics,
  .get_rate = backend_get_rate,
  .get_test_links = backend_get_test_links,
  .begin_test = backend_begin_test,
  .take_test_message = backend_take_test_message,
  .end_test = backend_end_test,
};

const ThEndpointBackend *
th_engine_get_backend (void)
{
  return &endpoint_backend;
}
