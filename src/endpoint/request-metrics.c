/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counters of the endpoint, with a name for everything they tell apart.
 */
#include "endpoint/request-metrics.h"

static void
add_minted (ThExposition *exposition, const ThEndpointCounters *counters)
{
  static const char *const schemes[TH_RING_N_KINDS] = {
    [TH_RING_SECRET] = "rest",
    [TH_RING_API] = "jwt",
  };

  th_exposition_family (exposition, "turnhouse_credentials_minted_total", TH_METRIC_COUNTER,
                        "Credentials given out by the endpoint, by scheme.");
  for (guint i = 0; i < TH_RING_N_KINDS; i++)
    th_exposition_add (exposition, (double) counters->minted[i], "scheme", schemes[i], NULL);
}

static void
add_answers (ThExposition *exposition, const ThEndpointCounters *counters)
{
  th_exposition_family (exposition, "turnhouse_http_requests_total", TH_METRIC_COUNTER,
                        "Requests answered by the endpoint, by route and status.");
  for (guint i = 0; i < counters->answers->len; i++)
    {
      const ThAnswerCount *row = &g_array_index (counters->answers, ThAnswerCount, i);
      g_autofree char *code = g_strdup_printf ("%u", row->status);

      th_exposition_add (exposition, (double) row->count, "route", row->route, "code", code, NULL);
    }
}

static void
add_turned_away (ThExposition *exposition, const ThEndpointCounters *counters)
{
  static const char *const callers[TH_N_CALLERS] = {
    [TH_CALLER_UNKNOWN] = "unknown",
    [TH_CALLER_LOCAL] = "local",
    [TH_CALLER_APP] = "app",
    [TH_CALLER_USER] = "user",
  };
  static const char *const reasons[TH_N_REFUSALS] = {
    [TH_REFUSAL_NOTHING_SHOWN] = "no_token",
    [TH_REFUSAL_UNKNOWN_TOKEN] = "unknown_token",
    [TH_REFUSAL_JWT + TH_JWT_MALFORMED] = "jwt_malformed",
    [TH_REFUSAL_JWT + TH_JWT_ALGORITHM] = "jwt_algorithm",
    [TH_REFUSAL_JWT + TH_JWT_SIGNATURE] = "jwt_signature",
    [TH_REFUSAL_JWT + TH_JWT_ISSUER] = "jwt_issuer",
    [TH_REFUSAL_JWT + TH_JWT_NO_EXPIRY] = "jwt_no_expiry",
    [TH_REFUSAL_JWT + TH_JWT_EXPIRED] = "jwt_expired",
    [TH_REFUSAL_JWT + TH_JWT_NOT_YET_VALID] = "jwt_not_yet_valid",
    [TH_REFUSAL_JWT + TH_JWT_NO_SUBJECT] = "jwt_no_subject",
    [TH_REFUSAL_JWT + TH_JWT_AUDIENCE] = "jwt_audience",
    [TH_REFUSAL_JWT + TH_JWT_RELAY_PASSWORD] = "jwt_relay_password",
  };

  th_exposition_family (exposition, "turnhouse_http_rate_limited_total", TH_METRIC_COUNTER,
                        "Requests to the endpoint that were one too many, by kind of caller.");
  for (guint i = 0; i < TH_N_CALLERS; i++)
    th_exposition_add (exposition, (double) counters->rate_limited[i], "caller", callers[i], NULL);
  th_exposition_family (exposition, "turnhouse_http_auth_failures_total", TH_METRIC_COUNTER,
                        "Requests to the endpoint by callers unknown, by reason.");
  for (guint i = 0; i < TH_N_REFUSALS; i++)
    if (reasons[i] != NULL)
      th_exposition_add (exposition, (double) counters->refused[i], "reason", reasons[i], NULL);
}

void
th_request_metrics_add (ThExposition *exposition, const ThEndpointCounters *counters)
{
  add_minted (exposition, counters);
  add_answers (exposition, counters);
  add_turned_away (exposition, counters);
}
