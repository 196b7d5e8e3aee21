/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker's DTLS side: which session a record is for, who may begin one, and letting them go.
 * Nothing is kept of a client before it has shown a cookie; from then on its handshake is bounded
 * in time and size, and so are the handshakes of its network and of all.
 */
#include "relay/worker-private.h"

#include <string.h>

#include "turn/random.h"

/* How many ClientHellos of one network are looked at in a second, at one worker. */
#define HELLOS_PER_SECOND 100

/* ---- the table by five-tuple ---- */

static guint
hash_tuple (gconstpointer client)
{
  static guint64 key[2];
  static gsize made;

  if (g_once_init_enter (&made))
    {
      th_random_bytes (key, sizeof key);
      g_once_init_leave (&made, 1);
    }
  return th_turn_client_hash (client, key);
}

static gboolean
same_tuple (gconstpointer a, gconstpointer b)
{
  return th_turn_client_equal (a, b);
}

void
th_worker_init_dtls (ThWorker *self)
{
  ThWorkerDtls *dtls = &self->dtls;

  dtls->sessions = g_hash_table_new (hash_tuple, same_tuple);
  dtls->greeting = g_ptr_array_new ();
  dtls->ended = g_ptr_array_new ();
  dtls->throttle = th_throttle_new (HELLOS_PER_SECOND);
  dtls->message = g_malloc (TH_DTLS_RECORD_MAX);
  th_dtls_cookies_init (&dtls->cookies, self->now);
}

/* ---- sending ---- */

/* Where a record of up to @length bytes may be written, to be posted with post_record(). */
static guint8 *
make_room (ThWorker *self, gsize length)
{
  if (!th_outbox_has_room_for (self->outbox, length))
    th_outbox_flush (self->outbox);
  return th_outbox_head (self->outbox);
}

static void
post_record (ThUdpListener *listener, const ThTurnClient *client, gsize length)
{
  ThWorker *self = listener->worker;
  ThParcel *parcel = th_outbox_post (self->outbox, &listener->udp.outlet, length, NULL, 0, 0);

  parcel->to = client->address;
  if (listener->any_host)
    parcel->from = client->local;
}

static void
on_session_write (ThDtlsSession *session, const guint8 *record, gsize length)
{
  ThUdpListener *listener = session->listener;

  memcpy (make_room (listener->worker, length), record, length);
  post_record (listener, &session->client, length);
}

/* Whoever is in the middle of something with it can finish: it goes when the batch ends. */
static void
note_end (ThWorker *self, ThDtlsSession *session)
{
  if (session->state == TH_DTLS_ENDED && !session->noted)
    g_ptr_array_add (self->dtls.ended, session);
  session->noted = session->state == TH_DTLS_ENDED;
}

void
th_worker_post_dtls (ThWorker *self, ThDtlsSession *session, const ThTurnAction *action)
{
  guint8 *message = self->dtls.message;
  gsize unpadded = action->head_length + action->payload_length;
  gsize length = unpadded + action->tail;

  if (length <= TH_DTLS_RECORD_MAX)
    {
      memcpy (message, action->head, action->head_length);
      if (action->payload_length > 0)
        memcpy (message + action->head_length, action->payload, action->payload_length);
      memset (message + unpadded, 0, action->tail);
    }
  if (length > TH_DTLS_RECORD_MAX || !th_dtls_session_send (session, message, length))
    th_counter_add (&self->drops.send_error, 1);
}

/* ---- beginning ---- */

/* GnuTLS has no DTLS 1.3. */
static gboolean
speaks_dtls (const ThWorker *self)
{
  return self->tls != NULL && th_tls_context_get_minimum (self->tls) <= TH_TLS_1_2;
}

static gboolean
may_begin (const ThWorker *self, const ThTurnClient *client)
{
  return g_atomic_int_get (&self->shared->connections) <
             g_atomic_int_get (&self->shared->max_connections) &&
         th_handshakes_take_step (self->handshakes) &&
         th_handshakes_begin (self->handshakes, &client->address);
}

static void
forget_greeting (ThWorker *self, ThDtlsSession *session)
{
  GPtrArray *greeting = self->dtls.greeting;
  ThDtlsSession *last = greeting->pdata[greeting->len - 1];

  last->position = session->position;
  g_ptr_array_remove_index_fast (greeting, session->position);
  th_handshakes_end (self->handshakes, &session->client.address);
  session->greets = FALSE;
}

static void
free_session (ThWorker *self, ThDtlsSession *session)
{
  if (session->greets)
    forget_greeting (self, session);
  if (session->noted)
    g_ptr_array_remove_fast (self->dtls.ended, session);
  g_atomic_int_add (&self->shared->connections, -1);
  th_dtls_session_free (session);
}

/* Its allocation goes with it; its successor's handshake goes on. */
static void
close_session (ThWorker *self, ThDtlsSession *session)
{
  ThDtlsSession *successor = session->successor;

  th_dtls_session_end (session);
  if (session->predecessor != NULL)
    {
      session->predecessor->successor = NULL;
      free_session (self, session);
      return;
    }
  th_turn_server_client_gone (self->turn, &session->client);
  g_hash_table_remove (self->dtls.sessions, session);
  if (successor != NULL)
    {
      successor->predecessor = NULL;
      g_hash_table_add (self->dtls.sessions, successor);
    }
  free_session (self, session);
}

/* The client has made its way through the handshake: what it had before is of no use to it. */
static void
note_progress (ThWorker *self, ThDtlsSession *session)
{
  if (session->state == TH_DTLS_GREETING)
    return;
  if (session->greets)
    forget_greeting (self, session);
  if (session->state == TH_DTLS_OPEN && session->predecessor != NULL)
    close_session (self, session->predecessor);
  note_end (self, session);
}

static ThDtlsSession *
begin_session (ThWorker *self,
               ThUdpListener *listener,
               const ThTurnClient *client,
               const guint8 *random,
               gnutls_dtls_prestate_st *state)
{
  GPtrArray *greeting = self->dtls.greeting;
  ThDtlsSession *session = th_dtls_session_new (self->tls, client, random, state,
                                                on_session_write, listener, self->now);

  if (session == NULL)
    {
      th_handshakes_end (self->handshakes, &client->address);
      return NULL;
    }
  session->position = greeting->len;
  session->greets = TRUE;
  g_ptr_array_add (greeting, session);
  g_atomic_int_inc (&self->shared->connections);
  return session;
}

/*
 * A cookie proves no more than the address, and may have been seen on its way; so a session that is
 * open stays until the handshake is through. A handshake gives way to another at once.
 *
 * @session: (nullable): the one that is there
 */
static void
begin (ThWorker *self,
       ThUdpListener *listener,
       const ThTurnClient *client,
       ThDtlsSession *session,
       const ThDtlsRecord *hello,
       const guint8 *random,
       gnutls_dtls_prestate_st *state)
{
  ThDtlsSession *newcomer;

  if (session != NULL && session->successor != NULL)
    close_session (self, session->successor);
  if (session != NULL && session->state != TH_DTLS_OPEN)
    {
      close_session (self, session);
      session = NULL;
    }
  newcomer = may_begin (self, client) ? begin_session (self, listener, client, random, state) : NULL;
  if (newcomer == NULL)
    return;
  newcomer->predecessor = session;
  if (session != NULL)
    session->successor = newcomer;
  else
    g_hash_table_add (self->dtls.sessions, newcomer);
  th_dtls_session_take (newcomer, hello, self->dtls.message);
  note_progress (self, newcomer);
}

/* A ClientHello that is of no session that is there. */
static void
greet (ThWorker *self,
       ThUdpListener *listener,
       const ThTurnClient *client,
       ThDtlsSession *session,
       const ThDtlsRecord *hello,
       const guint8 *random)
{
  ThWorkerDtls *dtls = &self->dtls;
  gnutls_dtls_prestate_st state;
  guint8 *answer;

  if (!speaks_dtls (self) || !th_throttle_allow (dtls->throttle, &client->address, self->now))
    return;
  if (th_dtls_cookies_check (&dtls->cookies, client, hello, &state))
    {
      begin (self, listener, client, session, hello, random, &state);
      return;
    }
  answer = make_room (self, TH_DTLS_COOKIE_ANSWER_MAX);
  post_record (listener, client, th_dtls_cookies_answer (&dtls->cookies, client, hello, answer));
}

/* ---- receiving ---- */

static gboolean
began_with (const ThDtlsSession *session, const guint8 *random)
{
  return session != NULL && memcmp (session->random, random, sizeof session->random) == 0;
}

/* Returns: the session that the record helped on, or brought a message for */
static void
take_record (ThWorker *self, ThDtlsSession *session, const ThDtlsRecord *record)
{
  /* What is in the record is read from the inbox before the message is written there. */
  guint8 *message = (guint8 *) record->bytes;
  gsize length = th_dtls_session_take (session, record, message);

  if (length > 0)
    {
      session->last_message = self->now;
      th_worker_handle_from_client (self, &session->client, message, length);
    }
  else if (session->state == TH_DTLS_OPEN && session->successor != NULL)
    {
      th_dtls_session_take (session->successor, record, message);
      note_progress (self, session->successor);
      return;
    }
  note_progress (self, session);
}

void
th_worker_handle_dtls (ThWorker *self,
                       ThUdpListener *listener,
                       const ThTurnClient *client,
                       const guint8 *bytes,
                       gsize length)
{
  ThDtlsRecord record;
  const guint8 *random;

  while (th_dtls_next_record (&bytes, &length, &record))
    {
      ThDtlsSession *session = g_hash_table_lookup (self->dtls.sessions, client);

      if (th_dtls_record_get_hello (&record, &random) && !began_with (session, random) &&
          (session == NULL || !began_with (session->successor, random)))
        greet (self, listener, client, session, &record, random);
      else if (session != NULL)
        take_record (self, session, &record);
    }
}

/* ---- ending ---- */

void
th_worker_close_ended_dtls (ThWorker *self)
{
  GPtrArray *ended = self->dtls.ended;

  while (ended->len > 0)
    close_session (self, ended->pdata[ended->len - 1]);
}

static void
remind_greeting (ThWorker *self)
{
  GPtrArray *greeting = self->dtls.greeting;

  for (guint i = greeting->len; i > 0; i--)
    {
      ThDtlsSession *session = greeting->pdata[i - 1];

      th_dtls_session_remind (session, self->now);
      note_progress (self, session);
    }
}

void
th_worker_look_after_dtls (ThWorker *self)
{
  GHashTableIter iter;
  gpointer item;

  th_dtls_cookies_change (&self->dtls.cookies, self->now);
  remind_greeting (self);
  g_hash_table_iter_init (&iter, self->dtls.sessions);
  while (g_hash_table_iter_next (&iter, &item, NULL))
    {
      ThDtlsSession *session = item;

      if (session->state != TH_DTLS_OPEN || !th_dtls_session_is_idle (session, self->now))
        continue;
      th_dtls_session_end (session);
      note_end (self, session);
    }
}

void
th_worker_clear_dtls (ThWorker *self)
{
  GHashTableIter iter;
  gpointer session;

  for (;;)
    {
      g_hash_table_iter_init (&iter, self->dtls.sessions);
      if (!g_hash_table_iter_next (&iter, &session, NULL))
        break;
      close_session (self, session);
    }
  th_outbox_flush (self->outbox);
  g_hash_table_unref (self->dtls.sessions);
  g_ptr_array_unref (self->dtls.greeting);
  g_ptr_array_unref (self->dtls.ended);
  th_throttle_free (self->dtls.throttle);
  th_dtls_cookies_clear (&self->dtls.cookies);
  g_free (self->dtls.message);
}
