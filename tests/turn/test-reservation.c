/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reservations: who may claim one and for how long, and that each is either claimed or released,
 * once.
 */
#include "turn/reservation.h"

#include <string.h>

#define SECOND G_GINT64_CONSTANT (1000000)
#define START (100 * SECOND)
#define N_MAX 3
#define N_THREADS 4

typedef struct {
  ThReservations *reservations;
  GArray *released; /* guint16: ports, in order */
} Fixture;

static void
on_release (ThReservation *reservation, gpointer user_data)
{
  GArray *released = user_data;

  g_assert_cmpuint (GPOINTER_TO_UINT (reservation->socket), ==, reservation->port + 1u);
  g_array_append_val (released, reservation->port);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->released = g_array_new (FALSE, FALSE, sizeof (guint16));
  fixture->reservations = th_reservations_new (N_MAX, on_release, fixture->released);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->reservations, th_reservations_unref);
  g_array_unref (fixture->released);
}

static ThReservation
reservation_of (const char *user, guint16 port)
{
  ThReservation reservation = { .host = 2, .port = port };

  reservation.socket = GUINT_TO_POINTER (port + 1u);
  g_strlcpy (reservation.user, user, sizeof reservation.user);
  return reservation;
}

static ThReservation
add (Fixture *fixture, const char *user, guint16 port, gint64 now)
{
  ThReservation reservation = reservation_of (user, port);

  g_assert_true (th_reservations_add (fixture->reservations, &reservation, now));
  return reservation;
}

static gboolean
claim (Fixture *fixture, const guint8 *token, const char *user, gint64 now)
{
  ThReservation out = reservation_of ("nobody", 9);

  if (th_reservations_claim (fixture->reservations, token, user, now, &out))
    return TRUE;
  g_assert_cmpuint (out.port, ==, 9);
  return FALSE;
}

static void
test_claimed_by_its_user (Fixture *fixture, gconstpointer data)
{
  ThReservation given = add (fixture, "ada", 50001, START);
  gint64 now = START + SECOND;
  ThReservation out;

  g_assert_true (th_reservations_claim (fixture->reservations, given.token, "ada", now, &out));
  g_assert_cmpuint (out.host, ==, 2);
  g_assert_cmpuint (out.port, ==, 50001);
  g_assert_true (out.socket == given.socket);
  g_assert_cmpstr (out.user, ==, "ada");
  g_assert_cmpmem (out.token, sizeof out.token, given.token, sizeof given.token);
}

static void
test_claimed_once (Fixture *fixture, gconstpointer data)
{
  ThReservation given = add (fixture, "ada", 50001, START);

  g_assert_true (claim (fixture, given.token, "ada", START));
  g_assert_false (claim (fixture, given.token, "ada", START));
  th_reservations_expire (fixture->reservations, START + 60 * SECOND);
  g_clear_pointer (&fixture->reservations, th_reservations_unref);
  g_assert_cmpuint (fixture->released->len, ==, 0);
}

static void
test_foreign_token_is_refused_and_kept (Fixture *fixture, gconstpointer data)
{
  ThReservation given = add (fixture, "ada", 50001, START);

  g_assert_false (claim (fixture, given.token, "bob", START));
  g_assert_false (claim (fixture, given.token, "ad", START));
  g_assert_false (claim (fixture, given.token, "ada2", START));
  g_assert_false (claim (fixture, given.token, "", START));
  g_assert_true (claim (fixture, given.token, "ada", START));
}

static void
test_invented_token_is_refused (Fixture *fixture, gconstpointer data)
{
  ThReservation given = add (fixture, "ada", 50001, START);

  for (guint bit = 0; bit < TH_RESERVATION_TOKEN_SIZE * 8; bit++)
    {
      guint8 token[TH_RESERVATION_TOKEN_SIZE];

      memcpy (token, given.token, sizeof token);
      token[bit / 8] ^= (guint8) (1 << bit % 8);
      g_assert_false (claim (fixture, token, "ada", START));
    }
}

static void
test_stale_token_is_refused (Fixture *fixture, gconstpointer data)
{
  ThReservation just_in_time = add (fixture, "ada", 50001, START);
  ThReservation too_late = add (fixture, "ada", 50003, START);

  g_assert_cmpint (too_late.expires_at_us, ==, START + 30 * SECOND);
  g_assert_true (claim (fixture, just_in_time.token, "ada", START + 30 * SECOND - 1));
  g_assert_false (claim (fixture, too_late.token, "ada", START + 30 * SECOND));
}

static void
test_expired_are_released_once (Fixture *fixture, gconstpointer data)
{
  add (fixture, "ada", 50001, START);
  add (fixture, "bob", 50003, START + 10 * SECOND);

  th_reservations_expire (fixture->reservations, START + 30 * SECOND - 1);
  g_assert_cmpuint (fixture->released->len, ==, 0);
  th_reservations_expire (fixture->reservations, START + 30 * SECOND);
  g_assert_cmpuint (fixture->released->len, ==, 1);
  g_assert_cmpuint (g_array_index (fixture->released, guint16, 0), ==, 50001);
  th_reservations_expire (fixture->reservations, START + 1000 * SECOND);
  th_reservations_expire (fixture->reservations, START + 1000 * SECOND);
  g_assert_cmpuint (fixture->released->len, ==, 2);
  g_assert_cmpuint (g_array_index (fixture->released, guint16, 1), ==, 50003);
}

static void
test_no_more_than_may_wait (Fixture *fixture, gconstpointer data)
{
  ThReservation refused = reservation_of ("ada", 50007);
  ThReservation given;

  add (fixture, "ada", 50001, START);
  add (fixture, "ada", 50003, START);
  given = add (fixture, "ada", 50005, START);
  g_assert_false (th_reservations_add (fixture->reservations, &refused, START));
  g_assert_cmpuint (fixture->released->len, ==, 0);

  g_assert_true (claim (fixture, given.token, "ada", START));
  add (fixture, "ada", 50007, START);
}

static void
test_expired_make_room (Fixture *fixture, gconstpointer data)
{
  for (guint16 port = 50001; port < 50001 + 2 * N_MAX; port += 2)
    add (fixture, "ada", port, START);
  add (fixture, "ada", 50011, START + 31 * SECOND);
  g_assert_cmpuint (fixture->released->len, ==, N_MAX);
}

static void
test_those_who_wait_are_released_at_the_end (Fixture *fixture, gconstpointer data)
{
  add (fixture, "ada", 50001, START);
  add (fixture, "bob", 50003, START);
  g_assert_true (th_reservations_ref (fixture->reservations) == fixture->reservations);
  th_reservations_unref (fixture->reservations);
  g_assert_cmpuint (fixture->released->len, ==, 0);
  g_clear_pointer (&fixture->reservations, th_reservations_unref);
  g_assert_cmpuint (fixture->released->len, ==, 2);
}

static void
test_tokens_differ (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < 1000; i++)
    {
      ThReservation given = add (fixture, "ada", 50001, START);

      g_assert_true (g_hash_table_add (seen, g_memdup2 (given.token, sizeof given.token)));
      g_assert_true (claim (fixture, given.token, "ada", START));
    }
}

typedef struct {
  ThReservations *reservations;
  const guint8 *token;
} Claimant;

static gpointer
claim_in_thread (gpointer data)
{
  Claimant *claimant = data;
  ThReservation out;
  gboolean won =
      th_reservations_claim (claimant->reservations, claimant->token, "ada", START, &out);

  return GINT_TO_POINTER (won);
}

static void
test_one_of_many_threads_gets_it (Fixture *fixture, gconstpointer data)
{
  for (guint round = 0; round < 100; round++)
    {
      ThReservation given = add (fixture, "ada", 50001, START);
      Claimant claimant = { fixture->reservations, given.token };
      GThread *threads[N_THREADS];
      gint winners = 0;

      for (guint i = 0; i < N_THREADS; i++)
        threads[i] = g_thread_new (NULL, claim_in_thread, &claimant);
      for (guint i = 0; i < N_THREADS; i++)
        winners += GPOINTER_TO_INT (g_thread_join (threads[i]));
      g_assert_cmpint (winners, ==, 1);
    }
}

static void
add_test (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/turn/reservation/claimed-by-its-user", test_claimed_by_its_user);
  add_test ("/turn/reservation/claimed-once", test_claimed_once);
  add_test ("/turn/reservation/foreign-token-is-refused-and-kept",
            test_foreign_token_is_refused_and_kept);
  add_test ("/turn/reservation/invented-token-is-refused", test_invented_token_is_refused);
  add_test ("/turn/reservation/stale-token-is-refused", test_stale_token_is_refused);
  add_test ("/turn/reservation/expired-are-released-once", test_expired_are_released_once);
  add_test ("/turn/reservation/no-more-than-may-wait", test_no_more_than_may_wait);
  add_test ("/turn/reservation/expired-make-room", test_expired_make_room);
  add_test ("/turn/reservation/those-who-wait-are-released-at-the-end",
            test_those_who_wait_are_released_at_the_end);
  add_test ("/turn/reservation/tokens-differ", test_tokens_differ);
  add_test ("/turn/reservation/one-of-many-threads-gets-it", test_one_of_many_threads_gets_it);
  return g_test_run ();
}
