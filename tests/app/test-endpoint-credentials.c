/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets and apps as the endpoint sees them, of a whole engine: what is noted of an app, who is
 * behind after a rotation, and whose tokens go on being good.
 */
#include "../relay/waiting.h"
#include "app/endpoint-credentials.h"
#include "fixture.h"

#define add(path, test)                                                                            \
  g_test_add ("/app/endpoint-credentials/" path, Fixture, NULL, fixture_set_up, test,             \
              fixture_tear_down)

static void
on_rotated (GObject *rotator, GAsyncResult *result, gpointer data)
{
  *(gboolean *) data = th_rotator_rotate_finish (TH_ROTATOR (rotator), result, NULL);
}

static void
rotate (Fixture *fixture, ThRingKind kind)
{
  gboolean rotated = FALSE;

  th_rotator_rotate_async (th_engine_get_rotator (fixture->engine), kind, "panel", NULL,
                           on_rotated, &rotated);
  wait_until (rotated);
}

static void
assert_facts (Fixture *fixture, ThRingKind kind, guint rotations, guint behind)
{
  ThSecretFacts facts;

  th_engine_get_secret_facts (fixture->engine, kind, &facts);
  g_assert_cmpint (facts.age, >=, 0);
  g_assert_cmpint (facts.age, <, 600);
  g_assert_cmpuint (facts.rotations, ==, rotations);
  g_assert_cmpuint (facts.apps_behind, ==, behind);
  g_assert_cmpuint (facts.old_sessions, ==, 0);
}

static void
test_apps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThAppToken) row = NULL;

  fixture_set (fixture, TH_SETTING_ENDPOINT_TOKENS, "chat:open-sesame");
  fixture_start (fixture);
  row = g_list_model_get_item (G_LIST_MODEL (th_engine_get_app_tokens (fixture->engine)), 0);
  g_assert_cmpstr (th_engine_find_app (fixture->engine, "open-sesame"), ==, "chat");
  g_assert_null (th_engine_find_app (fixture->engine, "sesame"));

  th_engine_note_app (fixture->engine, "chat", TH_RING_N_KINDS);
  g_assert_cmpint (th_app_token_get_last_seen (row), >, 0);
  g_assert_cmpuint (th_app_token_get_generation (row), ==, 0);
  th_engine_note_app (fixture->engine, "chat", TH_RING_SECRET);
  assert_facts (fixture, TH_RING_SECRET, 0, 0);
  rotate (fixture, TH_RING_SECRET);
  assert_facts (fixture, TH_RING_SECRET, 1, 1);
  assert_facts (fixture, TH_RING_API, 0, 0);
  th_engine_note_app (fixture->engine, "chat", TH_RING_SECRET);
  assert_facts (fixture, TH_RING_SECRET, 1, 0);

  th_engine_note_app (fixture->engine, "chat", TH_RING_API);
  rotate (fixture, TH_RING_API);
  assert_facts (fixture, TH_RING_API, 1, 1);
  assert_facts (fixture, TH_RING_SECRET, 1, 0);
}

/* A relay password opens nothing here, and is known for what it is as long as its secret counts. */
static void
test_jwt (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThCredential) credential = NULL;
  g_autofree char *user = NULL;

  fixture_start (fixture);
  credential = th_engine_mint_jwt (fixture->engine, "anna", &error);
  g_assert_no_error (error);
  g_assert_cmpint (th_engine_check_jwt (fixture->engine, credential->password, &user), ==,
                   TH_JWT_RELAY_PASSWORD);
  rotate (fixture, TH_RING_API);
  g_assert_cmpint (th_engine_check_jwt (fixture->engine, credential->password, &user), ==,
                   TH_JWT_RELAY_PASSWORD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("apps-are-noted-and-fall-behind", test_apps);
  add ("tokens-of-former-secrets", test_jwt);
  return g_test_run ();
}
