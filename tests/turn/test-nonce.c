/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nonces: their form, for how long and for whom they are good, and that nothing else passes for
 * one.
 */
#include "turn/nonce.h"

#include <string.h>

#include "addresses.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define LIFETIME (600 * SECOND)
#define YEAR (G_GINT64_CONSTANT (365) * 24 * 3600 * SECOND)

/* When the nonces of these tests are made; on a full second, so that expiry is exact. */
#define MADE (1000 * SECOND)

typedef struct {
  ThNonceKey key;
  ThAddress client;
  char nonce[TH_NONCE_SIZE + 1];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  th_nonce_key_init (&fixture->key);
  fixture->client = address_and_port ("198.51.100.7", 50000);
  th_nonce_make (&fixture->key, &fixture->client, MADE, fixture->nonce);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
}

static ThNonceVerdict
check_text (Fixture *fixture, const char *nonce, gsize length, gint64 now)
{
  /* A block of exactly that size, so that reading past it is seen. */
  g_autofree guint8 *bytes = g_memdup2 (nonce, length);

  return th_nonce_check (&fixture->key, &fixture->client, now, LIFETIME, bytes, length);
}

static ThNonceVerdict
check_at (Fixture *fixture, gint64 now)
{
  return check_text (fixture, fixture->nonce, TH_NONCE_SIZE, now);
}

static ThNonceVerdict
check_from (Fixture *fixture, const char *host, guint16 port)
{
  ThAddress client = address_and_port (host, port);

  return th_nonce_check (&fixture->key, &client, MADE, LIFETIME, (const guint8 *) fixture->nonce,
                         TH_NONCE_SIZE);
}

static void
test_begins_with_the_nonce_cookie (Fixture *fixture, gconstpointer data)
{
  gsize length;
  g_autofree guchar *features = NULL;
  char encoded[5] = { 0 };

  g_assert_cmpuint (TH_NONCE_SIZE, <, 64);
  g_assert_cmpuint (strlen (fixture->nonce), ==, TH_NONCE_SIZE);
  g_assert_true (g_str_has_prefix (fixture->nonce, "obMatJos2"));

  memcpy (encoded, fixture->nonce + 9, 4);
  features = g_base64_decode (encoded, &length);
  g_assert_cmpuint (length, ==, 3);
  g_assert_cmpuint (features[0], ==, 0);
  g_assert_cmpuint (features[1], ==, 0);
  g_assert_cmpuint (features[2], ==, 0x01); /* password algorithms, no username anonymity */
}

/* RFC 8489, section 14.10: qdtext, so that no quoting is needed. */
static void
test_is_plain_text (Fixture *fixture, gconstpointer data)
{
  for (gint i = 0; i < 200; i++)
    {
      th_nonce_make (&fixture->key, &fixture->client, i * SECOND, fixture->nonce);
      for (const char *c = fixture->nonce; *c != '\0'; c++)
        g_assert_true (g_ascii_isalnum (*c) || *c == '+' || *c == '/');
    }
}

static void
test_is_valid_during_its_lifetime (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (check_at (fixture, MADE), ==, TH_NONCE_VALID);
  g_assert_cmpint (check_at (fixture, MADE + 1), ==, TH_NONCE_VALID);
  g_assert_cmpint (check_at (fixture, MADE + LIFETIME / 2), ==, TH_NONCE_VALID);
  g_assert_cmpint (check_at (fixture, MADE + LIFETIME), ==, TH_NONCE_VALID);
}

static void
test_expired_is_stale (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (check_at (fixture, MADE + LIFETIME + 1), ==, TH_NONCE_STALE);
  g_assert_cmpint (check_at (fixture, MADE + 2 * LIFETIME), ==, TH_NONCE_STALE);
  for (gint year = 1; year <= 130; year++)
    g_assert_cmpint (check_at (fixture, MADE + year * YEAR), ==, TH_NONCE_STALE);
}

static void
test_made_within_a_second_never_lives_longer (Fixture *fixture, gconstpointer data)
{
  th_nonce_make (&fixture->key, &fixture->client, MADE + SECOND - 1, fixture->nonce);
  g_assert_cmpint (check_at (fixture, MADE + SECOND - 1), ==, TH_NONCE_VALID);
  g_assert_cmpint (check_at (fixture, MADE + LIFETIME), ==, TH_NONCE_VALID);
  g_assert_cmpint (check_at (fixture, MADE + LIFETIME + 1), ==, TH_NONCE_STALE);
}

static void
test_from_the_future_is_stale (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (check_at (fixture, MADE - 1), ==, TH_NONCE_STALE);
  g_assert_cmpint (check_at (fixture, MADE - SECOND), ==, TH_NONCE_STALE);
  g_assert_cmpint (check_at (fixture, 0), ==, TH_NONCE_STALE);
}

static void
test_time_may_wrap (Fixture *fixture, gconstpointer data)
{
  fixture->key.epoch = G_MAXUINT32 - 1000; /* MADE falls on the last second before the wrap */
  th_nonce_make (&fixture->key, &fixture->client, MADE, fixture->nonce);
  g_assert_cmpint (check_at (fixture, MADE + LIFETIME), ==, TH_NONCE_VALID);
  g_assert_cmpint (check_at (fixture, MADE + LIFETIME + 1), ==, TH_NONCE_STALE);
  g_assert_cmpint (check_at (fixture, MADE - 1), ==, TH_NONCE_STALE);
}

static void
test_years_of_uptime (Fixture *fixture, gconstpointer data)
{
  for (gint year = 1; year <= 50; year++)
    {
      th_nonce_make (&fixture->key, &fixture->client, year * YEAR, fixture->nonce);
      g_assert_cmpint (check_at (fixture, year * YEAR + LIFETIME), ==, TH_NONCE_VALID);
      g_assert_cmpint (check_at (fixture, year * YEAR + LIFETIME + 1), ==, TH_NONCE_STALE);
    }
}

static void
test_of_another_address_is_stale (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (check_from (fixture, "198.51.100.7", 50000), ==, TH_NONCE_VALID);
  g_assert_cmpint (check_from (fixture, "198.51.100.8", 50000), ==, TH_NONCE_STALE);
  g_assert_cmpint (check_from (fixture, "198.51.100.7", 50001), ==, TH_NONCE_STALE);
  g_assert_cmpint (check_from (fixture, "198.51.100.7", 20675), ==, TH_NONCE_STALE);
  g_assert_cmpint (check_from (fixture, "::ffff:198.51.100.7", 50000), ==, TH_NONCE_STALE);
  g_assert_cmpint (check_from (fixture, "c633:6407::", 50000), ==, TH_NONCE_STALE);
}

static void
test_ipv6_clients_differ_in_every_bit (Fixture *fixture, gconstpointer data)
{
  fixture->client = address_and_port ("2001:db8::7", 50000);
  th_nonce_make (&fixture->key, &fixture->client, MADE, fixture->nonce);
  g_assert_cmpint (check_at (fixture, MADE), ==, TH_NONCE_VALID);

  for (guint bit = 0; bit < 128; bit++)
    {
      fixture->client.v6.sin6_addr.s6_addr[bit / 8] ^= (guint8) (1 << bit % 8);
      g_assert_cmpint (check_at (fixture, MADE), ==, TH_NONCE_STALE);
      fixture->client.v6.sin6_addr.s6_addr[bit / 8] ^= (guint8) (1 << bit % 8);
    }
}

/* The same host and port, whatever interface and flow the kernel noted with it. */
static void
test_scope_and_flow_do_not_count (Fixture *fixture, gconstpointer data)
{
  fixture->client = address_and_port ("fe80::7", 50000);
  th_nonce_make (&fixture->key, &fixture->client, MADE, fixture->nonce);
  fixture->client.v6.sin6_scope_id = 3;
  fixture->client.v6.sin6_flowinfo = 5;
  g_assert_cmpint (check_at (fixture, MADE), ==, TH_NONCE_VALID);
}

static void
test_from_before_a_restart_is_stale (Fixture *fixture, gconstpointer data)
{
  th_nonce_key_init (&fixture->key);
  g_assert_cmpint (check_at (fixture, MADE), ==, TH_NONCE_STALE);
}

static void
test_altered_by_one_bit_is_stale (Fixture *fixture, gconstpointer data)
{
  for (guint bit = 0; bit < TH_NONCE_SIZE * 8; bit++)
    {
      char altered[TH_NONCE_SIZE];

      memcpy (altered, fixture->nonce, sizeof altered);
      altered[bit / 8] = (char) (altered[bit / 8] ^ 1 << bit % 8);
      g_assert_cmpint (check_text (fixture, altered, sizeof altered, MADE), ==, TH_NONCE_STALE);
      g_assert_cmpint (check_text (fixture, altered, sizeof altered, MADE + LIFETIME), ==,
                       TH_NONCE_STALE);
    }
}

static void
test_of_another_length_is_stale (Fixture *fixture, gconstpointer data)
{
  char longer[1000];

  memset (longer, 'A', sizeof longer);
  memcpy (longer, fixture->nonce, TH_NONCE_SIZE);
  for (gsize length = 0; length <= sizeof longer; length++)
    {
      if (length != TH_NONCE_SIZE)
        g_assert_cmpint (check_text (fixture, longer, length, MADE), ==, TH_NONCE_STALE);
    }
}

static void
test_invented_is_stale (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 20000; i++)
    {
      char invented[TH_NONCE_SIZE];
      guint kept = i % 2 == 0 ? 0 : 21; /* all of it, or the hash alone */

      memcpy (invented, fixture->nonce, sizeof invented);
      for (guint j = kept; j < sizeof invented; j++)
        invented[j] = (char) g_test_rand_int_range (0, 256);
      g_assert_cmpint (check_text (fixture, invented, sizeof invented, MADE), ==, TH_NONCE_STALE);
    }
}

static void
test_keys_differ (Fixture *fixture, gconstpointer data)
{
  ThNonceKey other;
  char nonce[TH_NONCE_SIZE + 1];

  th_nonce_key_init (&other);
  g_assert_true (memcmp (other.key, fixture->key.key, sizeof other.key) != 0);
  other.epoch = fixture->key.epoch;
  th_nonce_make (&other, &fixture->client, MADE, nonce);
  g_assert_cmpstr (nonce, !=, fixture->nonce);
}

static void
test_tells_its_age (Fixture *fixture, gconstpointer data)
{
  const guint8 *nonce = (const guint8 *) fixture->nonce;

  g_assert_cmpuint (th_nonce_age (&fixture->key, MADE, nonce), ==, 0);
  g_assert_cmpuint (th_nonce_age (&fixture->key, MADE + 90 * G_USEC_PER_SEC, nonce), ==, 90);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/turn/nonce/begins-with-the-nonce-cookie", test_begins_with_the_nonce_cookie);
  add ("/turn/nonce/is-plain-text", test_is_plain_text);
  add ("/turn/nonce/is-valid-during-its-lifetime", test_is_valid_during_its_lifetime);
  add ("/turn/nonce/expired-is-stale", test_expired_is_stale);
  add ("/turn/nonce/made-within-a-second-never-lives-longer",
       test_made_within_a_second_never_lives_longer);
  add ("/turn/nonce/from-the-future-is-stale", test_from_the_future_is_stale);
  add ("/turn/nonce/time-may-wrap", test_time_may_wrap);
  add ("/turn/nonce/years-of-uptime", test_years_of_uptime);
  add ("/turn/nonce/of-another-address-is-stale", test_of_another_address_is_stale);
  add ("/turn/nonce/ipv6-clients-differ-in-every-bit", test_ipv6_clients_differ_in_every_bit);
  add ("/turn/nonce/scope-and-flow-do-not-count", test_scope_and_flow_do_not_count);
  add ("/turn/nonce/from-before-a-restart-is-stale", test_from_before_a_restart_is_stale);
  add ("/turn/nonce/altered-by-one-bit-is-stale", test_altered_by_one_bit_is_stale);
  add ("/turn/nonce/of-another-length-is-stale", test_of_another_length_is_stale);
  add ("/turn/nonce/invented-is-stale", test_invented_is_stale);
  add ("/turn/nonce/keys-differ", test_keys_differ);
  add ("/turn/nonce/tells-its-age", test_tells_its_age);
  return g_test_run ();
}
