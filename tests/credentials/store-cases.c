/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cases that files and keyring share.
 */
#include "store-cases.h"

#include <string.h>

#include "../settings/folder.h"
#include "credentials/ring.h"

char *
store_cases_new_folder (ThStoreKind kind)
{
  char *folder = test_folder_new ();

  test_folder_write (folder, TH_STORE_MARKER, kind == TH_STORE_KEYRING ? "keyring\n" : "files\n",
                     0600);
  g_assert_cmpint (th_store_get_kind (folder), ==, kind);
  return folder;
}

ThStore *
store_cases_open (const char *folder)
{
  g_autoptr (GError) error = NULL;
  ThStore *store = th_store_open (folder, &error);

  g_assert_no_error (error);
  return store;
}

void
store_cases_write (const char *folder, const char *name, const char *text)
{
  g_autoptr (ThStore) store = store_cases_open (folder);
  g_autoptr (GError) error = NULL;

  th_store_write (store, name, text, strlen (text), &error);
  g_assert_no_error (error);
}

char *
store_cases_read (const char *folder, const char *name)
{
  g_autoptr (ThStore) store = store_cases_open (folder);
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize length = 0;

  th_store_read (store, name, &text, &length, &error);
  g_assert_no_error (error);
  if (text != NULL)
    g_assert_cmpuint (strlen (text), ==, length);
  return text;
}

void
store_cases_assert_content (const char *folder, const char *name, const char *expected)
{
  g_autofree char *text = store_cases_read (folder, name);

  g_assert_cmpstr (text, ==, expected);
}

void
store_cases_on_ready (GObject *source, GAsyncResult *result, gpointer wait)
{
  ((StoreCasesWait *) wait)->result = g_object_ref (result);
}

gboolean
store_cases_await (StoreCasesWait *wait, StoreCasesFinish finish, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  while (wait->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  result = g_steal_pointer (&wait->result);
  return finish (result, error);
}

static void
test_absent_then_written (gconstpointer data)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (GPOINTER_TO_UINT (data));

  store_cases_assert_content (folder, "a.json", NULL);
  store_cases_write (folder, "a.json", "one");
  store_cases_assert_content (folder, "a.json", "one");
  store_cases_write (folder, "a.json", "two \xe2\x82\xac");
  store_cases_assert_content (folder, "a.json", "two \xe2\x82\xac");
  store_cases_write (folder, "a.json", "");
  store_cases_assert_content (folder, "a.json", "");
}

static void
test_names_and_directories_are_apart (gconstpointer data)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (GPOINTER_TO_UINT (data));
  g_autoptr (TestFolder) other = store_cases_new_folder (GPOINTER_TO_UINT (data));

  store_cases_write (folder, "a.json", "one");
  store_cases_write (folder, "b.json", "two");
  store_cases_write (other, "a.json", "three");
  store_cases_assert_content (folder, "a.json", "one");
  store_cases_assert_content (folder, "b.json", "two");
  store_cases_assert_content (other, "a.json", "three");
  store_cases_assert_content (other, "b.json", NULL);
}

static void
test_largest (gconstpointer data)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (GPOINTER_TO_UINT (data));
  g_autofree char *text = g_strnfill (TH_STORE_FILE_SIZE_MAX, 'x');

  store_cases_write (folder, "a.json", text);
  store_cases_assert_content (folder, "a.json", text);
}

static void
test_set_aside (gconstpointer data)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (GPOINTER_TO_UINT (data));
  g_autoptr (ThStore) store = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL, *second = NULL;

  store_cases_write (folder, "a.json", "one");
  store = store_cases_open (folder);
  first = th_store_set_aside (store, "a.json", &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (first, "a.json.damaged-2"));

  /* Another one in the same second does not replace the first. */
  g_assert_true (th_store_write (store, "a.json", "two", 3, NULL));
  second = th_store_set_aside (store, "a.json", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first, !=, second);

  g_assert_null (th_store_set_aside (store, "a.json", &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_clear_pointer (&store, th_store_close);
  store_cases_assert_content (folder, "a.json", NULL);
  store_cases_assert_content (folder, first, "one");
  store_cases_assert_content (folder, second, "two");
}

static void
test_set_damaged_aside (gconstpointer data)
{
  g_autoptr (TestFolder) folder = store_cases_new_folder (GPOINTER_TO_UINT (data));
  g_autofree char *path = g_build_filename (folder, "a.json", NULL);
  g_autoptr (ThStore) store = NULL;
  g_autoptr (GError) told = NULL, missing = NULL;

  store_cases_write (folder, "a.json", "one");
  store = store_cases_open (folder);
  told = th_store_set_damaged_aside (store, "a.json", "then it begins anew");
  g_assert_error (told, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
  g_assert_true (g_str_has_prefix (told->message, path));
  g_assert_nonnull (strstr (told->message, "a.json.damaged-2"));
  g_assert_true (g_str_has_suffix (told->message, ": then it begins anew"));

  missing = th_store_set_damaged_aside (store, "a.json", "then it begins anew");
  g_assert_error (missing, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
}

/* The ring does not know where its secrets are. */
static void
test_ring (gconstpointer data)
{
  ThStoreKind kind = GPOINTER_TO_UINT (data);
  g_autoptr (TestFolder) folder = store_cases_new_folder (kind);
  g_autofree char *file = g_build_filename (folder, "secrets.json", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSecretRing) ring = th_secret_ring_open (folder, NULL, &error);
  g_autoptr (ThSecretRing) again = NULL;

  g_assert_no_error (error);
  again = th_secret_ring_open (folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (th_secret_ring_get_current (again), ==, th_secret_ring_get_current (ring));
  g_assert_cmpint (g_file_test (file, G_FILE_TEST_EXISTS), ==, kind == TH_STORE_FILES);
}

void
store_cases_add (const char *prefix, ThStoreKind kind)
{
  static const struct {
    const char *name;
    GTestDataFunc function;
  } cases[] = {
    { "absent-then-written", test_absent_then_written },
    { "names-and-directories-are-apart", test_names_and_directories_are_apart },
    { "largest", test_largest },
    { "set-aside", test_set_aside },
    { "set-damaged-aside", test_set_damaged_aside },
    { "ring", test_ring },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/credentials/%s/%s", prefix, cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (kind), cases[i].function);
    }
}
