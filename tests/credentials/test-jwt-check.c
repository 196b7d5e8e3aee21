/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens of callers: the few that are good, and everything that must not be taken for one.
 */
#include <string.h>

#include "credentials/jwt-check.h"
#include "credentials/jwt.h"
#include "credentials/ring.h"
#include "folder.h"
#include "ring-fixture.h"
#include "sign-jwt.h"

#define NOW G_GINT64_CONSTANT (1700000000)
#define KEY "APInorth"
#define SECRET "star"
#define HS256 "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define ISS "\"iss\":\"" KEY "\""
#define SUB ",\"sub\":\"anna\""
#define EXP ",\"exp\":1700000060"

static const ThAcceptedSecret api[] = {
  { KEY, SECRET, 1, 0 },        { KEY, "former star", 2, NOW + 10 },
  { "APIother", SECRET, 3, 0 }, { "APIthird", "third star", 4, 0 },
  { KEY, "dead star", 5, NOW },
};

static char *
sign (const char *header, const char *claims, const char *secret)
{
  return sign_jwt (G_CHECKSUM_SHA256, header, -1, claims, -1, secret);
}

static ThJwtVerdict
check_at (const char *token, gint64 now, char **subject)
{
  ThJwtVerdict verdict = th_jwt_check (token, api, G_N_ELEMENTS (api), now, subject);

  g_assert_true ((verdict == TH_JWT_GOOD) == (*subject != NULL));
  return verdict;
}

static ThJwtVerdict
check (const char *token)
{
  g_autofree char *subject = NULL;

  return check_at (token, NOW, &subject);
}

static void
test_claims (void)
{
  const struct
  {
    const char *claims;
    ThJwtVerdict verdict;
  } rows[] = {
    { "{" ISS SUB EXP "}", TH_JWT_GOOD },
    { "{" ISS SUB EXP ",\"nbf\":1700000000,\"iat\":1,\"name\":\"Anna\"}", TH_JWT_GOOD },
    { "{" ISS SUB ",\"exp\":1.70000006e9}", TH_JWT_GOOD },
    { "{" ISS SUB EXP ",\"video\":{\"roomJoin\":true,\"room\":\"a\"}}", TH_JWT_GOOD },
    { "{" ISS SUB EXP ",\"metadata\":\"hello {you}\"}", TH_JWT_GOOD },
    { "{" ISS SUB EXP ",\"metadata\":\"{\\\"purpose\\\":\\\"call\\\"}\"}", TH_JWT_GOOD },
    { "{" ISS SUB EXP ",\"metadata\":null}", TH_JWT_GOOD },
    { "{" ISS ",\"sub\":\"anna:1\"" EXP "}", TH_JWT_GOOD },
    /* who made it */
    { "{\"iss\":\"APIother\"" SUB EXP "}", TH_JWT_GOOD }, /* the same secret under another key */
    { "{\"iss\":\"APIthird\"" SUB EXP "}", TH_JWT_ISSUER },
    { "{\"iss\":\"nobody\"" SUB EXP "}", TH_JWT_ISSUER },
    { "{\"iss\":\"\"" SUB EXP "}", TH_JWT_ISSUER },
    { "{\"iss\":[\"" KEY "\"]" SUB EXP "}", TH_JWT_ISSUER },
    { "{\"sub\":\"anna\"" EXP "}", TH_JWT_ISSUER },
    /* when */
    { "{" ISS SUB "}", TH_JWT_NO_EXPIRY },
    { "{" ISS SUB ",\"exp\":\"1700000060\"}", TH_JWT_NO_EXPIRY },
    { "{" ISS SUB ",\"exp\":null}", TH_JWT_NO_EXPIRY },
    { "{" ISS SUB ",\"exp\":true}", TH_JWT_NO_EXPIRY },
    { "{" ISS SUB ",\"exp\":{}}", TH_JWT_NO_EXPIRY },
    { "{" ISS SUB ",\"exp\":1e999}", TH_JWT_NO_EXPIRY },
    { "{" ISS SUB ",\"exp\":0}", TH_JWT_EXPIRED },
    { "{" ISS SUB ",\"exp\":-1}", TH_JWT_EXPIRED },
    { "{" ISS SUB ",\"exp\":1699999994}", TH_JWT_EXPIRED },
    { "{" ISS SUB EXP ",\"nbf\":1700000006}", TH_JWT_NOT_YET_VALID },
    { "{" ISS SUB EXP ",\"nbf\":1e300}", TH_JWT_NOT_YET_VALID },
    { "{" ISS SUB EXP ",\"nbf\":\"0\"}", TH_JWT_MALFORMED },
    { "{" ISS SUB EXP ",\"nbf\":null}", TH_JWT_MALFORMED },
    /* for whom */
    { "{" ISS EXP "}", TH_JWT_NO_SUBJECT },
    { "{" ISS EXP ",\"sub\":\"\"}", TH_JWT_NO_SUBJECT },
    { "{" ISS EXP ",\"sub\":7}", TH_JWT_NO_SUBJECT },
    { "{" ISS EXP ",\"sub\":null}", TH_JWT_NO_SUBJECT },
    { "{" ISS EXP ",\"sub\":\"an\\nna\"}", TH_JWT_NO_SUBJECT },
    { "{" ISS EXP ",\"sub\":\"\\u0085\"}", TH_JWT_NO_SUBJECT },
    { "{" ISS SUB EXP ",\"aud\":\"shop\"}", TH_JWT_AUDIENCE },
    { "{" ISS SUB EXP ",\"aud\":[]}", TH_JWT_AUDIENCE },
    /* a relay password */
    { "{" ISS SUB EXP ",\"metadata\":\"{\\\"purpose\\\":\\\"p2p-ice\\\"}\"}",
      TH_JWT_RELAY_PASSWORD },
    { "{" ISS SUB EXP ",\"metadata\":\" {\\\"purpose\\\" : \\\"p2p\\\\u002dice\\\"}\"}",
      TH_JWT_RELAY_PASSWORD },
    { "{" ISS SUB EXP ",\"metadata\":{\"purpose\":\"p2p-ice\"}}", TH_JWT_RELAY_PASSWORD },
    { "{" ISS SUB EXP
      ",\"metadata\":\"{\\\"purpose\\\":\\\"p2p-ice\\\",\\\"purpose\\\":\\\"call\\\"}\"}",
      TH_JWT_RELAY_PASSWORD },
    /* no claims at all */
    { "", TH_JWT_MALFORMED },
    { "{", TH_JWT_MALFORMED },
    { "[]", TH_JWT_MALFORMED },
    { "null", TH_JWT_MALFORMED },
    { "{" ISS SUB EXP ",\"sub\":\"bob\"}", TH_JWT_MALFORMED },
    { "{" ISS SUB EXP ",\"s\\u0075b\":\"bob\"}", TH_JWT_MALFORMED },
    { "{" ISS SUB EXP ",\"exp\":9999999999}", TH_JWT_MALFORMED },
    { "{" ISS SUB EXP ",\"x\":[[[[[[[[[]]]]]]]]]}", TH_JWT_MALFORMED },
    { "{" ISS EXP ",\"sub\":\"\xff\"}", TH_JWT_MALFORMED },
    { "{" ISS EXP ",\"sub\":\"an\\u0000na\"}", TH_JWT_MALFORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *token = sign (HS256, rows[i].claims, SECRET);

      g_test_message ("row %u", i);
      g_assert_cmpint (check (token), ==, rows[i].verdict);
    }
}

static void
test_headers (void)
{
  const struct
  {
    const char *header;
    ThJwtVerdict verdict;
  } rows[] = {
    { HS256, TH_JWT_GOOD },
    { "{\"alg\":\"HS256\"}", TH_JWT_GOOD },
    { " { \"kid\" : 7, \"alg\" : \"HS256\" } ", TH_JWT_GOOD },
    { "{\"alg\":\"none\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"None\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":null}", TH_JWT_ALGORITHM },
    { "{\"alg\":[\"HS256\"]}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"hs256\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"HS384\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"HS512\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"RS256\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"ES256\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"PS256\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"EdDSA\"}", TH_JWT_ALGORITHM },
    { "{\"typ\":\"JWT\"}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"HS256\",\"crit\":[\"exp\"]}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}", TH_JWT_ALGORITHM },
    { "{\"alg\":\"HS256\",\"alg\":\"none\"}", TH_JWT_MALFORMED },
    { "{\"alg\":\"none\",\"alg\":\"HS256\"}", TH_JWT_MALFORMED },
    { "[\"HS256\"]", TH_JWT_MALFORMED },
    { "", TH_JWT_MALFORMED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *token = sign (rows[i].header, "{" ISS SUB EXP "}", SECRET);

      g_test_message ("row %u", i);
      g_assert_cmpint (check (token), ==, rows[i].verdict);
    }
}

static void
test_signatures (void)
{
  const char *claims = "{" ISS SUB EXP "}";
  const char *wrong[] = { "Star", "star ", "", "sta", "dead star", KEY };
  g_autofree char *former = sign (HS256, claims, "former star");
  g_autofree char *longer = sign_jwt (G_CHECKSUM_SHA512, HS256, -1, claims, -1, SECRET);
  g_autofree char *shorter = sign_jwt (G_CHECKSUM_SHA1, HS256, -1, claims, -1, SECRET);
  g_autofree char *other =
      sign_jwt (G_CHECKSUM_SHA384, "{\"alg\":\"HS384\"}", -1, claims, -1, SECRET);
  g_autofree char *subject = NULL;

  g_assert_cmpint (check_at (former, NOW, &subject), ==, TH_JWT_GOOD);
  g_clear_pointer (&subject, g_free);
  g_assert_cmpint (check_at (former, NOW + 10, &subject), ==, TH_JWT_SIGNATURE);
  g_assert_cmpint (check (longer), ==, TH_JWT_SIGNATURE);
  g_assert_cmpint (check (shorter), ==, TH_JWT_SIGNATURE);
  g_assert_cmpint (check (other), ==, TH_JWT_ALGORITHM);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *token = sign (HS256, claims, wrong[i]);

      g_assert_cmpint (check (token), ==, TH_JWT_SIGNATURE);
    }
  g_assert_cmpint (th_jwt_check (former, NULL, 0, NOW, &subject), ==, TH_JWT_SIGNATURE);
}

static void
test_clock (void)
{
  g_autofree char *token = sign (HS256, "{" ISS SUB EXP ",\"nbf\":1700000000}", SECRET);
  const struct
  {
    gint64 now;
    ThJwtVerdict verdict;
  } rows[] = {
    { 0, TH_JWT_NOT_YET_VALID },
    { NOW - TH_JWT_LEEWAY - 1, TH_JWT_NOT_YET_VALID },
    { NOW - TH_JWT_LEEWAY, TH_JWT_GOOD },
    { NOW + 60 + TH_JWT_LEEWAY - 1, TH_JWT_GOOD },
    { NOW + 60 + TH_JWT_LEEWAY, TH_JWT_EXPIRED },
    { G_MAXINT64, TH_JWT_EXPIRED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *subject = NULL;

      g_assert_cmpint (check_at (token, rows[i].now, &subject), ==, rows[i].verdict);
    }
}

static void
test_subject (void)
{
  g_autofree char *longest = g_strnfill (TH_CREDENTIAL_USER_MAX, 'u');
  g_autofree char *at_limit = g_strdup_printf ("{" ISS EXP ",\"sub\":\"%s\"}", longest);
  g_autofree char *above = g_strdup_printf ("{" ISS EXP ",\"sub\":\"%su\"}", longest);
  g_autofree char *good = sign (HS256, at_limit, SECRET);
  g_autofree char *bad = sign (HS256, above, SECRET);
  g_autofree char *umlaut = sign (HS256, "{" ISS EXP ",\"sub\":\"\\u00fcber\"}", SECRET);
  g_autofree char *subject = NULL, *other = NULL;

  g_assert_cmpint (check_at (good, NOW, &subject), ==, TH_JWT_GOOD);
  g_assert_cmpstr (subject, ==, longest);
  g_assert_cmpint (check (bad), ==, TH_JWT_NO_SUBJECT);
  g_assert_cmpint (check_at (umlaut, NOW, &other), ==, TH_JWT_GOOD);
  g_assert_cmpstr (other, ==, "über");
}

static void
test_length (void)
{
  for (guint padding = 4000; padding < 8000; padding += 97)
    {
      g_autofree char *text = g_strnfill (padding, 'x');
      g_autofree char *claims = g_strdup_printf ("{" ISS SUB EXP ",\"x\":\"%s\"}", text);
      g_autofree char *token = sign (HS256, claims, SECRET);
      gboolean fits = strlen (token) <= TH_JWT_LENGTH_MAX;

      g_assert_cmpint (check (token), ==, fits ? TH_JWT_GOOD : TH_JWT_MALFORMED);
    }
}

static void
test_no_jwts (void)
{
  const char *rows[] = {
    "",
    ".",
    "..",
    "...",
    "a.b",
    "a.b.c",
    "a.b.c.d",
    "eyJhbGciOiJIUzI1NiJ9",
    "eyJhbGciOiJIUzI1NiJ9.",
    ".e30.",
    "eyJhbGciOiJIUzI1NiJ9=.e30.",
    "eyJhbGciOiJIUzI1NiJ9\n.e30.",
    "\xff.\xff.\xff",
    " . . ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (check (rows[i]), ==, TH_JWT_MALFORMED);
  g_assert_false (th_jwt_has_form ("an app's token"));
  g_assert_false (th_jwt_has_form ("a.b.c.d"));
  g_assert_true (th_jwt_has_form ("a.b.c"));
}

/* No byte of a good token can be changed, dropped or added. */
static void
test_every_change (void)
{
  g_autofree char *good = sign (HS256, "{" ISS SUB EXP ",\"nbf\":1}", SECRET);
  gsize length = strlen (good);

  g_assert_cmpint (check (good), ==, TH_JWT_GOOD);
  for (gsize i = 0; i <= length; i++)
    for (guint j = 0; j < 8; j++)
      {
        static const char letters[] = "AZaz09-_.=+/ ";
        char letter = letters[g_test_rand_int_range (0, sizeof letters - 1)];
        g_autoptr (GString) changed = g_string_new (good);

        if (i < length && good[i] != letter)
          {
            changed->str[i] = letter;
            g_assert_cmpint (check (changed->str), !=, TH_JWT_GOOD);
          }
        g_string_assign (changed, good);
        g_string_insert_c (changed, i, letter);
        g_assert_cmpint (check (changed->str), !=, TH_JWT_GOOD);
        if (i < length)
          {
            g_string_assign (changed, good);
            g_string_erase (changed, i, 1 + g_test_rand_int_range (0, length - i));
            g_assert_cmpint (check (changed->str), !=, TH_JWT_GOOD);
          }
      }
}

static void
test_ring (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  const ThRingSeed seed = { .api_key = KEY, .api_secret = SECRET };
  g_autoptr (ThSecretRing) ring = th_secret_ring_open_seeded (folder, &seed, 86400, NULL);
  g_autoptr (ThCredential) password = th_secret_ring_mint_jwt (ring, "anna", NOW, NULL);
  g_autofree char *token = sign (HS256, "{" ISS SUB ",\"exp\":99999999999}", SECRET);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *subject = NULL;

  g_assert_cmpint (th_secret_ring_check_jwt (ring, token, now, &subject), ==, TH_JWT_GOOD);
  g_assert_cmpstr (subject, ==, "anna");
  g_clear_pointer (&subject, g_free);
  g_assert_cmpint (th_secret_ring_check_jwt (ring, password->password, NOW, &subject), ==,
                   TH_JWT_RELAY_PASSWORD);

  /* Rotated, the former secret has its grace; then it is over, or revoked. */
  g_assert_true (rotate_ring (ring, TH_RING_API, NULL));
  g_assert_cmpint (th_secret_ring_check_jwt (ring, token, now, &subject), ==, TH_JWT_GOOD);
  g_clear_pointer (&subject, g_free);
  g_assert_cmpint (th_secret_ring_check_jwt (ring, token, now + 2 * 86400, &subject), ==,
                   TH_JWT_SIGNATURE);
  g_array_unref (revoke_ring (ring, TH_RING_API, NULL));
  g_assert_cmpint (th_secret_ring_check_jwt (ring, token, now, &subject), ==, TH_JWT_SIGNATURE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/jwt-check/claims", test_claims);
  g_test_add_func ("/credentials/jwt-check/header-must-say-hs256", test_headers);
  g_test_add_func ("/credentials/jwt-check/signature-with-a-secret-in-force", test_signatures);
  g_test_add_func ("/credentials/jwt-check/clock-with-little-leeway", test_clock);
  g_test_add_func ("/credentials/jwt-check/subject", test_subject);
  g_test_add_func ("/credentials/jwt-check/length-is-bounded", test_length);
  g_test_add_func ("/credentials/jwt-check/no-jwts", test_no_jwts);
  g_test_add_func ("/credentials/jwt-check/every-change-is-noticed", test_every_change);
  g_test_add_func ("/credentials/jwt-check/secrets-of-the-ring", test_ring);
  return g_test_run ();
}
