/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules of the ring with time as an argument, and its JSON: what goes out comes back, and what
 * is damaged in any way is refused whole.
 */
#include <string.h>

#include "credentials/ring.h"
#include "credentials/ring-state.h"

#define NOW 1700000000
#define GRACE 86400

static const char *
current_of (ThRingState *state)
{
  return th_ring_state_get_current (state)->text;
}

static const ThRingSecret *
nth (ThRingState *state, guint i)
{
  return g_ptr_array_index (state->secrets, i);
}

static ThRingState *
make_state (const char *first, const char *second)
{
  ThRingState *state = th_ring_state_new ();

  th_ring_state_make_current (state, first, NOW, GRACE);
  if (second != NULL)
    th_ring_state_make_current (state, second, NOW + 10, GRACE);
  return state;
}

static void
test_former_stays_for_its_grace (void)
{
  g_autoptr (ThRingState) state = make_state ("one", "two");

  g_assert_cmpstr (current_of (state), ==, "two");
  g_assert_cmpuint (nth (state, 0)->generation, ==, 2);
  g_assert_cmpint (nth (state, 0)->created, ==, NOW + 10);
  g_assert_cmpint (nth (state, 0)->expires_at, ==, 0);
  g_assert_cmpstr (nth (state, 1)->text, ==, "one");
  g_assert_cmpuint (nth (state, 1)->generation, ==, 1);
  g_assert_cmpint (nth (state, 1)->expires_at, ==, NOW + 10 + GRACE);

  th_ring_state_drop_expired (state, NOW + 10 + GRACE - 1);
  g_assert_cmpuint (state->secrets->len, ==, 2);
  th_ring_state_drop_expired (state, NOW + 10 + GRACE);
  g_assert_cmpuint (state->secrets->len, ==, 1);
  g_assert_cmpstr (current_of (state), ==, "two"); /* the current one never expires */
}

static void
test_oldest_are_forgotten (void)
{
  g_autoptr (ThRingState) state = th_ring_state_new ();

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("s%u", i);
      th_ring_state_make_current (state, text, NOW + i, GRACE);
    }
  g_assert_cmpuint (state->secrets->len, ==, TH_RING_SECRETS_MAX);
  g_assert_cmpstr (current_of (state), ==, "s99");
  g_assert_cmpuint (nth (state, 0)->generation, ==, 100);
  g_assert_cmpstr (nth (state, TH_RING_SECRETS_MAX - 1)->text, ==, "s85");
}

static void
test_former_becomes_current_again (void)
{
  g_autoptr (ThRingState) state = make_state ("one", "two");

  th_ring_state_make_current (state, "one", NOW + 20, GRACE);
  g_assert_cmpuint (state->secrets->len, ==, 2);
  g_assert_cmpstr (current_of (state), ==, "one");
  g_assert_cmpuint (nth (state, 0)->generation, ==, 1); /* as the relay's sessions know it */
  g_assert_cmpint (nth (state, 0)->expires_at, ==, 0);
  g_assert_cmpstr (nth (state, 1)->text, ==, "two");
  g_assert_cmpuint (nth (state, 1)->generation, ==, 2);

  th_ring_state_make_current (state, "three", NOW + 30, GRACE);
  g_assert_cmpuint (nth (state, 0)->generation, ==, 3);
}

static void
assert_event (ThRingState *state, guint i, gint64 time, ThRingKind kind, ThRingDeed deed)
{
  ThRingEvent *event = g_ptr_array_index (state->history, i);

  g_assert_cmpint (th_ring_event_get_time (event), ==, time);
  g_assert_cmpint (th_ring_event_get_kind (event), ==, kind);
  g_assert_cmpint (th_ring_event_get_deed (event), ==, deed);
}

static void
test_undo (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);

  g_assert_false (th_ring_state_can_undo (state, TH_RING_SECRET, NOW));
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW + 10, GRACE);
  g_assert_true (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 10));
  g_assert_true (th_ring_state_undo (state, TH_RING_SECRET, "panel", NOW + 20, GRACE));
  g_assert_cmpstr (current_of (state), ==, "one");
  g_assert_cmpint (nth (state, 0)->expires_at, ==, 0);
  g_assert_cmpuint (nth (state, 0)->generation, ==, 1);
  g_assert_cmpint (nth (state, 0)->created, ==, NOW);
  g_assert_cmpuint (nth (state, 1)->generation, ==, 2);
  g_assert_cmpint (nth (state, 1)->expires_at, ==, NOW + 20 + GRACE);
  assert_event (state, 0, NOW + 20, TH_RING_SECRET, TH_RING_DEED_UNDONE);
  assert_event (state, 1, NOW + 10, TH_RING_SECRET, TH_RING_DEED_ROTATED);

  /* Once; and a number is never given twice, even when its secret is gone. */
  g_assert_false (th_ring_state_undo (state, TH_RING_SECRET, "panel", NOW + 21, GRACE));
  g_assert_cmpuint (state->history->len, ==, 2);
  th_ring_state_drop_expired (state, NOW + 20 + GRACE);
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW + 30 + GRACE, GRACE);
  g_assert_cmpuint (nth (state, 0)->generation, ==, 3);
}

static void
test_undo_of_the_configuration (void)
{
  g_autoptr (ThRingState) state = th_ring_state_new ();

  th_ring_state_take_seed (state, "north", NOW, GRACE);
  g_assert_cmpuint (state->history->len, ==, 0); /* the first one took nobody's place */
  th_ring_state_take_seed (state, "south", NOW + 1, GRACE);
  assert_event (state, 0, NOW + 1, TH_RING_SECRET, TH_RING_DEED_CONFIGURED);
  g_assert_true (th_ring_state_undo (state, TH_RING_SECRET, "panel", NOW + 2, GRACE));
  g_assert_cmpstr (current_of (state), ==, "north");
  g_assert_false (th_ring_state_take_seed (state, "south", NOW + 3, GRACE)); /* said before */
  g_assert_cmpstr (current_of (state), ==, "north");
}

/* What came before must be what is current again, not any older one that is still accepted. */
static void
test_no_way_back (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);

  th_ring_state_make_current (state, "two", NOW + 1, 10 * GRACE);
  th_ring_state_make_current (state, "three", NOW + 2, 100);
  g_assert_true (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 101));
  g_assert_false (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 102));
  th_ring_state_drop_expired (state, NOW + 102);
  g_assert_cmpuint (state->secrets->len, ==, 2);
  g_assert_false (th_ring_state_undo (state, TH_RING_SECRET, "panel", NOW + 102, GRACE));
  g_assert_cmpstr (current_of (state), ==, "three");

  g_clear_pointer (&state, th_ring_state_free);
  state = make_state ("one", "two");
  g_array_unref (th_ring_state_revoke (state, TH_RING_SECRET, "panel", NOW + 11));
  g_assert_false (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 11));
  assert_event (state, 0, NOW + 11, TH_RING_SECRET, TH_RING_DEED_REVOKED);
}

static void
test_kinds_are_undone_apart (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);

  th_ring_state_make_missing (state, NOW);
  th_ring_state_rotate (state, TH_RING_API, "panel", NOW + 1, GRACE);
  g_assert_false (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 1));
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW + 2, GRACE);
  g_assert_true (th_ring_state_undo (state, TH_RING_API, "panel", NOW + 3, GRACE));
  g_assert_true (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 3));
  assert_event (state, 0, NOW + 3, TH_RING_API, TH_RING_DEED_UNDONE);
}

static void
test_history_is_bounded (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);

  for (guint i = 0; i < TH_RING_HISTORY_MAX + 20; i++)
    th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW + i, GRACE);
  g_assert_cmpuint (state->history->len, ==, TH_RING_HISTORY_MAX);
  assert_event (state, 0, NOW + TH_RING_HISTORY_MAX + 19, TH_RING_SECRET, TH_RING_DEED_ROTATED);
  assert_event (state, TH_RING_HISTORY_MAX - 1, NOW + 20, TH_RING_SECRET, TH_RING_DEED_ROTATED);
}

static void
test_seed_counts_when_it_changes (void)
{
  g_autoptr (ThRingState) state = th_ring_state_new ();

  g_assert_true (th_ring_state_take_seed (state, "seed", NOW, GRACE));
  g_assert_cmpstr (current_of (state), ==, "seed");
  g_assert_false (th_ring_state_take_seed (state, "seed", NOW + 1, GRACE));

  /* Rotated: the ring is in force while the configuration says the same. */
  th_ring_state_make_current (state, "rotated", NOW + 2, GRACE);
  g_assert_false (th_ring_state_take_seed (state, "seed", NOW + 3, GRACE));
  g_assert_cmpstr (current_of (state), ==, "rotated");

  g_assert_true (th_ring_state_take_seed (state, "changed", NOW + 4, GRACE));
  g_assert_cmpstr (current_of (state), ==, "changed");
  g_assert_cmpstr (nth (state, 1)->text, ==, "rotated");
  g_assert_cmpint (nth (state, 1)->expires_at, ==, NOW + 4 + GRACE);
  g_assert_cmpstr (nth (state, 2)->text, ==, "seed");

  /* Back to what it was before: that is a change, too. */
  g_assert_true (th_ring_state_take_seed (state, "seed", NOW + 5, GRACE));
  g_assert_cmpstr (current_of (state), ==, "seed");
  g_assert_cmpuint (state->secrets->len, ==, 3);
}

static void
test_seed_that_is_current (void)
{
  g_autoptr (ThRingState) state = make_state ("made-at-first-start", NULL);

  /* Somebody copied the secret into the configuration: nothing is rotated. */
  g_assert_true (th_ring_state_take_seed (state, "made-at-first-start", NOW + 1, GRACE));
  g_assert_cmpuint (state->secrets->len, ==, 1);
  g_assert_cmpuint (nth (state, 0)->generation, ==, 1);
}

/* (transfer full): what is read of what was written, which must print the same again */
static ThRingState *
write_and_read (ThRingState *state)
{
  gsize length = 0, length_again = 0;
  g_autofree char *json = th_ring_state_print (state, &length);
  g_autofree char *json_again = NULL;
  g_autoptr (GError) error = NULL;
  ThRingState *again = th_ring_state_parse (json, length, &error);

  g_assert_no_error (error);
  json_again = th_ring_state_print (again, &length_again);
  g_assert_cmpstr (json, ==, json_again);
  g_assert_cmpuint (length, ==, strlen (json));
  return again;
}

static void
test_full_ring_round_trip (void)
{
  g_autoptr (ThRingState) state = th_ring_state_new ();
  g_autoptr (ThRingState) again = NULL;

  for (guint i = 0; i < TH_RING_SECRETS_MAX; i++)
    {
      g_autofree char *text = g_strdup_printf ("s%u", i);
      th_ring_state_make_current (state, text, NOW + i, GRACE);
    }
  again = write_and_read (state);
  g_assert_cmpuint (again->secrets->len, ==, TH_RING_SECRETS_MAX);
}

static void
test_json_round_trip (void)
{
  g_autoptr (ThRingState) state = make_state ("one", "quotes \" \\ [[[[[[[[[[[[ ☎");
  g_autoptr (ThRingState) without_seed = write_and_read (state);
  g_autoptr (ThRingState) again = NULL;

  g_assert_null (without_seed->seed_digest);
  th_ring_state_take_seed (state, "seed", NOW + 20, GRACE);
  again = write_and_read (state);
  g_assert_cmpstr (again->seed_digest, ==, state->seed_digest);
  g_assert_cmpuint (again->secrets->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpstr (nth (again, i)->text, ==, nth (state, i)->text);
      g_assert_cmpint (nth (again, i)->created, ==, nth (state, i)->created);
      g_assert_cmpint (nth (again, i)->expires_at, ==, nth (state, i)->expires_at);
      g_assert_cmpuint (nth (again, i)->generation, ==, nth (state, i)->generation);
    }
}

static void
test_api_secrets (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);
  g_autoptr (ThRingState) again = NULL;
  const ThRingSecret *current, *former;

  g_assert_false (th_ring_state_take_api_seed (state, NULL, NULL, NOW, GRACE));
  g_assert_null (th_ring_state_get_current_api (state));
  g_assert_true (th_ring_state_make_missing (state, NOW));
  g_assert_false (th_ring_state_make_missing (state, NOW));
  g_assert_cmpstr (current_of (state), ==, "one");

  g_assert_true (th_ring_state_take_api_seed (state, "k", "star", NOW + 1, GRACE));
  g_assert_false (th_ring_state_take_api_seed (state, "k", "star", NOW + 2, GRACE));
  th_ring_state_make_current_api (state, "k", "rotated", NOW + 3, GRACE);
  g_assert_false (th_ring_state_take_api_seed (state, "k", "star", NOW + 4, GRACE));

  again = write_and_read (state);
  g_assert_cmpuint (again->api->len, ==, 3);
  g_assert_cmpstr (again->api_digest, ==, state->api_digest);
  current = th_ring_state_get_current_api (again);
  g_assert_cmpstr (current->key, ==, "k");
  g_assert_cmpstr (current->text, ==, "rotated");
  g_assert_cmpuint (current->generation, ==, 3);
  former = g_ptr_array_index (again->api, 1);
  g_assert_cmpstr (former->text, ==, "star");
  g_assert_cmpint (former->expires_at, ==, NOW + 3 + GRACE);

  th_ring_state_drop_expired (again, NOW + 3 + GRACE);
  g_assert_cmpuint (again->api->len, ==, 1);
  g_assert_cmpuint (again->secrets->len, ==, 1);
}

#define CURRENT "\"current\":{\"secret\":\"b\",\"created\":5,\"generation\":2}"
#define PREVIOUS "\"previous\":[{\"secret\":\"a\",\"created\":1,\"generation\":1,\"expires\":9}]"
#define API_CURRENT "\"current\":{\"key\":\"k\",\"secret\":\"b\",\"created\":5,\"generation\":2}"
#define RIGHT "{\"version\":1," CURRENT "," PREVIOUS "}"

static ThRingState *
parse (const char *json, GError **error)
{
  return th_ring_state_parse (json, strlen (json), error);
}

static void
test_damaged (void)
{
  static const char *const damaged[] = {
    "",
    " ",
    "null",
    "1",
    "\"hidden\"",
    "[]",
    "{}",
    "{\"version\":1}",
    "not json, hidden",
    "{\"version\":2," CURRENT "," PREVIOUS "}",
    "{\"version\":\"1\"," CURRENT "," PREVIOUS "}",
    "{\"version\":1.0," CURRENT "," PREVIOUS "}",
    "{\"version\":1," PREVIOUS "}",
    "{\"version\":1," CURRENT "," PREVIOUS ",\"api\":null}",
    "{\"version\":1," CURRENT "," PREVIOUS ",\"api\":[]}",
    "{\"version\":1," CURRENT "," PREVIOUS ",\"api\":{" CURRENT ",\"previous\":[]}}",
    "{\"version\":1," CURRENT "," PREVIOUS ",\"api\":{" API_CURRENT "}}",
    "{\"version\":1," CURRENT "," PREVIOUS ",\"api\":{" API_CURRENT "," PREVIOUS "}}",
    "{\"version\":1," CURRENT "}",
    "{\"version\":1," CURRENT ",\"previous\":{}}",
    "{\"version\":1," CURRENT ",\"previous\":[1]}",
    "{\"version\":1," CURRENT ",\"previous\":[null]}",
    "{\"version\":1," CURRENT ",\"previous\":[[]]}",
    "{\"version\":1,\"current\":null,\"previous\":[]}",
    "{\"version\":1,\"current\":\"b\",\"previous\":[]}",
    "{\"version\":1,\"seed\":1," CURRENT "," PREVIOUS "}",
    "{\"version\":1,\"seed\":null," CURRENT "," PREVIOUS "}",
    /* secrets that are none */
    "{\"version\":1,\"current\":{\"created\":5,\"generation\":2},\"previous\":[]}",
    "{\"version\":1,\"current\":{\"secret\":\"\",\"created\":5,\"generation\":2},\"previous\":[]}",
    "{\"version\":1,\"current\":{\"secret\":7,\"created\":5,\"generation\":2},\"previous\":[]}",
    "{\"version\":1,\"current\":{\"secret\":null,\"created\":5,\"generation\":2},\"previous\":[]}",
    "{\"version\":1,\"current\":{\"secret\":\"a\\nb\",\"created\":5,\"generation\":2},"
    "\"previous\":[]}",
    /* numbers that cannot be */
    "{\"version\":1,\"current\":{\"secret\":\"b\",\"created\":5,\"generation\":0},\"previous\":[]}",
    "{\"version\":1,\"current\":{\"secret\":\"b\",\"created\":5,\"generation\":-2},"
    "\"previous\":[]}",
    "{\"version\":1,\"current\":{\"secret\":\"b\",\"created\":5,\"generation\":1073741824},"
    "\"previous\":[]}",
    "{\"version\":1,\"current\":{\"secret\":\"b\",\"created\":-5,\"generation\":2},"
    "\"previous\":[]}",
    "{\"version\":1,\"current\":{\"secret\":\"b\",\"created\":5,\"generation\":2,\"expires\":9},"
    "\"previous\":[]}",
    "{\"version\":1," CURRENT ",\"previous\":[{\"secret\":\"a\",\"created\":1,\"generation\":1}]}",
    "{\"version\":1," CURRENT ",\"previous\":[{\"secret\":\"a\",\"created\":1,\"generation\":2,"
    "\"expires\":9}]}",
  };
  g_autoptr (ThRingState) right = parse (RIGHT, NULL);

  g_assert_nonnull (right);
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (parse (damaged[i], &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
      g_assert_null (strstr (error->message, "hidden"));
    }
}

static void
test_truncated_anywhere (void)
{
  for (gsize length = 0; length < strlen (RIGHT); length++)
    {
      g_autofree char *exact = g_memdup2 (RIGHT, MAX (length, 1));

      g_assert_null (th_ring_state_parse (exact, length, NULL));
    }
}

static void
test_random_damage (void)
{
  for (guint i = 0; i < 3000; i++)
    {
      g_autofree char *json = g_strdup (RIGHT);
      g_autoptr (ThRingState) state = NULL;

      for (gint changes = g_test_rand_int_range (1, 5); changes > 0; changes--)
        json[g_test_rand_int_range (0, strlen (RIGHT))] = (char) g_test_rand_int_range (0, 256);
      state = th_ring_state_parse (json, strlen (RIGHT), NULL);
      if (state != NULL) /* a letter of a secret, say */
        g_assert_cmpuint (strlen (current_of (state)), >=, 1);
    }
}

static void
test_bottomless (void)
{
  gsize length = 200 * 1024;
  g_autofree char *brackets = g_strnfill (length, '[');
  g_autofree char *braces = g_malloc0 (length);

  for (gsize i = 0; i + 5 <= length; i += 5)
    memcpy (braces + i, "{\"a\":", 5);
  g_assert_null (th_ring_state_parse (brackets, length, NULL));
  g_assert_null (th_ring_state_parse (braces, length / 5 * 5, NULL));
}

static void
test_too_many_secrets (void)
{
  g_autoptr (GString) json =
      g_string_new ("{\"version\":1,\"current\":{\"secret\":\"c\",\"created\":1,"
                    "\"generation\":100},\"previous\":[");

  for (guint i = 0; i < TH_RING_SECRETS_MAX; i++)
    g_string_append_printf (json,
                            "%s{\"secret\":\"s%u\",\"created\":1,\"generation\":%u,\"expires\":9}",
                            i > 0 ? "," : "", i, 99 - i);
  g_string_append (json, "]}");
  g_assert_null (parse (json->str, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/ring-state/" name, function)
  ADD ("api-secrets", test_api_secrets);
  ADD ("former-stays-for-its-grace", test_former_stays_for_its_grace);
  ADD ("oldest-are-forgotten", test_oldest_are_forgotten);
  ADD ("former-becomes-current-again", test_former_becomes_current_again);
  ADD ("undo", test_undo);
  ADD ("undo-of-the-configuration", test_undo_of_the_configuration);
  ADD ("no-way-back", test_no_way_back);
  ADD ("kinds-are-undone-apart", test_kinds_are_undone_apart);
  ADD ("history-is-bounded", test_history_is_bounded);
  ADD ("seed-counts-when-it-changes", test_seed_counts_when_it_changes);
  ADD ("seed-that-is-current", test_seed_that_is_current);
  ADD ("json-round-trip", test_json_round_trip);
  ADD ("full-ring-round-trip", test_full_ring_round_trip);
  ADD ("damaged", test_damaged);
  ADD ("truncated-anywhere", test_truncated_anywhere);
  ADD ("random-damage", test_random_damage);
  ADD ("bottomless", test_bottomless);
  ADD ("too-many-secrets", test_too_many_secrets);
#undef ADD
  return g_test_run ();
}
