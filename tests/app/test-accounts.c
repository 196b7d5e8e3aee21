/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Users and apps of the whole house: those of the settings and those made at run time, together in
 * the lists, and in what the relay accepts.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "../credentials/awaiting.h"
#include "fixture.h"

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/app/accounts/", name, NULL);

  g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down);
}

/* (transfer full): the names, joined by spaces */
static char *
list_names (gpointer model)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GObject) row = g_list_model_get_item (model, i);
      char *name = NULL;

      g_object_get (row, "name", &name, NULL);
      g_ptr_array_add (names, name);
    }
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" ", (char **) names->pdata);
}

static void
assert_names (gpointer model, const char *expected)
{
  g_autofree char *names = list_names (model);

  g_assert_cmpstr (names, ==, expected);
}

static void
add_user (ThEngine *engine, const char *name)
{
  ThUserList *users = th_engine_get_users (engine);
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *password = NULL;

  th_user_list_add_async (users, name, NULL, NULL, keep_result, &slot);
  result = await_result (&slot);
  password = th_user_list_add_finish (users, result, NULL);
  g_assert_nonnull (password);
}

static void
remove_user (ThEngine *engine, const char *name)
{
  ThUserList *users = th_engine_get_users (engine);
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  th_user_list_remove_async (users, name, NULL, keep_result, &slot);
  result = await_result (&slot);
  g_assert_true (th_user_list_remove_finish (users, result, NULL));
}

/* Whether the relay knows a static user of that name. */
static gboolean
is_known (ThEngine *engine, const char *name)
{
  g_autoptr (ThTurnAuthenticator) authenticator =
      th_secret_ring_get_authenticator (th_engine_get_secret_ring (engine));
  const ThTurnClaim claim = {
    .username = name,
    .username_length = strlen (name),
    .realm = th_settings_get_string (th_engine_get_settings (engine), TH_SETTING_RELAY_REALM),
    .wall_time = g_get_real_time () / G_USEC_PER_SEC,
  };
  ThTurnKey key;

  return authenticator->find_keys (authenticator, &claim, &key, 1) == 1 && key.secret == 0;
}

static void
test_users (Fixture *fixture, gconstpointer data)
{
  ThUserList *users = th_engine_get_users (fixture->engine);

  g_assert_false (is_known (fixture->engine, "anna"));
  add_user (fixture->engine, "anna");
  g_assert_true (is_known (fixture->engine, "anna"));
  fixture_start (fixture);
  fixture_set (fixture, TH_SETTING_CREDENTIALS_USERS, "bo:secret");
  run_pending ();
  assert_names (users, "bo anna");
  g_assert_true (is_known (fixture->engine, "anna"));
  g_assert_true (is_known (fixture->engine, "bo"));

  fixture_set (fixture, TH_SETTING_CREDENTIALS_USERS, "");
  run_pending ();
  remove_user (fixture->engine, "anna");
  assert_names (users, "");
  g_assert_false (is_known (fixture->engine, "anna"));
  g_assert_false (is_known (fixture->engine, "bo"));
}

/* The relay asks for the realm that it was started with; so do the lists. */
static void
test_users_of_another_realm (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThUserEntry) row = NULL;

  add_user (fixture->engine, "anna");
  row = g_list_model_get_item (G_LIST_MODEL (th_engine_get_users (fixture->engine)), 0);
  fixture_start (fixture);
  g_assert_true (th_user_entry_is_usable (row));
  fixture_set (fixture, TH_SETTING_RELAY_REALM, "elsewhere");
  th_engine_restart (fixture->engine);
  g_assert_false (th_user_entry_is_usable (row));
  g_assert_false (is_known (fixture->engine, "anna"));
}

static void
test_apps (Fixture *fixture, gconstpointer data)
{
  ThAppTokens *apps = th_engine_get_app_tokens (fixture->engine);
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *token = NULL;

  th_app_tokens_add_async (apps, "chat", NULL, keep_result, &slot);
  result = await_result (&slot);
  token = th_app_tokens_add_finish (apps, result, NULL);
  fixture_set (fixture, TH_SETTING_ENDPOINT_TOKENS, "site:s");
  fixture_start (fixture);
  assert_names (apps, "site chat");
  g_assert_cmpstr (th_app_tokens_find (apps, "s"), ==, "site");

  fixture_set (fixture, TH_SETTING_ENDPOINT_TOKENS, "other:o");
  run_pending ();
  assert_names (apps, "other chat");
  g_assert_null (th_app_tokens_find (apps, "s"));
  g_assert_cmpstr (th_app_tokens_find (apps, token), ==, "chat");
}

static void
test_apps_without_endpoint (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_ENDPOINT_TOKENS, "site:s");
  fixture_set (fixture, TH_SETTING_ENDPOINT_PORT, "0");
  fixture_start (fixture);
  assert_names (th_engine_get_app_tokens (fixture->engine), "site");
}

static void
test_kept (Fixture *fixture, gconstpointer data)
{
  add_user (fixture->engine, "anna");
  g_clear_object (&fixture->engine);
  fixture->engine = th_engine_new (fixture->settings, fixture->directory, NULL);
  assert_names (th_engine_get_users (fixture->engine), "anna");
  g_assert_true (is_known (fixture->engine, "anna"));
}

/* The program does not start without a word where users or apps are lost. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "users.json", "tokens.json" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (ThEngine) fresh = NULL;

      g_assert_true (g_file_set_contents (path, "{", -1, NULL));
      g_assert_null (th_engine_new (fixture->settings, fixture->directory, &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, names[i]));
      fresh = th_engine_new (fixture->settings, fixture->directory, NULL);
      g_assert_nonnull (fresh);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("users", test_users);
  add ("users-of-another-realm", test_users_of_another_realm);
  add ("apps", test_apps);
  add ("apps-without-endpoint", test_apps_without_endpoint);
  add ("kept", test_kept);
  add ("damaged", test_damaged);
  return g_test_run ();
}
