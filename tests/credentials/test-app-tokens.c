/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Apps as the rest of the house sees them: what is made at run time is there after a restart and
 * what was never durable is not in force, the configuration's come first, the list tells changes,
 * and a damaged file is kept.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "awaiting.h"
#include "credentials/app-record.h"
#include "credentials/app-tokens.h"
#include "credentials/ring-state.h"
#include "folder.h"

static ThAppTokens *
open_apps (const char *folder)
{
  g_autoptr (GError) error = NULL;
  ThAppTokens *apps = th_app_tokens_open (folder, &error);

  g_assert_no_error (error);
  return apps;
}

/* (transfer full) (nullable) */
static char *
try_add (ThAppTokens *apps, const char *name, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  th_app_tokens_add_async (apps, name, NULL, keep_result, &slot);
  result = await_result (&slot);
  return th_app_tokens_add_finish (apps, result, error);
}

static char *
add (ThAppTokens *apps, const char *name)
{
  g_autoptr (GError) error = NULL;
  char *token = try_add (apps, name, &error);

  g_assert_no_error (error);
  return token;
}

/* (transfer full) (nullable) */
static char *
try_replace (ThAppTokens *apps, const char *name, gint64 grace, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  th_app_tokens_replace_async (apps, name, grace, NULL, keep_result, &slot);
  result = await_result (&slot);
  return th_app_tokens_replace_finish (apps, result, error);
}

static gboolean
try_remove (ThAppTokens *apps, const char *name, GError **error)
{
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  th_app_tokens_remove_async (apps, name, NULL, keep_result, &slot);
  result = await_result (&slot);
  return th_app_tokens_remove_finish (apps, result, error);
}

/* (transfer full): names joined by spaces, those of the configuration in brackets */
static char *
describe (ThAppTokens *apps)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (apps)); i++)
    {
      g_autoptr (ThAppToken) row = g_list_model_get_item (G_LIST_MODEL (apps), i);

      g_string_append (text, i > 0 ? " " : "");
      if (th_app_token_is_configured (row))
        g_string_append_printf (text, "[%s]", th_app_token_get_name (row));
      else
        g_string_append (text, th_app_token_get_name (row));
    }
  return g_string_free (text, FALSE);
}

static void
assert_rows (ThAppTokens *apps, const char *expected)
{
  g_autofree char *actual = describe (apps);

  g_assert_cmpstr (actual, ==, expected);
}

/* (transfer full): what is in the file */
static char *
read_file (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "tokens.json", NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
test_kept_over_restarts (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *chat = NULL, *chat_later = NULL, *video = NULL, *stored = NULL;

  {
    g_autoptr (ThAppTokens) apps = open_apps (folder);

    assert_rows (apps, "");
    chat = add (apps, "chat");
    video = add (apps, "video");
    chat_later = try_replace (apps, "chat", 3600, NULL);
    g_assert_cmpuint (strlen (chat), ==, 43);
    g_assert_cmpstr (chat, !=, chat_later);
    g_assert_cmpstr (th_app_tokens_find (apps, chat), ==, "chat");
  }

  g_autoptr (ThAppTokens) apps = open_apps (folder);
  assert_rows (apps, "chat video");
  g_assert_cmpstr (th_app_tokens_find (apps, chat), ==, "chat");
  g_assert_cmpstr (th_app_tokens_find (apps, chat_later), ==, "chat");
  g_assert_cmpstr (th_app_tokens_find (apps, video), ==, "video");
  g_assert_null (th_app_tokens_find (apps, "chat"));

  stored = read_file (folder);
  g_assert_null (strstr (stored, chat));
  g_assert_null (strstr (stored, chat_later));
}

static void
test_replaced_without_grace (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) apps = open_apps (folder);
  g_autofree char *before = add (apps, "chat");
  g_autofree char *after = try_replace (apps, "chat", 0, NULL);

  g_assert_null (th_app_tokens_find (apps, before));
  g_assert_cmpstr (th_app_tokens_find (apps, after), ==, "chat");
}

static void
test_removed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) apps = open_apps (folder);
  g_autoptr (GError) error = NULL;
  g_autofree char *chat = add (apps, "chat"), *again = NULL;

  g_assert_true (try_remove (apps, "chat", NULL));
  g_assert_null (th_app_tokens_find (apps, chat));
  assert_rows (apps, "");
  g_assert_false (try_remove (apps, "chat", &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
  again = add (apps, "chat");
  g_assert_null (th_app_tokens_find (apps, chat));
}

static void
test_configured (void)
{
  const char *pairs[] = { "site:s", "chat:c", NULL }, *none[] = { NULL };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) apps = open_apps (folder);
  g_autofree char *chat = add (apps, "chat"), *video = add (apps, "video");
  g_autofree char *stored = NULL;

  th_app_tokens_set_configured (apps, pairs);
  assert_rows (apps, "[site] [chat] video");
  g_assert_cmpstr (th_app_tokens_find (apps, "s"), ==, "site");
  g_assert_cmpstr (th_app_tokens_find (apps, "c"), ==, "chat");
  g_assert_null (th_app_tokens_find (apps, chat));
  g_assert_cmpstr (th_app_tokens_find (apps, video), ==, "video");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      if (i == 0)
        g_assert_null (try_add (apps, "site", &error));
      else if (i == 1)
        g_assert_null (try_replace (apps, "site", 0, &error));
      else
        g_assert_false (try_remove (apps, "chat", &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
      g_assert_nonnull (strstr (error->message, "configuration"));
    }

  th_app_tokens_set_configured (apps, none);
  assert_rows (apps, "chat video");
  g_assert_null (th_app_tokens_find (apps, "s"));
  g_assert_cmpstr (th_app_tokens_find (apps, chat), ==, "chat");
  stored = read_file (folder);
  g_assert_null (strstr (stored, "site"));
}

/* One after the other, in the order in which they were asked for. */
static void
test_many_at_once (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) apps = open_apps (folder);
  GAsyncResult *slots[40] = { NULL };
  g_autofree char *kept = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (slots); i += 2)
    {
      g_autofree char *name = g_strdup_printf ("app-%02u", i);

      th_app_tokens_add_async (apps, name, NULL, keep_result, &slots[i]);
      if (i != 20)
        th_app_tokens_remove_async (apps, name, NULL, keep_result, &slots[i + 1]);
      else
        th_app_tokens_replace_async (apps, name, 0, NULL, keep_result, &slots[i + 1]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (slots); i++)
    {
      g_autoptr (GAsyncResult) result = await_result (&slots[i]);
      g_autofree char *token = NULL;

      if (i == 21)
        kept = th_app_tokens_replace_finish (apps, result, NULL);
      else if (i % 2 == 0)
        {
          token = th_app_tokens_add_finish (apps, result, NULL);
          g_assert_nonnull (token);
        }
      else
        g_assert_true (th_app_tokens_remove_finish (apps, result, NULL));
    }
  assert_rows (apps, "app-20");
  g_assert_cmpstr (th_app_tokens_find (apps, kept), ==, "app-20");
}

static void
test_two_programs (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) one = open_apps (folder), other = open_apps (folder);
  g_autofree char *chat = add (one, "chat"), *video = add (other, "video");
  g_autoptr (GError) error = NULL;

  assert_rows (one, "chat");
  assert_rows (other, "chat video");
  g_assert_cmpstr (th_app_tokens_find (other, chat), ==, "chat");
  g_assert_null (try_add (one, "video", &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
}

static void
test_cancelled_before_its_turn (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) apps = open_apps (folder);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *slots[2] = { NULL };
  g_autofree char *token = NULL;

  th_app_tokens_add_async (apps, "chat", cancellable, keep_result, &slots[0]);
  th_app_tokens_add_async (apps, "video", cancellable, keep_result, &slots[1]);
  g_cancellable_cancel (cancellable);
  first = await_result (&slots[0]);
  second = await_result (&slots[1]);
  token = th_app_tokens_add_finish (apps, first, NULL);
  g_assert_cmpstr (th_app_tokens_find (apps, token), ==, "chat");
  g_assert_null (th_app_tokens_add_finish (apps, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_rows (apps, "chat");
}

/* What cannot be stored is not in force. */
static void
test_not_durable (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *in_the_way = g_build_filename (folder, "tokens.json.new", NULL);
  g_autoptr (ThAppTokens) apps = open_apps (folder);
  g_autofree char *chat = add (apps, "chat"), *later = NULL;

  g_assert_no_errno (g_mkdir (in_the_way, 0700)); /* holds against root too */
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      if (i == 0)
        g_assert_null (try_add (apps, "video", &error));
      else if (i == 1)
        g_assert_null (try_replace (apps, "chat", 0, &error));
      else
        g_assert_false (try_remove (apps, "chat", &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
      assert_rows (apps, "chat");
      g_assert_cmpstr (th_app_tokens_find (apps, chat), ==, "chat");
    }
  g_assert_no_errno (g_rmdir (in_the_way));
  later = add (apps, "video");
  assert_rows (apps, "chat video");
}

static void
test_file_removed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "tokens.json", NULL);
  g_autoptr (ThAppTokens) apps = open_apps (folder), again = NULL;
  g_autofree char *chat = add (apps, "chat"), *video = NULL;

  g_assert_no_errno (g_remove (path));
  video = add (apps, "video");
  again = open_apps (folder);
  assert_rows (again, "chat video");
  g_assert_cmpstr (th_app_tokens_find (again, chat), ==, "chat");
}

/* What became unreadable while the program runs costs nothing of what is in force. */
static void
test_file_damaged_later (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) apps = open_apps (folder);
  g_autofree char *chat = add (apps, "chat"), *video = NULL;
  g_autoptr (GError) error = NULL;

  test_folder_write (folder, "tokens.json", "{", 0600);
  g_assert_null (try_add (apps, "video", &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
  g_assert_cmpstr (th_app_tokens_find (apps, chat), ==, "chat");
  video = add (apps, "video");
  assert_rows (apps, "chat video");
}

typedef struct {
  guint count, position, removed, added;
} Seen;

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  Seen *seen = data;

  *seen = (Seen) { seen->count + 1, position, removed, added };
}

static void
on_notify (GObject *row, GParamSpec *pspec, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_list_tells_what_differs (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) apps = open_apps (folder);
  g_autofree char *a = add (apps, "a"), *b = add (apps, "b"), *c = add (apps, "c"), *again = NULL;
  g_autoptr (ThAppToken) row = g_list_model_get_item (G_LIST_MODEL (apps), 2);
  Seen seen = { 0 };

  g_assert_true (g_list_model_get_item_type (G_LIST_MODEL (apps)) == TH_TYPE_APP_TOKEN);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (apps), 3));
  g_signal_connect (apps, "items-changed", G_CALLBACK (on_items_changed), &seen);
  g_assert_true (try_remove (apps, "b", NULL));
  g_assert_cmpuint (seen.count, ==, 1);
  g_assert_cmpuint (seen.position, ==, 1);
  g_assert_cmpuint (seen.removed, ==, 1);
  g_assert_cmpuint (seen.added, ==, 0);

  again = try_replace (apps, "c", 0, NULL);
  g_assert_cmpuint (seen.count, ==, 1);
  g_autoptr (ThAppToken) same = g_list_model_get_item (G_LIST_MODEL (apps), 1);
  g_assert_true (same == row);
  g_assert_cmpint (th_app_token_get_created (row), >, 1700000000);
}

static void
test_noted (void)
{
  const char *pairs[] = { "site:s", NULL };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) apps = open_apps (folder);
  g_autofree char *chat = add (apps, "chat"), *video = add (apps, "video");
  g_autoptr (ThAppToken) row = NULL;
  guint changes = 0;

  th_app_tokens_set_configured (apps, pairs);
  row = g_list_model_get_item (G_LIST_MODEL (apps), 1);
  g_signal_connect (row, "notify::last-seen", G_CALLBACK (on_notify), &changes);
  g_assert_cmpint (th_app_token_get_last_seen (row), ==, 0);
  g_assert_cmpuint (th_app_tokens_count_behind (apps, 3), ==, 0);

  th_app_tokens_note (apps, "chat", 1700000000, 2);
  th_app_tokens_note (apps, "site", 1700000001, 3);
  th_app_tokens_note (apps, "video", 1700000001, 1 | TH_RING_API_GENERATIONS);
  th_app_tokens_note (apps, "nobody", 1700000001, 1);
  g_assert_cmpuint (th_app_tokens_count_behind (apps, 3), ==, 1);
  g_assert_cmpuint (th_app_tokens_count_behind (apps, 4), ==, 2);
  g_assert_cmpuint (th_app_tokens_count_behind (apps, 1 | TH_RING_API_GENERATIONS), ==, 0);
  g_assert_cmpuint (th_app_tokens_count_behind (apps, 2 | TH_RING_API_GENERATIONS), ==, 1);

  th_app_tokens_note (apps, "chat", 1700000002, 0); /* asked, but was refused */
  g_assert_cmpint (th_app_token_get_last_seen (row), ==, 1700000002);
  g_assert_cmpuint (th_app_token_get_generation (row), ==, 2);
  g_assert_cmpuint (changes, ==, 2);
}

/* As many apps as there can be, with names and tokens as long and as many, fit the file. */
static void
test_fullest_file (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (GString) json = g_string_new ("{\"version\":1,\"apps\":[");
  g_autofree char *digest = g_strnfill (64, 'a');
  g_autofree char *token = NULL;
  g_autofree char *rest = g_strnfill (TH_APP_NAME_MAX - 3, '"');
  g_auto (GStrv) quotes = g_strsplit (rest, "\"", -1);
  g_autofree char *escaped = g_strjoinv ("\\\"", quotes);

  for (guint i = 0; i < TH_APPS_MAX; i++)
    {
      g_string_append_printf (json, "%s{\"name\":\"%03u%s\",\"created\":1700000000,\"tokens\":[",
                              i > 0 ? "," : "", i, escaped);
      g_string_append_printf (json, "{\"sha256\":\"%s\"}", digest);
      for (guint j = 1; j < TH_APP_TOKENS_KEPT; j++)
        g_string_append_printf (json, ",{\"sha256\":\"%s\",\"expires\":253402300799}", digest);
      g_string_append (json, "]}");
    }
  g_string_append (json, "]}");
  test_folder_write (folder, "tokens.json", json->str, 0600);

  g_autoptr (ThAppTokens) apps = open_apps (folder);
  g_autoptr (ThAppToken) row = g_list_model_get_item (G_LIST_MODEL (apps), TH_APPS_MAX - 1);
  g_assert_cmpuint (strlen (th_app_token_get_name (row)), ==, TH_APP_NAME_MAX);
  token = try_replace (apps, th_app_token_get_name (row), 0, NULL);
  g_assert_cmpstr (th_app_tokens_find (apps, token), ==, th_app_token_get_name (row));
}

#define DIGEST "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" /* of "abc" */
#define APP(name, tokens) "{\"name\":" name ",\"created\":1700000000,\"tokens\":[" tokens "]}"
#define TOKEN "{\"sha256\":\"" DIGEST "\"}"
#define FORMER "{\"sha256\":\"" DIGEST "\",\"expires\":1700000000}"
#define FILE_OF(apps) "{\"version\":1,\"apps\":[" apps "]}"

static void
test_file_by_hand (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThAppTokens) apps = NULL;

  test_folder_write (folder, "tokens.json", FILE_OF (APP ("\"chat\"", TOKEN "," FORMER)), 0600);
  apps = open_apps (folder);
  g_assert_cmpstr (th_app_tokens_find (apps, "abc"), ==, "chat");
}

static void
test_damaged (void)
{
  static const char *const bad[] = {
    "",
    "{",
    "[]",
    "null",
    "{}",
    "{\"version\":2,\"apps\":[]}",
    "{\"version\":1}",
    "{\"version\":1,\"apps\":{}}",
    FILE_OF ("1"),
    FILE_OF ("{}"),
    FILE_OF (APP ("\"chat\"", "")),
    FILE_OF (APP ("\"chat\"", "1")),
    FILE_OF (APP ("\"chat\"", FORMER)),
    FILE_OF (APP ("\"chat\"", TOKEN "," TOKEN)),
    FILE_OF (APP ("\"chat\"", TOKEN "," FORMER "," FORMER "," FORMER "," FORMER)),
    FILE_OF (APP ("\"chat\"", "{\"sha256\":\"abcd\"}")),
    FILE_OF (APP ("\"chat\"", "{\"sha256\":\"x" DIGEST "\"}")),
    FILE_OF (APP ("\"chat\"", "{\"sha256\":1}")),
    FILE_OF (APP ("\"\"", TOKEN)),
    FILE_OF (APP ("\"a:b\"", TOKEN)),
    FILE_OF (APP ("\"a\\nb\"", TOKEN)),
    FILE_OF (APP ("1", TOKEN)),
    FILE_OF (APP ("\"chat\"", TOKEN) "," APP ("\"chat\"", TOKEN)),
    FILE_OF ("{\"name\":\"chat\",\"created\":-1,\"tokens\":[" TOKEN "]}"),
    FILE_OF ("{\"name\":\"chat\",\"created\":1.5,\"tokens\":[" TOKEN "]}"),
    FILE_OF ("{\"name\":\"chat\",\"created\":1,\"tokens\":" TOKEN "}"),
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    FILE_OF (APP ("\"\xff\"", TOKEN)),
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (ThAppTokens) fresh = NULL;
      g_autofree char *kept = NULL, *aside = NULL, *path = NULL;

      test_folder_write (folder, "tokens.json", bad[i], 0600);
      g_test_message ("row %u", i);
      g_assert_null (th_app_tokens_open (folder, &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
      g_assert_null (strstr (error->message, "ba7816"));

      aside = g_strdup (strstr (error->message, "tokens.json.damaged-"));
      g_assert_nonnull (aside);
      aside[strcspn (aside, ";")] = '\0';
      path = g_build_filename (folder, aside, NULL);
      g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
      g_assert_cmpstr (kept, ==, bad[i]);
      fresh = open_apps (folder);
      assert_rows (fresh, "");
    }
}

/* Every truncation is refused; with a byte that changed it is refused, or still a whole app. */
static void
test_any_damage (void)
{
  const char *whole = FILE_OF (APP ("\"chat\"", TOKEN "," FORMER));

  for (gsize i = 0; i < strlen (whole); i++)
    for (guint cut = 0; cut < 2; cut++)
      {
        g_autoptr (TestFolder) folder = test_folder_new ();
        g_autofree char *text = g_strdup (whole);
        g_autoptr (ThAppTokens) apps = NULL;

        text[i] = cut ? '\0' : (char) (text[i] ^ (1 << g_test_rand_int_range (0, 7)));
        test_folder_write (folder, "tokens.json", text, 0600);
        apps = th_app_tokens_open (folder, NULL);
        if (cut)
          g_assert_null (apps);
        else if (apps != NULL)
          g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (apps)), ==, 1);
      }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/app-tokens/" name, function)
  ADD ("kept-over-restarts", test_kept_over_restarts);
  ADD ("replaced-without-grace", test_replaced_without_grace);
  ADD ("removed", test_removed);
  ADD ("configured", test_configured);
  ADD ("many-at-once", test_many_at_once);
  ADD ("two-programs", test_two_programs);
  ADD ("cancelled-before-its-turn", test_cancelled_before_its_turn);
  ADD ("not-durable", test_not_durable);
  ADD ("file-removed", test_file_removed);
  ADD ("file-damaged-later", test_file_damaged_later);
  ADD ("list-tells-what-differs", test_list_tells_what_differs);
  ADD ("noted", test_noted);
  ADD ("fullest-file", test_fullest_file);
  ADD ("file-by-hand", test_file_by_hand);
  ADD ("damaged", test_damaged);
  ADD ("any-damage", test_any_damage);
#undef ADD
  return g_test_run ();
}
