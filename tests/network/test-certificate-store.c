/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the certificate comes from: files that change under it, and one that is made and kept.
 */
#include "network/certificate-store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "folder.h"
#include "network/certificate-maker.h"
#include "pki.h"

#define DAY      86400
#define PATIENCE 20 /* seconds */

#define add(path, test)                                                                            \
  g_test_add ("/network/certificate-store/" path, Fixture, NULL, set_up, test, tear_down)

typedef struct
{
  char *folder, *state, *kept, *chain, *key;
  ThCertificateStore *store;
  guint looks;    /* "changed" */
  guint notified; /* of "certificate" */
} Fixture;

static void
on_changed (ThCertificateStore *store, gpointer data)
{
  ((Fixture *) data)->looks++;
}

static void
on_notify (ThCertificateStore *store, GParamSpec *pspec, gpointer data)
{
  ((Fixture *) data)->notified++;
}

static ThCertificateStore *
open_store (Fixture *fixture)
{
  ThCertificateStore *store = th_certificate_store_new (fixture->state);

  g_signal_connect (store, "changed", G_CALLBACK (on_changed), fixture);
  g_signal_connect (store, "notify::certificate", G_CALLBACK (on_notify), fixture);
  return store;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_folder_new ();
  fixture->state = g_build_filename (fixture->folder, "state", NULL);
  fixture->kept = g_build_filename (fixture->state, "tls", NULL);
  fixture->chain = g_build_filename (fixture->folder, "chain.pem", NULL);
  fixture->key = g_build_filename (fixture->folder, "key.pem", NULL);
  fixture->store = open_store (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->store);
  test_folder_free (fixture->folder);
  g_free (fixture->state);
  g_free (fixture->kept);
  g_free (fixture->chain);
  g_free (fixture->key);
}

static gboolean
on_patience_over (gpointer data)
{
  g_error ("Nothing happened");
  return G_SOURCE_REMOVE;
}

static void
wait_for_looks (Fixture *fixture, guint looks)
{
  guint patience = g_timeout_add_seconds (PATIENCE, on_patience_over, NULL);

  while (fixture->looks < looks)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

/* Until the one in use is for @name. */
static void
wait_for_name (Fixture *fixture, const char *name)
{
  guint patience = g_timeout_add_seconds (PATIENCE, on_patience_over, NULL);

  while (!th_certificate_covers (th_certificate_store_get_certificate (fixture->store), name))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static void
wait_for_error (Fixture *fixture)
{
  guint patience = g_timeout_add_seconds (PATIENCE, on_patience_over, NULL);

  while (th_certificate_store_get_error (fixture->store) == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static void
write_pair (Fixture *fixture, const char *name, gint64 to)
{
  g_autoptr (PkiPair) pair = pki_make (name, NULL, PKI_EC, -DAY, to);
  g_autofree char *chain = pki_certificate (pair);
  g_autofree char *key = pki_key (pair);

  test_folder_write (fixture->folder, "chain.pem", chain, 0644);
  test_folder_write (fixture->folder, "key.pem", key, 0600);
}

static ThCertificate *
load (Fixture *fixture)
{
  th_certificate_store_load (fixture->store);
  return th_certificate_store_get_certificate (fixture->store);
}

static ThCertificate *
load_files (Fixture *fixture)
{
  th_certificate_store_set_files (fixture->store, fixture->chain, fixture->key);
  return load (fixture);
}

static void
assert_error (Fixture *fixture, const char *part)
{
  const GError *error = th_certificate_store_get_error (fixture->store);

  g_assert_nonnull (error);
  if (strstr (error->message, part) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, part);
}

static void
set_names (Fixture *fixture, const char *first, const char *second)
{
  const char *names[] = { first, second, NULL };

  th_certificate_store_set_names (fixture->store, names);
}

static void
test_made_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->kept, "certificate.pem", NULL);
  g_autofree char *fingerprint = NULL;
  struct stat status;

  set_names (fixture, "turn.example.org", "192.0.2.1");
  fingerprint = g_strdup (th_certificate_get_fingerprint (load (fixture)));
  g_assert_null (th_certificate_store_get_error (fixture->store));
  g_assert_no_errno (stat (file, &status));
  g_assert_cmpuint (status.st_mode & 07777, ==, 0600);

  g_object_unref (fixture->store);
  fixture->store = open_store (fixture);
  set_names (fixture, "192.0.2.1", NULL);
  g_assert_cmpstr (th_certificate_get_fingerprint (load (fixture)), ==, fingerprint);
}

static void
test_made_for_new_name (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->kept, "certificate.pem", NULL);
  g_autofree char *before = NULL, *after = NULL;
  const char *end;

  load (fixture);
  g_assert_true (g_file_get_contents (file, &before, NULL, NULL));
  set_names (fixture, "new.example.org", NULL);
  g_assert_true (th_certificate_covers (load (fixture), "new.example.org"));
  g_assert_cmpuint (fixture->notified, ==, 2);
  g_assert_true (g_file_get_contents (file, &after, NULL, NULL));
  end = strstr (before, "-----END PRIVATE KEY-----");
  g_assert_cmpint (strncmp (before, after, end - before), ==, 0);
}

static void
keep_one (Fixture *fixture, gint64 made_at)
{
  static const char *const names[] = { "localhost", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (ThPem) pem = th_certificate_make ("certificate.pem", names, NULL, made_at, &error);

  g_assert_no_error (error);
  g_assert_no_errno (g_mkdir_with_parents (fixture->kept, 0700));
  test_folder_write (fixture->kept, "certificate.pem", pem->bytes, 0600);
}

static void
test_made_before_its_end (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  keep_one (fixture, now - (TH_CERTIFICATE_MADE_DAYS - 29) * (gint64) DAY);
  g_assert_cmpint (th_certificate_get_not_after (load (fixture)), >, now + 800 * (gint64) DAY);
}

static void
test_kept_till_then (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  keep_one (fixture, now - (TH_CERTIFICATE_MADE_DAYS - 31) * (gint64) DAY);
  g_assert_cmpint (th_certificate_get_not_after (load (fixture)), <, now + 32 * DAY);
}

static void
test_made_after_its_end (Fixture *fixture, gconstpointer data)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  keep_one (fixture, now - (TH_CERTIFICATE_MADE_DAYS + 1) * (gint64) DAY);
  g_assert_nonnull (load (fixture));
  g_assert_null (th_certificate_store_get_error (fixture->store));
}

static void
test_damaged_one_is_kept_aside (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;
  guint aside = 0;

  g_assert_no_errno (g_mkdir_with_parents (fixture->kept, 0700));
  test_folder_write (fixture->kept, "certificate.pem", "-----BEGIN", 0600);
  g_test_expect_message ("turnhouse-network", G_LOG_LEVEL_WARNING, "*a new one is made*");
  g_assert_nonnull (load (fixture));
  g_test_assert_expected_messages ();
  dir = g_dir_open (fixture->kept, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    aside += g_str_has_prefix (name, "certificate.pem.damaged-");
  g_assert_cmpuint (aside, ==, 1);
}

static void
test_state_that_cannot_be_kept (Fixture *fixture, gconstpointer data)
{
  test_folder_write (fixture->folder, "state", "no folder", 0600);
  g_assert_null (load (fixture));
  assert_error (fixture, "state");
}

static void
test_files (Fixture *fixture, gconstpointer data)
{
  ThCertificate *certificate;

  write_pair (fixture, "a.example.org", DAY);
  certificate = load_files (fixture);
  g_assert_cmpstr (th_certificate_get_subject (certificate), ==, "CN=a.example.org");
  g_assert_null (th_certificate_store_get_error (fixture->store));
  g_assert_false (g_file_test (fixture->state, G_FILE_TEST_EXISTS));

  /* the same files again are the same object */
  th_certificate_store_reload (fixture->store);
  wait_for_looks (fixture, 2);
  g_assert_true (th_certificate_store_get_certificate (fixture->store) == certificate);
  g_assert_cmpuint (fixture->notified, ==, 1);
}

static void
test_one_without_the_other (Fixture *fixture, gconstpointer data)
{
  th_certificate_store_set_files (fixture->store, fixture->chain, NULL);
  g_assert_null (load (fixture));
  assert_error (fixture, "A certificate is given, but no private key");
  th_certificate_store_set_files (fixture->store, NULL, fixture->key);
  g_assert_null (load (fixture));
  assert_error (fixture, "A private key is given, but no certificate");
}

static void
test_nothing_at_first (Fixture *fixture, gconstpointer data)
{
  g_assert_null (load_files (fixture));
  assert_error (fixture, "chain.pem cannot be read: No such file or directory");
  write_pair (fixture, "a.example.org", DAY);
  g_assert_nonnull (load (fixture));
}

static void
test_unreadable_key (Fixture *fixture, gconstpointer data)
{
  write_pair (fixture, "a.example.org", DAY);
  g_assert_no_errno (g_unlink (fixture->key));
  g_assert_no_errno (symlink ("key.pem", fixture->key));
  g_assert_null (load_files (fixture));
  assert_error (fixture, "private key");
  assert_error (fixture, "key.pem cannot be read: Too many levels of symbolic links");
}

static void
test_watched (Fixture *fixture, gconstpointer data)
{
  write_pair (fixture, "a.example.org", DAY);
  load_files (fixture);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("b%u.example.org", i);

      write_pair (fixture, name, DAY);
      wait_for_name (fixture, name);
    }
}

/* As certbot renews: the names are links, and are made to point to other files. */
static void
test_links_are_watched (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder, "live.pem", NULL);
  g_autofree char *new_link = g_build_filename (fixture->folder, "live.new", NULL);
  g_autofree char *target = g_build_filename (fixture->folder, "second.pem", NULL);
  g_autoptr (PkiPair) first = pki_make ("first.example.org", NULL, PKI_EC, -DAY, DAY);
  g_autoptr (PkiPair) second = pki_make ("second.example.org", NULL, PKI_EC, -DAY, DAY);
  const PkiPair *pairs[] = { first, second };

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *chain = pki_certificate (pairs[i]);
      g_autofree char *key = pki_key (pairs[i]);
      g_autofree char *both = g_strconcat (chain, key, NULL);

      test_folder_write (fixture->folder, i == 0 ? "first.pem" : "second.pem", both, 0600);
    }
  g_assert_no_errno (symlink ("first.pem", link));
  th_certificate_store_set_files (fixture->store, link, link);
  g_assert_true (th_certificate_covers (load (fixture), "first.example.org"));
  g_assert_no_errno (symlink ("second.pem", new_link));
  g_assert_no_errno (g_rename (new_link, link));
  wait_for_name (fixture, "second.example.org");
}

static void
test_bad_change (Fixture *fixture, gconstpointer data)
{
  ThCertificate *before;

  write_pair (fixture, "a.example.org", DAY);
  before = load_files (fixture);
  test_folder_write (fixture->folder, "chain.pem", "nothing", 0644);
  wait_for_error (fixture);
  assert_error (fixture, "chain.pem holds no certificate");
  g_assert_true (th_certificate_store_get_certificate (fixture->store) == before);
  write_pair (fixture, "b.example.org", -1);
  while (strstr (th_certificate_store_get_error (fixture->store)->message, "expired") == NULL)
    wait_for_looks (fixture, fixture->looks + 1);
  g_assert_true (th_certificate_store_get_certificate (fixture->store) == before);
  write_pair (fixture, "c.example.org", DAY);
  wait_for_name (fixture, "c.example.org");
  g_assert_null (th_certificate_store_get_error (fixture->store));
}

/* Many looks that overlap: the last one counts. */
static void
test_many_reloads (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("n%u.example.org", i);

      write_pair (fixture, name, DAY);
      th_certificate_store_set_files (fixture->store, fixture->chain, fixture->key);
      th_certificate_store_reload (fixture->store);
    }
  wait_for_looks (fixture, 1);
  g_assert_true (th_certificate_covers (th_certificate_store_get_certificate (fixture->store),
                                        "n19.example.org"));
}

static void
test_back_to_self_signed (Fixture *fixture, gconstpointer data)
{
  write_pair (fixture, "a.example.org", DAY);
  load_files (fixture);
  th_certificate_store_set_files (fixture->store, NULL, NULL);
  th_certificate_store_reload (fixture->store);
  wait_for_name (fixture, "localhost");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("self-signed-is-made-once", test_made_once);
  add ("self-signed-is-made-for-a-new-name-with-the-same-key", test_made_for_new_name);
  add ("self-signed-is-made-before-its-end", test_made_before_its_end);
  add ("self-signed-is-kept-till-then", test_kept_till_then);
  add ("self-signed-is-made-after-its-end", test_made_after_its_end);
  add ("damaged-one-is-kept-aside", test_damaged_one_is_kept_aside);
  add ("state-that-cannot-be-kept", test_state_that_cannot_be_kept);
  add ("files-are-taken", test_files);
  add ("one-without-the-other", test_one_without_the_other);
  add ("nothing-at-first", test_nothing_at_first);
  add ("unreadable-key", test_unreadable_key);
  add ("change-is-noticed", test_watched);
  add ("change-of-links-is-noticed", test_links_are_watched);
  add ("bad-change-is-told-and-not-taken", test_bad_change);
  add ("last-of-many-reloads-counts", test_many_reloads);
  add ("back-to-self-signed", test_back_to_self_signed);
  return g_test_run ();
}
