/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Buckets of requests, one per caller, in a table of bounded size.
 */
#include "endpoint/rate-limit.h"

typedef struct {
  double requests; /* that may still be made */
  gint64 updated;  /* microseconds */
} Bucket;

struct _ThRateLimit {
  guint per_minute;
  GHashTable *buckets; /* caller to Bucket */
};

static void
bucket_refill (Bucket *bucket, guint per_minute, gint64 now)
{
  double minutes = (double) (now - bucket->updated) / (60 * G_USEC_PER_SEC);

  bucket->requests = MIN (bucket->requests + minutes * per_minute, per_minute);
  bucket->updated = now;
}

/* Seconds until the bucket holds a whole request, rounded up. */
static guint
bucket_wait (const Bucket *bucket, guint per_minute)
{
  double seconds = (1 - bucket->requests) * 60 / per_minute;

  return 1 + (guint) MAX (seconds, 0);
}

static void
forget_longest_silent (ThRateLimit *self)
{
  GHashTableIter iter;
  gpointer caller, value;
  gpointer oldest = NULL;
  gint64 oldest_update = G_MAXINT64;

  g_hash_table_iter_init (&iter, self->buckets);
  while (g_hash_table_iter_next (&iter, &caller, &value))
    if (((Bucket *) value)->updated < oldest_update)
      {
        oldest = caller;
        oldest_update = ((Bucket *) value)->updated;
      }
  if (oldest != NULL)
    g_hash_table_remove (self->buckets, oldest);
}

static Bucket *
get_bucket (ThRateLimit *self, const char *caller, gint64 now)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, caller);

  if (bucket == NULL)
    {
      if (g_hash_table_size (self->buckets) >= TH_RATE_LIMIT_CALLERS)
        forget_longest_silent (self);
      bucket = g_new (Bucket, 1);
      *bucket = (Bucket) { .requests = self->per_minute, .updated = now };
      g_hash_table_insert (self->buckets, g_strdup (caller), bucket);
    }
  bucket_refill (bucket, self->per_minute, now);
  return bucket;
}

ThRateLimit *
th_rate_limit_new (guint per_minute)
{
  ThRateLimit *self = g_new0 (ThRateLimit, 1);

  self->per_minute = per_minute;
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
th_rate_limit_free (ThRateLimit *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->buckets);
  g_free (self);
}

gboolean
th_rate_limit_is_reached (ThRateLimit *self, const char *caller, gint64 now, guint *retry_after)
{
  if (self->per_minute == 0)
    return FALSE;

  Bucket *bucket = get_bucket (self, caller, now);
  if (bucket->requests >= 1)
    return FALSE;
  if (retry_after != NULL)
    *retry_after = bucket_wait (bucket, self->per_minute);
  return TRUE;
}

gboolean
th_rate_limit_take (ThRateLimit *self, const char *caller, gint64 now, guint *retry_after)
{
  if (th_rate_limit_is_reached (self, caller, now, retry_after))
    return FALSE;
  if (self->per_minute > 0)
    get_bucket (self, caller, now)->requests -= 1;
  return TRUE;
}
