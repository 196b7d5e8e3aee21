/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a worker turns down reaches the main context, counted: however many requests there are, few
 * things are told.
 */
#include "relay/refusals.h"

#include <string.h>

#include "fixture.h"

#define NOW 1700000000

static ThTurnClient
client_at (const char *host, guint16 port)
{
  ThTurnClient client = { .transport = TH_TRANSPORT_UDP };

  g_assert_true (th_address_parse (&client.address, host, port));
  return client;
}

static void
note (ThRefusals *refusals, ThRefusalReason reason, const ThTurnClient *client, const char *name)
{
  ThAddress none = TH_ADDRESS_NONE;
  const ThTurnRefusal refusal = {
    .reason = reason,
    .code = 401,
    .client = client,
    .name = name,
    .name_length = name != NULL ? strlen (name) : 0,
    .user = "",
    .peer = &none,
  };

  th_refusals_note (refusals, &refusal, NOW);
}

static void
test_same_are_counted (void)
{
  g_autoptr (ThRefusals) refusals = th_refusals_new ();
  g_autoptr (GArray) taken = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      ThTurnClient client = client_at ("192.0.2.7", (guint16) (1000 + i));

      note (refusals, TH_REFUSAL_WRONG_PASSWORD, &client, "anna");
      note (refusals, i % 2 ? TH_REFUSAL_EXPIRED : TH_REFUSAL_WRONG_PASSWORD, &client, "bob");
    }
  taken = th_refusals_take (refusals, NOW);
  g_assert_cmpuint (taken->len, ==, 3);
  g_assert_cmpuint (g_array_index (taken, ThRelayRefusal, 0).count, ==, 1000);
  g_assert_cmpuint (th_address_port (&g_array_index (taken, ThRelayRefusal, 0).client), ==, 1999);
  g_assert_cmpuint (g_array_index (taken, ThRelayRefusal, 1).count, ==, 500);
  g_assert_cmpuint (g_array_index (taken, ThRelayRefusal, 2).count, ==, 500);
  g_assert_null (th_refusals_take (refusals, NOW));
}

static void
test_crowd_is_bounded (void)
{
  g_autoptr (ThRefusals) refusals = th_refusals_new ();
  g_autoptr (GArray) taken = NULL;
  const ThRelayRefusal *others;

  for (guint i = 0; i < 5000; i++)
    {
      g_autofree char *host = g_strdup_printf ("10.0.%u.%u", i / 250, i % 250);
      ThTurnClient client = client_at (host, 1000);

      note (refusals, TH_REFUSAL_WITHHELD, &client, NULL);
    }
  taken = th_refusals_take (refusals, NOW);
  g_assert_cmpuint (taken->len, ==, TH_REFUSALS_MAX + 1);
  others = &g_array_index (taken, ThRelayRefusal, TH_REFUSALS_MAX);
  g_assert_false (th_address_is_set (&others->client));
  g_assert_cmpint (others->reason, ==, TH_REFUSAL_WITHHELD);
  g_assert_cmpuint (others->count, ==, 5000 - TH_REFUSALS_MAX);
}

static void
test_long_names_are_cut (void)
{
  g_autoptr (ThRefusals) refusals = th_refusals_new ();
  g_autoptr (GArray) taken = NULL;
  g_autofree char *name = g_strnfill (500, 'x');
  ThTurnClient client = client_at ("192.0.2.7", 1000);

  note (refusals, TH_REFUSAL_UNKNOWN_NAME, &client, name);
  taken = th_refusals_take (refusals, NOW);
  g_assert_cmpuint (g_array_index (taken, ThRelayRefusal, 0).name_length, ==,
                    TH_REFUSAL_NAME_SIZE);
}

typedef struct {
  guint n_told;
  guint count;
  ThRelayRefusal last;
} Told;

static void
on_refused (ThRelay *relay, const ThRelayRefusal *refusal, Told *told)
{
  told->n_told++;
  told->count += refusal->count;
  told->last = *refusal;
}

static void
test_relay_tells (Fixture *self, gconstpointer workers)
{
  Told told = { 0 };
  g_autoptr (Client) wrong = client_new (TH_TRANSPORT_TCP, &self->address, "alice");
  g_autoptr (Client) right = client_new (TH_TRANSPORT_UDP, &self->address, "alice");

  g_signal_connect (self->relay, "refused", G_CALLBACK (on_refused), &told);
  g_assert_cmpuint (client_allocate (right), ==, 0);
  client_set_password (wrong, "guessed");
  g_assert_cmpuint (client_allocate (wrong), ==, 401);
  wait_until (told.n_told > 0);
  g_assert_cmpuint (told.n_told, ==, 1);
  g_assert_cmpint (told.last.reason, ==, TH_REFUSAL_WRONG_PASSWORD);
  g_assert_cmpint (told.last.transport, ==, TH_TRANSPORT_TCP);
  g_assert_true (th_address_equal (&told.last.client, &wrong->local));
  g_assert_cmpstr (told.last.user, ==, "alice");
}

/* A worker that stops still tells what it had not told yet. */
static void
test_told_at_the_stop (Fixture *self, gconstpointer workers)
{
  Told told = { 0 };
  g_autoptr (Client) wrong = client_new (TH_TRANSPORT_UDP, &self->address, "alice");

  g_signal_connect (self->relay, "refused", G_CALLBACK (on_refused), &told);
  client_set_password (wrong, "guessed");
  g_assert_cmpuint (client_allocate (wrong), ==, 401);
  th_relay_stop (self->relay);
  g_assert_cmpuint (told.count, ==, 1);
}

/* Thousands of guesses are a few things told, and none of them is lost. */
static void
test_flood_is_counted (Fixture *self, gconstpointer workers)
{
  Told told = { 0 };
  const guint n = 2000;
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (Client) wrong = client_new (TH_TRANSPORT_TCP, &self->address, "alice");

  g_signal_connect (self->relay, "refused", G_CALLBACK (on_refused), &told);
  client_set_password (wrong, "guessed");
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (client_allocate (wrong), ==, 401);
  wait_until (told.count == n);
  /* a batch a second, with one thing in it */
  g_assert_cmpuint (told.n_told, <=,
                    (guint) ((g_get_monotonic_time () - begin) / G_USEC_PER_SEC) + 2);
}

static const Case cases[] = {
  CASE ("a-relay-tells-who-and-why", test_relay_tells),
  CASE ("the-rest-is-told-at-the-stop", test_told_at_the_stop),
  CASE ("a-flood-is-counted", test_flood_is_counted),
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/refusals/the-same-are-counted", test_same_are_counted);
  g_test_add_func ("/relay/refusals/a-crowd-is-bounded", test_crowd_is_bounded);
  g_test_add_func ("/relay/refusals/long-names-are-cut", test_long_names_are_cut);
  add_cases ("/relay/refusals/attached", cases, Fixture, GUINT_TO_POINTER (0),
             fixture_set_up_running, fixture_tear_down);
  add_cases ("/relay/refusals/workers", cases, Fixture, GUINT_TO_POINTER (2),
             fixture_set_up_running, fixture_tear_down);
  return g_test_run ();
}
