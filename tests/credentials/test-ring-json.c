/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ring as JSON: what goes out comes back, rings of before are read, and what is damaged in any
 * way is refused whole.
 */
#include <string.h>

#include "credentials/ring-state.h"

#define NOW 1700000000
#define GRACE 86400

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
  th_ring_state_make_current (state, second, NOW + 10, GRACE);
  return state;
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
test_api_round_trip (void)
{
  g_autoptr (ThRingState) state = make_state ("one", "two");
  g_autoptr (ThRingState) again = NULL;
  const ThRingSecret *current;

  th_ring_state_take_api_seed (state, "k", "star", NOW + 1, GRACE);
  th_ring_state_rotate (state, TH_RING_API, "panel", NOW + 2, GRACE);
  again = write_and_read (state);
  g_assert_cmpuint (again->api->len, ==, 2);
  g_assert_cmpstr (again->api_digest, ==, state->api_digest);
  current = th_ring_state_get_current_api (again);
  g_assert_cmpstr (current->key, ==, "k");
  g_assert_cmpuint (current->generation, ==, 2);
  g_assert_cmpuint (again->secrets->len, ==, 2);
}

/* Numbers that were given are not given again, and an undoing is possible, over a restart. */
static void
test_past_round_trip (void)
{
  g_autoptr (ThRingState) state = make_state ("one", "two");
  g_autoptr (ThRingState) again = NULL;
  ThRingEvent *event;

  th_ring_state_undo (state, TH_RING_SECRET, "command-line", NOW + 20, 1);
  th_ring_state_drop_expired (state, NOW + 30);
  again = write_and_read (state);
  th_ring_state_rotate (again, TH_RING_SECRET, "☎ \"panel\"", NOW + 30, GRACE);
  g_assert_cmpuint (nth (again, 0)->generation, ==, 3);

  g_clear_pointer (&state, th_ring_state_free);
  state = write_and_read (again);
  g_assert_true (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 40));
  g_assert_cmpuint (state->history->len, ==, 2);
  event = g_ptr_array_index (state->history, 0);
  g_assert_cmpint (th_ring_event_get_time (event), ==, NOW + 30);
  g_assert_cmpint (th_ring_event_get_deed (event), ==, TH_RING_DEED_ROTATED);
  g_assert_cmpstr (th_ring_event_get_by (event), ==, "☎ \"panel\"");
  event = g_ptr_array_index (state->history, 1);
  g_assert_cmpint (th_ring_event_get_kind (event), ==, TH_RING_SECRET);
  g_assert_cmpint (th_ring_event_get_deed (event), ==, TH_RING_DEED_UNDONE);
  g_assert_cmpstr (th_ring_event_get_by (event), ==, "command-line");
}

static void
test_full_history_round_trip (void)
{
  g_autoptr (ThRingState) state = make_state ("one", "two");
  g_autoptr (ThRingState) again = NULL;

  for (guint i = 0; i < 2 * TH_RING_HISTORY_MAX; i++)
    g_array_unref (th_ring_state_revoke (state, TH_RING_SECRET, "schedule", NOW + i));
  again = write_and_read (state);
  g_assert_cmpuint (again->history->len, ==, TH_RING_HISTORY_MAX);
}

static void
test_history_tells_no_secret (void)
{
  g_autoptr (ThRingState) state = make_state ("hidden-one", "hidden-two");
  g_autofree char *json = NULL;
  const char *history;
  gsize length;

  th_ring_state_take_seed (state, "hidden-three", NOW, GRACE);
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW, GRACE);
  th_ring_state_undo (state, TH_RING_SECRET, "panel", NOW, GRACE);
  json = th_ring_state_print (state, &length);
  history = strstr (json, "\"history\"");
  g_assert_nonnull (history);
  g_assert_nonnull (strstr (history, "configured"));
  g_assert_null (strstr (history, "hidden"));
}

#define CURRENT "\"current\":{\"secret\":\"b\",\"created\":5,\"generation\":2}"
#define PREVIOUS "\"previous\":[{\"secret\":\"a\",\"created\":1,\"generation\":1,\"expires\":9}]"
#define API_CURRENT "\"current\":{\"key\":\"k\",\"secret\":\"b\",\"created\":5,\"generation\":2}"
#define RIGHT "{\"version\":1," CURRENT "," PREVIOUS "}"
#define WITH(members) "{\"version\":1," CURRENT "," PREVIOUS "," members "}"
#define EVENT(members) WITH ("\"history\":[{" members "}]")

static ThRingState *
parse (const char *json, GError **error)
{
  return th_ring_state_parse (json, strlen (json), error);
}

/* As it was stored before there were API secrets, a history, and numbers that are counted. */
static void
test_ring_of_before (void)
{
  g_autoptr (ThRingState) state = parse (RIGHT, NULL);

  g_assert_nonnull (state);
  g_assert_cmpuint (state->secrets->len, ==, 2);
  g_assert_cmpuint (state->history->len, ==, 0);
  g_assert_false (th_ring_state_can_undo (state, TH_RING_SECRET, 6));
  th_ring_state_make_missing (state, 7);
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", 7, GRACE);
  g_assert_cmpuint (nth (state, 0)->generation, ==, 3);
  g_assert_true (th_ring_state_can_undo (state, TH_RING_SECRET, 8));
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
    WITH ("\"generations\":1"), /* fewer than were given */
    WITH ("\"generations\":-1"),
    WITH ("\"generations\":null"),
    WITH ("\"generations\":\"2\""),
    WITH ("\"generations\":1073741824"),
    WITH ("\"generations\":9223372036854775807"),
    WITH ("\"replaced\":3"), /* a number that was never given */
    WITH ("\"replaced\":-1"),
    WITH ("\"replaced\":1.0"),
    WITH ("\"replaced\":[]"),
    /* histories that are none */
    WITH ("\"history\":null"),
    WITH ("\"history\":{}"),
    WITH ("\"history\":\"hidden\""),
    WITH ("\"history\":[null]"),
    WITH ("\"history\":[[]]"),
    WITH ("\"history\":[\"hidden\"]"),
    EVENT (""),
    EVENT ("\"kind\":\"api\",\"deed\":\"rotated\",\"by\":\"hidden\""),
    EVENT ("\"time\":-1,\"kind\":\"api\",\"deed\":\"rotated\",\"by\":\"hidden\""),
    EVENT ("\"time\":\"5\",\"kind\":\"api\",\"deed\":\"rotated\",\"by\":\"hidden\""),
    EVENT ("\"time\":5,\"deed\":\"rotated\",\"by\":\"hidden\""),
    EVENT ("\"time\":5,\"kind\":\"hidden\",\"deed\":\"rotated\",\"by\":\"panel\""),
    EVENT ("\"time\":5,\"kind\":1,\"deed\":\"rotated\",\"by\":\"hidden\""),
    EVENT ("\"time\":5,\"kind\":\"api\",\"by\":\"hidden\""),
    EVENT ("\"time\":5,\"kind\":\"api\",\"deed\":\"hidden\",\"by\":\"panel\""),
    EVENT ("\"time\":5,\"kind\":\"api\",\"deed\":0,\"by\":\"hidden\""),
    EVENT ("\"time\":5,\"kind\":\"api\",\"deed\":\"rotated\""),
    EVENT ("\"time\":5,\"kind\":\"api\",\"deed\":\"rotated\",\"by\":\"\""),
    EVENT ("\"time\":5,\"kind\":\"api\",\"deed\":\"rotated\",\"by\":\"hidden\\n\""),
    EVENT ("\"time\":5,\"kind\":\"api\",\"deed\":\"rotated\",\"by\":7"),
  };
  g_autoptr (ThRingState) right = parse (
      EVENT ("\"time\":5,\"kind\":\"api\",\"deed\":\"undone\",\"by\":\"panel\""), NULL);

  g_assert_nonnull (right);
  g_assert_cmpuint (right->history->len, ==, 1);
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
        g_assert_cmpuint (strlen (nth (state, 0)->text), >=, 1);
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

static void
test_too_many_deeds (void)
{
  for (guint deeds = TH_RING_HISTORY_MAX; deeds <= TH_RING_HISTORY_MAX + 1; deeds++)
    {
      g_autoptr (GString) json =
          g_string_new ("{\"version\":1," CURRENT "," PREVIOUS ",\"history\":[");
      g_autoptr (ThRingState) state = NULL;

      for (guint i = 0; i < deeds; i++)
        g_string_append_printf (json, "%s{\"time\":%u,\"kind\":\"secret\",\"deed\":\"rotated\","
                                      "\"by\":\"panel\"}",
                                i > 0 ? "," : "", i);
      g_string_append (json, "]}");
      state = parse (json->str, NULL);
      g_assert_cmpint (state != NULL, ==, deeds == TH_RING_HISTORY_MAX);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/ring-json/" name, function)
  ADD ("round-trip", test_json_round_trip);
  ADD ("full-ring-round-trip", test_full_ring_round_trip);
  ADD ("api-round-trip", test_api_round_trip);
  ADD ("past-round-trip", test_past_round_trip);
  ADD ("full-history-round-trip", test_full_history_round_trip);
  ADD ("history-tells-no-secret", test_history_tells_no_secret);
  ADD ("ring-of-before", test_ring_of_before);
  ADD ("damaged", test_damaged);
  ADD ("truncated-anywhere", test_truncated_anywhere);
  ADD ("random-damage", test_random_damage);
  ADD ("bottomless", test_bottomless);
  ADD ("too-many-secrets", test_too_many_secrets);
  ADD ("too-many-deeds", test_too_many_deeds);
#undef ADD
  return g_test_run ();
}
