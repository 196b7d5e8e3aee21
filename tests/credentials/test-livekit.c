/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scheme of LiveKit's embedded TURN server: names and passwords as LiveKit makes them, names
 * that are none, and whose keys the relay tries for them.
 */
#include <string.h>

#include "credentials/authenticator.h"
#include "credentials/base62.h"
#include "credentials/livekit.h"
#include "credentials/ring-state.h"
#include "stun/integrity.h"

#define NOW 1700000000
#define REALM "turnhouse"

static const ThAcceptedSecret api[] = {
  { "APIhome", "star", 2 | TH_RING_API_GENERATIONS, 0 },
  { "APIhome", "moon", 1 | TH_RING_API_GENERATIONS, NOW + 100 },
};

/* (transfer full): base62 of any text */
static char *
encode (const char *text)
{
  return th_base62_encode ((const guint8 *) text, strlen (text));
}

/* Made in Python, from LiveKit's own code. */
static void
test_known (void)
{
  g_autofree char *name = th_livekit_make_name ("APIhome", "anna", NOW);
  g_autofree char *password = th_livekit_make_password ("star", "annabel", 4, NOW);

  g_assert_cmpstr (name, ==, "wADMwADMwAzNxwXYu5WY8VWbvhWSQFE");
  g_assert_cmpstr (password, ==, "ebv2ivSYFH9sYRdhGavYbvfjbwtzRFzsfWsefBpAS82G");
}

static gboolean
parse (const char *text, ThLivekitText *decoded, ThLivekitName *name)
{
  g_autofree char *encoded = encode (text);

  return th_livekit_decode_name (decoded, encoded, strlen (encoded)) &&
         th_livekit_parse_text (name, decoded, "APIhome");
}

static void
test_names (void)
{
  static const struct
  {
    const char *text, *user;
    gint64 expires_at;
  } good[] = {
    { "APIhome|anna|1700000000", "anna", NOW },
    { "APIhome|PA_äé 🏠|1", "PA_äé 🏠", 1 },
    { "APIhome|a:1700000000|253402300799", "a:1700000000", G_GINT64_CONSTANT (253402300799) },
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      ThLivekitText decoded;
      ThLivekitName name;

      g_assert_true (parse (good[i].text, &decoded, &name));
      g_assert_cmpmem (name.user, name.user_length, good[i].user, strlen (good[i].user));
      g_assert_cmpint (name.expires_at, ==, good[i].expires_at);
    }
}

static void
test_names_that_are_none (void)
{
  static const char *const bad[] = {
    "",
    "anna",
    "|",
    "||",
    "|||",
    "APIhome",
    "APIhome|",
    "APIhome|anna",                     /* LiveKit's older form, without an end */
    "APIhome|anna|",
    "APIhome||1700000000",
    "APIhome|anna|0",
    "APIhome|anna|01700000000",
    "APIhome|anna|+1700000000",
    "APIhome|anna|-1",
    "APIhome|anna| 1700000000",
    "APIhome|anna|1700000000 ",
    "APIhome|anna|1700000000.5",
    "APIhome|anna|0x6553f100",
    "APIhome|anna|253402300800",
    "APIhome|anna|99999999999999999999999999999999",
    "APIhome|anna|1700000000|",
    "APIhome|anna|bo|1700000000",
    "APIhome|an\nna|1700000000",
    "APIhome|\x01|1700000000",
    "APIhome|\xff|1700000000",
    "APIhom|anna|1700000000",
    "APIhomes|anna|1700000000",
    "apihome|anna|1700000000",
    " APIhome|anna|1700000000",
  };
  g_autofree char *long_user = g_strnfill (257, 'u');
  g_autofree char *too_long = g_strdup_printf ("APIhome|%s|1700000000", long_user);
  ThLivekitText decoded;
  ThLivekitName name;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("row %u", i);
      g_assert_false (parse (bad[i], &decoded, &name));
    }
  g_assert_false (parse (too_long, &decoded, &name));
  too_long[strlen ("APIhome|") + 256] = '|'; /* cuts the user to what is allowed */
  too_long[strlen ("APIhome|") + 257] = '1';
  g_assert_true (parse (too_long, &decoded, &name));
  g_assert_cmpuint (name.user_length, ==, 256);
}

static void
test_longest_name (void)
{
  ThLivekitText decoded;
  char text[TH_STUN_USERNAME_MAX + 1];

  memset (text, 'A', sizeof text);
  g_assert_true (th_livekit_decode_name (&decoded, text, TH_STUN_USERNAME_MAX) ||
                 th_livekit_decode_name (&decoded, text, TH_STUN_USERNAME_MAX - 1));
  g_assert_false (th_livekit_decode_name (&decoded, text, sizeof text));
  memset (text, 'f', sizeof text); /* the fewest bits to a character, and the most */
  th_livekit_decode_name (&decoded, text, TH_STUN_USERNAME_MAX);
  memset (text, '9', sizeof text);
  th_livekit_decode_name (&decoded, text, TH_STUN_USERNAME_MAX);
  g_assert_cmpuint (decoded.length, <=, sizeof decoded.bytes);
}

static void
test_names_that_cannot_be_made (void)
{
  g_autofree char *key = g_strnfill (1024, 'k'), *user = g_strnfill (256, 'u');
  g_autofree char *name = NULL;

  g_assert_null (th_livekit_make_name ("APIhome", "an|na", NOW));
  g_assert_null (th_livekit_make_name (key, "anna", NOW));
  name = th_livekit_make_name ("APIhome", user, NOW);
  g_assert_cmpuint (strlen (name), <=, TH_STUN_USERNAME_MAX);
}

static guint
ask (const ThAcceptedSecret *secrets, guint count, const char *text, ThTurnKey *keys, gint64 now)
{
  g_autofree char *encoded = encode (text);
  g_autoptr (ThTurnAuthenticator) authenticator = th_credentials_authenticator_new (
      &(ThAccepted) { .api = secrets, .n_api = count, .api_ttl = 86400 });
  const ThTurnClaim claim = {
    .username = encoded,
    .username_length = strlen (encoded),
    .realm = REALM,
    .algorithm = TH_STUN_ALGORITHM_SHA256,
    .wall_time = now,
  };

  return authenticator->find_keys (authenticator, &claim, keys, TH_TURN_KEYS_MAX);
}

static void
assert_key (const ThTurnKey *key, const char *text, const char *secret)
{
  g_autofree char *name = encode (text);
  g_autofree char *password = th_livekit_make_password (secret, "anna", 4, NOW + 50);
  g_autofree char *input = g_strdup_printf ("%s:" REALM ":%s", name, password);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autoptr (GChecksum) sha256 = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (sha256, (const guchar *) input, -1);
  g_checksum_get_digest (sha256, digest, &length);
  g_assert_cmpmem (key->key, key->key_length, digest, length);
}

static void
test_keys (void)
{
  const char *text = "APIhome|anna|1700000050";
  ThTurnKey keys[TH_TURN_KEYS_MAX];

  g_assert_cmpuint (ask (api, 2, text, keys, NOW), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      assert_key (&keys[i], text, api[i].text);
      g_assert_cmpuint (keys[i].secret, ==, api[i].generation);
      g_assert_cmpint (keys[i].expires_at, ==, NOW + 50);
      g_assert_cmpstr (keys[i].user, ==, "anna");
    }
  /* After the end of both the credential and the former secret. */
  g_assert_cmpuint (ask (api, 2, text, keys, NOW + 100), ==, 1);
  g_assert_cmpint (keys[0].expires_at, ==, NOW + 50);
}

/* Names of another API key have the keys of tokens, as all names do, and no more. */
static void
test_key_of_another (void)
{
  const ThAcceptedSecret both[] = { api[0], { "other|key", "sun", 1, 0 } };
  ThTurnKey keys[TH_TURN_KEYS_MAX];
  guint tokens = ask (api, 1, "anna", keys, NOW);

  g_assert_cmpuint (ask (api, 1, "APIaway|anna|1700000050", keys, NOW), ==, tokens);
  g_assert_cmpuint (ask (api, 1, "APIhome|anna", keys, NOW), ==, tokens);
  g_assert_cmpuint (ask (NULL, 0, "APIhome|anna|1700000050", keys, NOW), ==, 0);

  g_assert_cmpuint (ask (both, 2, "other|key|anna|1700000050", keys, NOW), ==, 1);
  assert_key (&keys[0], "other|key|anna|1700000050", "sun");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/livekit/" name, function)
  ADD ("known", test_known);
  ADD ("names", test_names);
  ADD ("names-that-are-none", test_names_that_are_none);
  ADD ("longest-name", test_longest_name);
  ADD ("names-that-cannot-be-made", test_names_that_cannot_be_made);
  ADD ("keys", test_keys);
  ADD ("key-of-another", test_key_of_another);
#undef ADD
  return g_test_run ();
}
