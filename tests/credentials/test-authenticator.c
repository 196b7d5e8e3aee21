/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the relay is told about a client's name: keys that other programs would compute too, whose
 * they are, when they end, and none for names that are no names.
 */
#include <string.h>

#include "credentials/authenticator.h"
#include "credentials/rest.h"
#include "stun/integrity.h"

#define NOW 1700000000

static const ThAcceptedSecret secrets[] = {
  { NULL, "north", 7, 0 },
  { NULL, "south", 6, NOW + 100 },
};

static ThTurnAuthenticator *
make_accepting (ThUsers *users, const ThAcceptedSecret *shared, guint n_secrets)
{
  return th_credentials_authenticator_new (
      &(ThAccepted) { .users = users, .secrets = shared, .n_secrets = n_secrets });
}

static ThTurnAuthenticator *
make_authenticator (void)
{
  const char *pairs[] = { "anna:north:star", "1700000100:odd:x", NULL };
  g_autoptr (ThUsers) users = th_users_new ("turnhouse", pairs, NULL);

  return make_accepting (users, secrets, G_N_ELEMENTS (secrets));
}

static ThTurnClaim
make_claim (const char *name)
{
  return (ThTurnClaim) {
    .username = name,
    .username_length = strlen (name),
    .realm = "turnhouse",
    .algorithm = TH_STUN_ALGORITHM_MD5,
    .wall_time = NOW,
  };
}

/* The key by another road: GLib's HMAC and hashes. (transfer full): hex */
static char *
compute_rest_key (const char *secret, const char *name, const char *realm, GChecksumType type)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guchar *) secret, strlen (secret));
  guint8 digest[20];
  gsize length = sizeof digest;
  g_autofree char *password = NULL, *text = NULL;

  g_hmac_update (hmac, (const guchar *) name, strlen (name));
  g_hmac_get_digest (hmac, digest, &length);
  password = g_base64_encode (digest, length);
  text = g_strdup_printf ("%s:%s:%s", name, realm, password);
  return g_compute_checksum_for_string (type, text, -1);
}

static char *
key_hex (const ThTurnKey *key)
{
  GString *hex = g_string_new (NULL);

  for (gsize i = 0; i < key->key_length; i++)
    g_string_append_printf (hex, "%02x", key->key[i]);
  return g_string_free (hex, FALSE);
}

static void
assert_rest_key (const ThTurnKey *key, const char *secret, const char *name, GChecksumType type)
{
  g_autofree char *expected = compute_rest_key (secret, name, "turnhouse", type);
  g_autofree char *actual = key_hex (key);

  g_assert_cmpstr (actual, ==, expected);
}

static void
test_rest_name (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();
  ThTurnClaim claim = make_claim ("1700000050:bo");
  ThTurnKey keys[TH_TURN_KEYS_MAX];

  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, keys, TH_TURN_KEYS_MAX), ==,
                    2);
  assert_rest_key (&keys[0], "north", "1700000050:bo", G_CHECKSUM_MD5);
  assert_rest_key (&keys[1], "south", "1700000050:bo", G_CHECKSUM_MD5);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (keys[i].expires_at, ==, 1700000050);
      g_assert_cmpstr (keys[i].user, ==, "bo");
      g_assert_cmpuint (keys[i].secret, ==, secrets[i].generation);
    }

  claim.algorithm = TH_STUN_ALGORITHM_SHA256;
  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, keys, TH_TURN_KEYS_MAX), ==,
                    2);
  assert_rest_key (&keys[0], "north", "1700000050:bo", G_CHECKSUM_SHA256);
}

/* As openssl computes it for "1700000000:anna", its password with "north", and "turnhouse". */
static void
test_known_keys (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();
  ThTurnClaim claim = make_claim ("1700000000:anna");
  ThTurnKey key;
  g_autofree char *md5 = NULL, *sha256 = NULL;

  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, &key, 1), ==, 1);
  md5 = key_hex (&key);
  g_assert_cmpstr (md5, ==, "de86fd0e1079772fc9e3566d457e5b4c");
  claim.algorithm = TH_STUN_ALGORITHM_SHA256;
  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, &key, 1), ==, 1);
  sha256 = key_hex (&key);
  g_assert_cmpstr (sha256, ==, "d62056d565ef813594595dc66a07df1458232759bead9ebf079af5d1443f47dd");
}

static void
test_user_before_expiry (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();
  ThTurnClaim claim = make_claim ("bo:1700000050");
  ThTurnKey key;

  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, &key, 1), ==, 1);
  assert_rest_key (&key, "north", "bo:1700000050", G_CHECKSUM_MD5);
  g_assert_cmpint (key.expires_at, ==, 1700000050);
  g_assert_cmpstr (key.user, ==, "bo");
}

static void
test_expired_name_says_so (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();
  ThTurnClaim claim = make_claim ("1600000000:bo");
  ThTurnKey key;

  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, &key, 1), ==, 1);
  g_assert_cmpint (key.expires_at, ==, 1600000000);
}

static void
test_retired_secret_is_out (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();
  ThTurnClaim claim = make_claim ("1700009999:bo");
  ThTurnKey keys[4];

  claim.wall_time = NOW + 99;
  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, keys, 4), ==, 2);
  claim.wall_time = NOW + 100;
  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, keys, 4), ==, 1);
  g_assert_cmpuint (keys[0].secret, ==, 7);
}

static void
test_static_user (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();
  ThTurnClaim by_name = make_claim ("anna"), by_hash = make_claim ("");
  guint8 hash[TH_STUN_USERHASH_SIZE];
  ThTurnKey key, key_by_hash;
  g_autofree char *hex = NULL;

  g_assert_cmpuint (authenticator->find_keys (authenticator, &by_name, &key, 1), ==, 1);
  hex = key_hex (&key);
  g_assert_cmpstr (hex, ==, "a9412e70d1c10a551bc6a3ff5edb8405");
  g_assert_cmpint (key.expires_at, ==, 0);
  g_assert_cmpuint (key.secret, ==, 0);
  g_assert_cmpstr (key.user, ==, "anna");

  th_stun_userhash ("anna", 4, "turnhouse", strlen ("turnhouse"), hash);
  by_hash.username = NULL;
  by_hash.userhash = hash;
  g_assert_cmpuint (authenticator->find_keys (authenticator, &by_hash, &key_by_hash, 1), ==, 1);
  g_assert_cmpmem (&key, sizeof key, &key_by_hash, sizeof key_by_hash);

  hash[31] ^= 1;
  g_assert_cmpuint (authenticator->find_keys (authenticator, &by_hash, &key, 1), ==, 0);
  by_hash.userhash = NULL;
  g_assert_cmpuint (authenticator->find_keys (authenticator, &by_hash, &key, 1), ==, 0);
}

static void
test_another_realm_has_no_static_users (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();
  ThTurnClaim claim = make_claim ("anna");
  ThTurnKey key;

  claim.realm = "elsewhere";
  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, &key, 1), ==, 0);
}

static void
test_static_users_come_first (void)
{
  const char *pairs[] = { "1700000100:x", NULL };
  g_autoptr (ThUsers) users = th_users_new ("turnhouse", pairs, NULL);
  g_autoptr (ThTurnAuthenticator) authenticator =
      make_accepting (users, secrets, G_N_ELEMENTS (secrets));
  ThTurnClaim claim = make_claim ("1700000100");
  ThTurnKey keys[4];

  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, keys, 4), ==, 3);
  g_assert_cmpuint (keys[0].secret, ==, 0);
  g_assert_cmpint (keys[0].expires_at, ==, 0);
  g_assert_cmpuint (keys[1].secret, ==, 7);
  g_assert_cmpuint (keys[2].secret, ==, 6);
}

static void
test_never_more_than_asked_for (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();
  ThTurnClaim claim = make_claim ("1700000050:bo");
  ThTurnKey keys[2] = { 0 };

  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, keys, 1), ==, 1);
  g_assert_cmpuint (keys[1].key_length, ==, 0);
  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, keys, 0), ==, 0);
}

static void
test_more_secrets_than_fit (void)
{
  ThAcceptedSecret many[40];
  char texts[40][8];
  ThTurnKey keys[40];
  ThTurnClaim claim = make_claim ("1700000050:bo");
  g_autoptr (ThTurnAuthenticator) authenticator = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (many); i++)
    {
      g_snprintf (texts[i], sizeof texts[i], "s%u", i);
      many[i] = (ThAcceptedSecret) { NULL, texts[i], 40 - i, 0 };
    }
  authenticator = make_accepting (NULL, many, G_N_ELEMENTS (many));
  g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, keys, 40), ==,
                    TH_ACCEPTED_SECRETS_MAX);
  g_assert_cmpuint (keys[0].secret, ==, 40);
}

static void
test_names_that_are_none (void)
{
  static const struct
  {
    const char *bytes;
    gsize length;
  } bad[] = {
    { "", 0 },
    { "nobody", 6 },
    { "1700000050:b\0o", 14 },
    { "1700000050:b\no", 14 },
    { "1700000050:b\x7fo", 14 },
    { "1700000050:\xff", 12 },
    { "1700000050:\xc3", 12 },
    { "1700000050:\xed\xa0\x80", 14 }, /* half of a surrogate pair */
    { "anna\n", 5 },
    { "anna\0", 5 },
    { "ANNA", 4 },
    { "%s%n:12a", 8 },
  };
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      ThTurnClaim claim = make_claim ("");
      ThTurnKey key;

      claim.username = bad[i].bytes;
      claim.username_length = bad[i].length;
      g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, &key, 1), ==, 0);
    }
}

/* A name is cut where a character ends, however the characters lie. */
static void
test_long_users_are_cut_at_a_character (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();

  for (guint shift = 0; shift < 4; shift++)
    {
      g_autoptr (GString) name = g_string_new ("1700000050:");
      ThTurnClaim claim;
      ThTurnKey key;

      for (guint i = 0; i < shift; i++)
        g_string_append_c (name, 'a');
      while (name->len < 480)
        g_string_append (name, "🏠");
      claim = make_claim (name->str);
      g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, &key, 1), ==, 1);
      g_assert_true (g_utf8_validate (key.user, -1, NULL));
      g_assert_cmpuint (strlen (key.user), ==, 124 + (shift == 0 ? 0 : shift));
      g_assert_true (g_str_has_prefix (name->str + strlen ("1700000050:"), key.user));
    }
}

static void
test_user_of_exactly_the_size (void)
{
  g_autoptr (ThTurnAuthenticator) authenticator = make_authenticator ();

  for (gsize length = TH_TURN_USER_SIZE - 2; length <= TH_TURN_USER_SIZE + 1; length++)
    {
      g_autofree char *user = g_strnfill (length, 'u');
      g_autofree char *name = g_strconcat ("1700000050:", user, NULL);
      ThTurnClaim claim = make_claim (name);
      ThTurnKey key;

      g_assert_cmpuint (authenticator->find_keys (authenticator, &claim, &key, 1), ==, 1);
      g_assert_cmpuint (strlen (key.user), ==, MIN (length, TH_TURN_USER_SIZE - 1));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/authenticator/" name, function)
  ADD ("rest-name", test_rest_name);
  ADD ("known-keys", test_known_keys);
  ADD ("user-before-expiry", test_user_before_expiry);
  ADD ("expired-name-says-so", test_expired_name_says_so);
  ADD ("retired-secret-is-out", test_retired_secret_is_out);
  ADD ("static-user", test_static_user);
  ADD ("another-realm-has-no-static-users", test_another_realm_has_no_static_users);
  ADD ("static-users-come-first", test_static_users_come_first);
  ADD ("never-more-than-asked-for", test_never_more_than_asked_for);
  ADD ("more-secrets-than-fit", test_more_secrets_than_fit);
  ADD ("names-that-are-none", test_names_that_are_none);
  ADD ("long-users-are-cut-at-a-character", test_long_users_are_cut_at_a_character);
  ADD ("user-of-exactly-the-size", test_user_of_exactly_the_size);
#undef ADD
  return g_test_run ();
}
