/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All routes of the endpoint. A new one is a row here and a file with its answer.
 */
#include "endpoint/routes.h"

#include "endpoint/acme-challenge.h"
#include "endpoint/client-meta.h"
#include "endpoint/health.h"
#include "endpoint/ice-servers.h"
#include "endpoint/livekit-ice-config.h"
#include "endpoint/metrics.h"
#include "endpoint/status.h"
#include "endpoint/test-page.h"
#include "endpoint/test-stream.h"
#include "endpoint/turn-rest.h"
#include "endpoint/web-file.h"

/* clang-format off */
static const ThRoute routes[] = {
  { TH_ACME_CHALLENGE_PATH,
    .prefix = TRUE,
    .access = TH_ACCESS_OPEN,
    .answer = th_answer_acme_challenge },
  { "/api/ice-servers", .post = TRUE, .access = TH_ACCESS_CALLER, .answer = th_answer_ice_servers },
  { "/api/livekit/ice-config",
    .post = TRUE,
    .access = TH_ACCESS_CALLER,
    .answer = th_answer_livekit_ice_config },
  { "/api/status", .access = TH_ACCESS_WATCHER, .answer = th_answer_status },
  { "/client.mjs", .access = TH_ACCESS_OPEN, .answer = th_answer_client_module },
  { "/client/meta", .post = TRUE, .access = TH_ACCESS_CALLER, .answer = th_answer_client_meta },
  { "/healthz", .access = TH_ACCESS_OPEN, .answer = th_answer_health },
  { "/metrics", .metrics = TRUE, .access = TH_ACCESS_WATCHER, .answer = th_answer_metrics },
  { "/test", .access = TH_ACCESS_OPEN, .answer = th_answer_test_page },
  { "/test/call.mjs", .access = TH_ACCESS_OPEN, .answer = th_answer_test_file },
  { "/test/page.css", .access = TH_ACCESS_OPEN, .answer = th_answer_test_file },
  { "/test/page.mjs", .access = TH_ACCESS_OPEN, .answer = th_answer_test_file },
  { "/test/stream", .access = TH_ACCESS_OPEN, .answer = th_answer_test_stream },
  { "/test/words.mjs", .access = TH_ACCESS_OPEN, .answer = th_answer_test_file },
  { "/turn", .post = TRUE, .access = TH_ACCESS_CALLER, .answer = th_answer_turn_rest },
};
/* clang-format on */

static gboolean
is_of (const ThRoute *self, const char *path)
{
  return self->prefix ? g_str_has_prefix (path, self->path) : g_str_equal (self->path, path);
}

static gboolean
is_served (const ThRoute *self, const ThEndpointConfig *config)
{
  if (config->challenges_only && self->answer != th_answer_acme_challenge)
    return FALSE;
  return config->metrics || !self->metrics;
}

const ThRoute *
th_route_find (const char *path, const ThEndpointConfig *config)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (is_of (&routes[i], path) && is_served (&routes[i], config))
      return &routes[i];
  return NULL;
}

gboolean
th_route_allows (const ThRoute *self, const char *method)
{
  return g_str_equal (method, "GET") || g_str_equal (method, "HEAD") ||
         (self->post && g_str_equal (method, "POST"));
}

const char *
th_route_get_methods (const ThRoute *self)
{
  return self->post ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS";
}
