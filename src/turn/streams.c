/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A hash table under a lock. What is taken out under it is released after it.
 */
#include "turn/streams.h"

#include <string.h>

#include "turn/random.h"

struct _ThStreams {
  gatomicrefcount references;
  GDestroyNotify release;
  GMutex lock;
  GHashTable *listening; /* a set of th_turn_end_key() */
  GHashTable *waiting; /* id → ThTurnStream, a reference each */
};

static void
release_stream (ThStreams *self, ThTurnStream *stream)
{
  th_stream_set_state (stream, TH_STREAM_OVER);
  self->release (g_steal_pointer (&stream->socket));
  th_stream_unref (stream);
}

ThTurnStream *
th_stream_new (ThTurnRecord *record)
{
  ThTurnStream *self = g_new0 (ThTurnStream, 1);

  g_atomic_ref_count_init (&self->references);
  self->record = th_turn_record_ref (record);
  return self;
}

ThTurnStream *
th_stream_ref (ThTurnStream *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_stream_unref (ThTurnStream *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  th_turn_record_unref (self->record);
  g_free (self);
}

ThStreamState
th_stream_get_state (const ThTurnStream *self)
{
  return (ThStreamState) g_atomic_int_get (&self->state);
}

void
th_stream_set_state (ThTurnStream *self, ThStreamState state)
{
  g_atomic_int_set (&self->state, (gint) state);
}

ThStreams *
th_streams_new (GDestroyNotify release)
{
  ThStreams *self = g_new0 (ThStreams, 1);

  g_atomic_ref_count_init (&self->references);
  self->release = release;
  g_mutex_init (&self->lock);
  self->listening = g_hash_table_new (NULL, NULL);
  self->waiting = g_hash_table_new (NULL, NULL);
  return self;
}

ThStreams *
th_streams_ref (ThStreams *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_streams_unref (ThStreams *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  th_streams_expire (self, G_MAXINT64);
  g_hash_table_unref (self->listening);
  g_hash_table_unref (self->waiting);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
th_streams_offer (ThStreams *self, ThTurnStream *stream, gint64 now_us)
{
  stream->expires = now_us + TH_STREAM_PATIENCE_US;
  th_stream_set_state (stream, TH_STREAM_WAITING);
  g_mutex_lock (&self->lock);
  do
    th_random_bytes (&stream->id, sizeof stream->id);
  while (stream->id == 0 ||
         g_hash_table_contains (self->waiting, GUINT_TO_POINTER (stream->id)));
  g_hash_table_insert (self->waiting, GUINT_TO_POINTER (stream->id), th_stream_ref (stream));
  g_mutex_unlock (&self->lock);
}

gboolean
th_streams_find_client (ThStreams *self, guint32 id, ThAddress *client)
{
  const ThTurnStream *stream;

  g_mutex_lock (&self->lock);
  stream = g_hash_table_lookup (self->waiting, GUINT_TO_POINTER (id));
  if (stream != NULL)
    *client = stream->client;
  g_mutex_unlock (&self->lock);
  return stream != NULL;
}

ThTurnStream *
th_streams_claim (ThStreams *self, guint32 id, const guint8 *userhash, gint64 now_us, guint *code)
{
  ThTurnStream *stream;

  *code = 0;
  g_mutex_lock (&self->lock);
  stream = g_hash_table_lookup (self->waiting, GUINT_TO_POINTER (id));
  if (stream == NULL || stream->expires <= now_us)
    *code = TH_STUN_BAD_REQUEST;
  else if (memcmp (stream->userhash, userhash, sizeof stream->userhash) != 0)
    *code = TH_STUN_WRONG_CREDENTIALS;
  else
    g_hash_table_remove (self->waiting, GUINT_TO_POINTER (id));
  if (*code == 0)
    th_stream_set_state (stream, TH_STREAM_BOUND);
  g_mutex_unlock (&self->lock);
  return *code == 0 ? stream : NULL;
}

void
th_streams_withdraw (ThStreams *self, ThTurnStream *stream)
{
  gboolean waits;

  g_mutex_lock (&self->lock);
  waits = g_hash_table_lookup (self->waiting, GUINT_TO_POINTER (stream->id)) == stream;
  if (waits)
    g_hash_table_remove (self->waiting, GUINT_TO_POINTER (stream->id));
  g_mutex_unlock (&self->lock);
  if (waits)
    release_stream (self, stream);
}

void
th_streams_set_listening (ThStreams *self, gpointer end_key, gboolean listening)
{
  g_mutex_lock (&self->lock);
  if (listening)
    g_hash_table_add (self->listening, end_key);
  else
    g_hash_table_remove (self->listening, end_key);
  g_mutex_unlock (&self->lock);
}

gboolean
th_streams_is_listening (ThStreams *self, gpointer end_key)
{
  gboolean listening;

  g_mutex_lock (&self->lock);
  listening = g_hash_table_contains (self->listening, end_key);
  g_mutex_unlock (&self->lock);
  return listening;
}

void
th_streams_expire (ThStreams *self, gint64 now_us)
{
  g_autoptr (GPtrArray) expired = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer stream;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->waiting);
  while (g_hash_table_iter_next (&iter, NULL, &stream))
    {
      if (((ThTurnStream *) stream)->expires > now_us)
        continue;
      g_ptr_array_add (expired, stream);
      g_hash_table_iter_remove (&iter);
    }
  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < expired->len; i++)
    release_stream (self, expired->pdata[i]);
}
