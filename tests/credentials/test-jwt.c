/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens as relay passwords: their bytes, that others can read and verify them, and that the relay
 * accepts exactly what was minted, until it ends and no longer.
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "credentials/jwt.h"
#include "credentials/ring.h"
#include "folder.h"
#include "ring-fixture.h"

#define NOW 1700000000
#define REALM "turnhouse"

/* As Python's json, hmac and base64 make it. */
static void
test_known_token (void)
{
  static const char user[] = "an\"na\\ü";
  static const char expected[] =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJBUElub3J0aCIsInN1YiI6ImFuXCJuYVxcw7w"
    "iLCJuYmYiOjE2OTk5OTU2MDAsImV4cCI6MTcwMDA4MjAwMCwidmlkZW8iOnsiY2FuUHVibGlzaCI6dHJ1ZSw"
    "iY2FuU3Vic2NyaWJlIjp0cnVlLCJjYW5QdWJsaXNoRGF0YSI6dHJ1ZX0sIm1ldGFkYXRhIjoie1widXNlckl"
    "kXCI6XCJhblxcXCJuYVxcXFzDvFwiLFwicHVycG9zZVwiOlwicDJwLWljZVwifSJ9.ObNY-akIEJ8ljszzib"
    "365USke-rE1YHiYWOyp50kN8s";
  gint64 issued = th_jwt_get_issue_time (86400, NOW);
  g_autofree char *token = th_jwt_make ("APInorth", "star", user, strlen (user), issued, 86400);

  g_assert_cmpint (issued, ==, 1699995600);
  g_assert_cmpstr (token, ==, expected);
}

static void
test_grid (void)
{
  g_assert_cmpint (th_jwt_get_step (86400), ==, 10800);
  g_assert_cmpint (th_jwt_get_step (1), ==, 1);
  g_assert_cmpint (th_jwt_get_step (15), ==, 1);
  g_assert_cmpint (th_jwt_get_step (16), ==, 2);
  for (gint64 ttl = 1; ttl < 2000; ttl++)
    {
      gint64 step = th_jwt_get_step (ttl);
      gint64 issued = th_jwt_get_issue_time (ttl, NOW);

      g_assert_true (step == 1 || step * 8 <= ttl);
      g_assert_cmpint (issued % step, ==, 0);
      g_assert_true (issued <= NOW && issued + step > NOW);
      g_assert_cmpint ((ttl + step - 1) / step, <=, TH_JWT_TOKENS_MAX);
    }
}

/* (transfer full): base64url without padding */
static guint8 *
decode (const char *text, gsize *length)
{
  static const char padding[][3] = { "", "", "==", "=" };
  g_autofree char *base64 = g_strconcat (text, padding[strlen (text) % 4], NULL);

  g_assert_null (strpbrk (text, "+/="));
  g_strdelimit (base64, "-", '+');
  g_strdelimit (base64, "_", '/');
  return g_base64_decode (base64, length);
}

/* (transfer full): what the token says, after its signature was found right by GLib's HMAC */
static JsonNode *
verify (const char *token, const char *secret)
{
  g_auto (GStrv) parts = g_strsplit (token, ".", -1);
  g_autofree char *signed_text = NULL, *payload = NULL;
  g_autofree guint8 *signature = NULL;
  guint8 digest[32];
  gsize length = 0, digest_length = sizeof digest;
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, (const guchar *) secret, strlen (secret));
  g_autoptr (GError) error = NULL;
  JsonNode *root;

  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  signed_text = g_strconcat (parts[0], ".", parts[1], NULL);
  g_hmac_update (hmac, (const guchar *) signed_text, -1);
  g_hmac_get_digest (hmac, digest, &digest_length);
  signature = decode (parts[2], &length);
  g_assert_cmpmem (signature, length, digest, digest_length);

  payload = (char *) decode (parts[1], &length);
  payload = g_realloc (payload, length + 1);
  payload[length] = '\0';
  root = json_from_string (payload, &error);
  g_assert_no_error (error);
  return root;
}

static void
assert_says (JsonObject *claims, ThSecretRing *ring, const char *user, gint64 expires_at)
{
  g_autoptr (JsonNode) metadata =
      json_from_string (json_object_get_string_member (claims, "metadata"), NULL);
  JsonObject *video = json_object_get_object_member (claims, "video");

  g_assert_cmpstr (json_object_get_string_member (claims, "iss"), ==,
                   th_secret_ring_get_api_key (ring));
  g_assert_cmpstr (json_object_get_string_member (claims, "sub"), ==, user);
  g_assert_cmpint (json_object_get_int_member (claims, "exp"), ==, expires_at);
  g_assert_true (json_object_get_boolean_member (video, "canPublish"));
  g_assert_true (json_object_get_boolean_member (video, "canSubscribe"));
  g_assert_true (json_object_get_boolean_member (video, "canPublishData"));
  g_assert_cmpuint (json_object_get_size (video), ==, 3);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (metadata), "userId"), ==,
                   user);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (metadata), "purpose"), ==,
                   "p2p-ice");
}

/* Whether the relay takes @password at @now as @user's; the key's end goes to @expires_at. */
static gboolean
accepts (ThSecretRing *ring,
         const char *user,
         const char *password,
         gint64 now,
         gint64 *expires_at)
{
  ThTurnKey key;

  if (!find_key (ring, user, password, now, &key))
    return FALSE;
  *expires_at = key.expires_at;
  g_assert_cmpuint (key.secret, !=, 0);
  return TRUE;
}

static char *
random_user (void)
{
  static const char *const pieces[] = { "a", "Z", "7", "\"", "\\", ":", "ü", "😀", " ", "/", "17" };
  GString *user = g_string_new ("u");
  guint count = g_test_rand_int_range (0, 20);

  for (guint i = 0; i < count; i++)
    g_string_append (user, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
  g_string_append (user, "."); /* or it might end with a time */
  return g_string_free (user, FALSE);
}

static void
check_one (ThSecretRing *ring, gint64 ttl)
{
  g_autofree char *user = random_user ();
  g_autofree char *other = g_strconcat (user, "x", NULL);
  gint64 now = NOW + g_test_rand_int_range (0, 1000000);
  g_autoptr (ThCredential) credential = th_secret_ring_mint_jwt (ring, user, now, NULL);
  g_autoptr (JsonNode) token =
      verify (credential->password, th_secret_ring_get_api_secret (ring));
  g_autofree char *wrong = g_strdup (credential->password);
  gint64 expires_at = 0;

  assert_says (json_node_get_object (token), ring, user, credential->expires_at);
  g_assert_cmpint (credential->ttl, ==, credential->expires_at - now);
  g_assert_true (credential->ttl <= ttl && credential->ttl > ttl - th_jwt_get_step (ttl));
  g_assert_true (accepts (ring, user, credential->password, now, &expires_at));
  g_assert_cmpint (expires_at, ==, credential->expires_at);
  g_assert_true (accepts (ring, user, credential->password, credential->expires_at - 1,
                          &expires_at));
  g_assert_false (accepts (ring, user, credential->password, credential->expires_at,
                           &expires_at));
  g_assert_false (accepts (ring, user, credential->password, credential->expires_at - ttl - 1,
                           &expires_at));
  g_assert_false (accepts (ring, other, credential->password, now, &expires_at));
  wrong[g_test_rand_int_range (0, strlen (wrong))] ^= 1;
  g_assert_false (accepts (ring, user, wrong, now, &expires_at));
}

/* Numbers are common as user ids; what the REST scheme would read as a time and a name is not. */
static void
test_ids_like_times (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_seeded_ring (folder, &(ThRingSeed) { NULL, NULL, "secret" });
  g_autoptr (ThCredential) number = th_secret_ring_mint_jwt (ring, "1700000000", NOW, NULL);
  gint64 expires_at;

  g_assert_true (accepts (ring, "1700000000", number->password, NOW, &expires_at));
  g_assert_null (th_secret_ring_mint_jwt (ring, "1700000000:anna", NOW, NULL));
  g_assert_null (th_secret_ring_mint_jwt (ring, "anna:1700000000", NOW, NULL));
}

static void
test_exactly_what_was_minted (void)
{
  static const gint64 lifetimes[] = { 1, 7, 15, 60, 3600, 86400, 1000000 };

  for (guint round = 0; round < 5; round++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autofree char *secret = g_strdup_printf ("secret-%u", (guint) g_test_rand_int ());
      g_autoptr (ThSecretRing) ring =
          open_seeded_ring (folder, &(ThRingSeed) { NULL, NULL, secret });
      const char *pairs[] = { "u:static", NULL };
      g_autoptr (ThUsers) users = th_users_new (REALM, pairs, NULL);

      th_secret_ring_set_users (ring, users);
      for (guint i = 0; i < G_N_ELEMENTS (lifetimes); i++)
        {
          th_secret_ring_set_ttl (ring, lifetimes[i]);
          for (guint j = 0; j < 6; j++)
            check_one (ring, lifetimes[i]);
        }
    }
}

/* A name that is also one of the REST scheme, and more shared secrets than there is room for. */
static void
test_room_beside_the_rest_scheme (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_seeded_ring (folder, &(ThRingSeed) { NULL, NULL, NULL });
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) previous = NULL;
  g_autoptr (ThCredential) token = NULL;
  g_autoptr (ThCredential) rest = NULL;
  gint64 expires_at;

  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *secret = g_strdup_printf ("previous-%u", i);
      g_strv_builder_add (builder, secret);
    }
  previous = g_strv_builder_end (builder);
  th_secret_ring_set_previous (ring, (const char *const *) previous);
  th_secret_ring_set_ttl (ring, 15);

  token = th_secret_ring_mint_jwt (ring, "12345", NOW, NULL);
  g_assert_true (accepts (ring, "12345", token->password, NOW + token->ttl - 1, &expires_at));
  rest = th_secret_ring_mint (ring, "anna", 60, NOW, NULL);
  g_assert_true (accepts (ring, rest->username, rest->password, NOW, &expires_at));
}

static void
test_kept_and_seeded (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) first = open_seeded_ring (folder, &(ThRingSeed) { NULL, NULL, NULL });
  g_autoptr (ThCredential) old = th_secret_ring_mint_jwt (first, "anna", NOW, NULL);
  g_autoptr (ThSecretRing) again = open_seeded_ring (folder, &(ThRingSeed) { NULL, NULL, NULL });
  g_autoptr (ThSecretRing) keyed = NULL;
  g_autoptr (ThSecretRing) seeded = NULL;
  g_autoptr (ThSecretRing) unseeded = NULL;
  gint64 expires_at;

  g_assert_true (g_str_has_prefix (th_secret_ring_get_api_key (first), "API"));
  g_assert_cmpuint (strlen (th_secret_ring_get_api_secret (first)), ==, 43);
  g_assert_cmpstr (th_secret_ring_get_api_key (first), ==, th_secret_ring_get_api_key (again));
  g_assert_true (accepts (again, "anna", old->password, NOW, &expires_at));

  keyed = open_seeded_ring (folder, &(ThRingSeed) { NULL, "APIhome", NULL });
  g_assert_cmpstr (th_secret_ring_get_api_key (keyed), ==, "APIhome");
  g_assert_cmpstr (th_secret_ring_get_api_secret (keyed), ==,
                   th_secret_ring_get_api_secret (first));

  seeded = open_seeded_ring (folder, &(ThRingSeed) { NULL, "APIhome", "star" });
  g_assert_cmpstr (th_secret_ring_get_api_secret (seeded), ==, "star");
  g_assert_true (accepts (seeded, "anna", old->password, NOW, &expires_at));

  /* Left out of the configuration later, it stays. */
  unseeded = open_seeded_ring (folder, &(ThRingSeed) { NULL, NULL, NULL });
  g_assert_cmpstr (th_secret_ring_get_api_secret (unseeded), ==, "star");
}

static void
test_bad_requests (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_seeded_ring (folder, &(ThRingSeed) { NULL, NULL, NULL });
  g_autofree char *long_user = g_strnfill (257, 'u');
  const char *const bad[] = { "", "an\nna", "\xff", long_user };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (th_secret_ring_mint_jwt (ring, bad[i], NOW, &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/jwt/known-token", test_known_token);
  g_test_add_func ("/credentials/jwt/grid", test_grid);
  g_test_add_func ("/credentials/jwt/exactly-what-was-minted", test_exactly_what_was_minted);
  g_test_add_func ("/credentials/jwt/ids-like-times", test_ids_like_times);
  g_test_add_func ("/credentials/jwt/room-beside-the-rest-scheme",
                   test_room_beside_the_rest_scheme);
  g_test_add_func ("/credentials/jwt/kept-and-seeded", test_kept_and_seeded);
  g_test_add_func ("/credentials/jwt/bad-requests", test_bad_requests);
  return g_test_run ();
}
