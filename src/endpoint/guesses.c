/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bucket of an address in the endpoint's rate limit.
 */
#include "endpoint/guesses.h"

#include "endpoint/reply.h"

/* (transfer full) */
static char *
dup_bucket (const ThRequest *request)
{
  const ThCaller stranger = { .kind = TH_CALLER_UNKNOWN };

  return th_caller_dup_bucket (&stranger, request->message);
}

static gboolean
refuse (const ThRequest *request, guint retry_after)
{
  request->counters->rate_limited[TH_CALLER_UNKNOWN]++;
  th_reply_too_many (request->message, retry_after);
  return FALSE;
}

gboolean
th_guesses_allow (const ThRequest *request)
{
  g_autofree char *bucket = dup_bucket (request);
  guint retry_after;

  if (!th_caller_is_on_loopback (request->message) &&
      th_rate_limit_is_reached (request->rate_limit, bucket, g_get_monotonic_time (),
                                &retry_after))
    return refuse (request, retry_after);
  return TRUE;
}

gboolean
th_guesses_count (const ThRequest *request)
{
  g_autofree char *bucket = dup_bucket (request);
  guint retry_after;

  return th_rate_limit_take (request->rate_limit, bucket, g_get_monotonic_time (),
                             &retry_after) ||
         refuse (request, retry_after);
}
