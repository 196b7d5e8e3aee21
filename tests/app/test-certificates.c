/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings of [tls] in the engine: how the endpoint's URL is shown, and what is told when
 * something is wrong with the certificate.
 */
#include <glib/gstdio.h>

#include "fixture.h"
#include "pki.h"

#define DAY      86400
#define PATIENCE 20 /* seconds */

#define add(path, test)                                                                            \
  g_test_add ("/app/certificates/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static void
write_file (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* Of an authority, so that it is not self-signed. */
static void
write_pair (Fixture *fixture, const char *name, gint64 to)
{
  g_autoptr (PkiPair) authority = pki_make ("Authority", NULL, PKI_EC, -DAY, 100 * DAY);
  g_autoptr (PkiPair) pair = pki_make (name, authority, PKI_EC, -DAY, to);
  g_autofree char *chain = pki_certificate (pair);
  g_autofree char *key = pki_key (pair);

  write_file (fixture, "chain.pem", chain);
  write_file (fixture, "key.pem", key);
}

static void
set_files (Fixture *fixture)
{
  g_autofree char *chain = g_build_filename (fixture->directory, "chain.pem", NULL);
  g_autofree char *key = g_build_filename (fixture->directory, "key.pem", NULL);

  fixture_set (fixture, TH_SETTING_TLS_CERTIFICATE, chain);
  fixture_set (fixture, TH_SETTING_TLS_PRIVATE_KEY, key);
}

static void
listen_everywhere (Fixture *fixture)
{
  fixture_set (fixture, TH_SETTING_ENDPOINT_LISTEN, "0.0.0.0");
}

static gboolean
on_patience_over (gpointer data)
{
  g_error ("Nothing happened");
  return G_SOURCE_REMOVE;
}

static gboolean
has_url (Fixture *fixture, const char *scheme, const char *host)
{
  g_autofree char *urls = describe_urls (fixture->engine);
  g_autofree char *url = g_strdup_printf ("Endpoint %s://%s:%u/api/ice-servers\n", scheme, host,
                                          fixture->endpoint_port);

  return strstr (urls, url) != NULL;
}

static void
wait_for_url (Fixture *fixture, const char *scheme, const char *host)
{
  guint patience = g_timeout_add_seconds (PATIENCE, on_patience_over, NULL);

  while (!has_url (fixture, scheme, host))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static guint
count_problems (Fixture *fixture)
{
  return g_list_model_get_n_items (th_engine_get_problems (fixture->engine));
}

static void
wait_for_problems (Fixture *fixture, guint count)
{
  guint patience = g_timeout_add_seconds (PATIENCE, on_patience_over, NULL);

  while (count_problems (fixture) != count)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static ThCertificate *
get_certificate (Fixture *fixture)
{
  return th_certificate_store_get_certificate (th_engine_get_certificate_store (fixture->engine));
}

static void
test_self_signed (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "apps.example.org", "turn.example.org", "localhost",
                                       "127.0.0.1", "::1" };

  fixture_set (fixture, TH_SETTING_ENDPOINT_HOST, "apps.example.org");
  fixture_set (fixture, TH_SETTING_RELAY_SERVER_NAME, "turn.example.org");
  listen_everywhere (fixture);
  fixture_start (fixture);
  g_assert_true (th_certificate_is_self_signed (get_certificate (fixture)));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (th_certificate_covers (get_certificate (fixture), names[i]));
  g_assert_true (has_url (fixture, "http", "apps.example.org"));
  g_assert_cmpuint (count_problems (fixture), ==, 0);
}

static void
test_name_that_comes_later (Fixture *fixture, gconstpointer data)
{
  guint patience = g_timeout_add_seconds (PATIENCE, on_patience_over, NULL);

  fixture_start (fixture);
  fixture_set (fixture, TH_SETTING_ENDPOINT_HOST, "later.example.org");
  while (!th_certificate_covers (get_certificate (fixture), "later.example.org"))
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
}

static void
test_url (Fixture *fixture, gconstpointer data)
{
  write_pair (fixture, "turn.example.org", 90 * DAY);
  set_files (fixture);
  listen_everywhere (fixture);
  fixture_start (fixture);
  g_assert_true (has_url (fixture, "https", "turn.example.org")); /* the one it has */
  g_assert_cmpuint (count_problems (fixture), ==, 0);

  write_pair (fixture, "*.example.net", 90 * DAY);
  fixture_set (fixture, TH_SETTING_RELAY_SERVER_NAME, "turn.example.net");
  wait_for_url (fixture, "https", "turn.example.net");
}

static void
test_url_of_loopback (Fixture *fixture, gconstpointer data)
{
  write_pair (fixture, "turn.example.org", 90 * DAY);
  set_files (fixture);
  fixture_start (fixture);
  g_assert_true (has_url (fixture, "http", "127.0.0.1"));
}

static void
test_settings_count_at_once (Fixture *fixture, gconstpointer data)
{
  listen_everywhere (fixture);
  fixture_set (fixture, TH_SETTING_RELAY_SERVER_NAME, "turn.example.org");
  fixture_start (fixture);
  g_assert_true (has_url (fixture, "http", "turn.example.org"));
  write_pair (fixture, "turn.example.org", 90 * DAY);
  set_files (fixture);
  wait_for_url (fixture, "https", "turn.example.org");
  fixture_set (fixture, TH_SETTING_TLS_CERTIFICATE, "");
  fixture_set (fixture, TH_SETTING_TLS_PRIVATE_KEY, "");
  wait_for_url (fixture, "http", "turn.example.org");
}

static void
test_bad_at_the_start (Fixture *fixture, gconstpointer data)
{
  set_files (fixture);
  fixture_start (fixture); /* all else works */
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "certificate");
  g_assert_cmpstr (th_problem_get_title (problem), ==, "The certificate cannot be used");
  g_assert_nonnull (strstr (th_problem_get_detail (problem), "No such file or directory"));
  g_assert_nonnull (strstr (th_problem_get_detail (problem), "HTTPS is off"));
  g_assert_cmpint (th_problem_get_severity (problem), ==, TH_SEVERITY_WARNING);

  write_pair (fixture, "turn.example.org", 90 * DAY);
  wait_for_problems (fixture, 0);
  th_engine_stop (fixture->engine);
  g_assert_cmpuint (count_problems (fixture), ==, 0);
}

static void
test_bad_change (Fixture *fixture, gconstpointer data)
{
  write_pair (fixture, "turn.example.org", 90 * DAY);
  set_files (fixture);
  fixture_start (fixture);
  write_file (fixture, "key.pem", "no key");
  wait_for_problems (fixture, 1);
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "certificate");
  g_assert_cmpstr (th_problem_get_title (problem), ==, "The new certificate cannot be used");
  g_assert_nonnull (strstr (th_problem_get_detail (problem), "stays in use"));
}

static void
on_looked (ThCertificateStore *store, gpointer data)
{
  (*(guint *) data)++;
}

/* The same thing is not told twice, however often it is looked at. */
static void
test_soon_over (Fixture *fixture, gconstpointer data)
{
  ThCertificateStore *store = th_engine_get_certificate_store (fixture->engine);
  guint looks = 0;

  write_pair (fixture, "turn.example.org", 20 * DAY - 100);
  set_files (fixture);
  fixture_start (fixture);
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "certificate-expiry");
  g_assert_cmpstr (th_problem_get_title (problem), ==,
                   "The certificate of turn.example.org expires in 19 days");

  g_signal_connect (store, "changed", G_CALLBACK (on_looked), &looks);
  th_certificate_store_reload (store);
  while (looks == 0)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (ThProblem) still = get_problem (fixture->engine, "certificate-expiry");
  g_assert_true (still == problem);
  g_signal_handlers_disconnect_by_data (store, &looks);

  write_pair (fixture, "turn.example.org", 22 * DAY);
  wait_for_problems (fixture, 0);
}

/* Apps are given a name that the certificate has not. */
static void
test_name_missing (Fixture *fixture, gconstpointer data)
{
  write_pair (fixture, "turn.example.org", 90 * DAY);
  set_files (fixture);
  fixture_set (fixture, TH_SETTING_RELAY_SERVER_NAME, "turn.example.org");
  fixture_set (fixture, TH_SETTING_ENDPOINT_HOST, "apps.example.org");
  fixture_start (fixture);
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "certificate-name");
  g_assert_cmpuint (count_problems (fixture), ==, 1);
  g_assert_cmpstr (th_problem_get_title (problem), ==,
                   "The certificate does not name apps.example.org");
  fixture_set (fixture, TH_SETTING_ENDPOINT_HOST, "turn.example.org");
  wait_for_problems (fixture, 0);
}

/* Without a name there is nothing to ask an authority for. */
static void
test_automatic_without_name (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_set (fixture, TH_SETTING_TLS_ACME, "http-01");
  fixture_start (fixture);
  g_autoptr (ThProblem) problem = get_problem (fixture->engine, "acme-name");
  g_assert_nonnull (problem);
  g_assert_true (th_certificate_is_self_signed (get_certificate (fixture)));
  g_assert_false (th_acme_renew (th_engine_get_acme (fixture->engine), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  fixture_set (fixture, TH_SETTING_TLS_ACME, "off");
  wait_for_problems (fixture, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("self-signed-is-for-all-names", test_self_signed);
  add ("self-signed-follows-the-settings", test_name_that_comes_later);
  add ("url-has-the-name-of-a-real-one", test_url);
  add ("url-of-loopback-has-not", test_url_of_loopback);
  add ("settings-count-at-once", test_settings_count_at_once);
  add ("bad-at-the-start-is-told", test_bad_at_the_start);
  add ("bad-change-is-told", test_bad_change);
  add ("name-that-is-missing-is-told", test_name_missing);
  add ("automatic-needs-a-name", test_automatic_without_name);
  add ("end-is-told-three-weeks-before", test_soon_over);
  return g_test_run ();
}
