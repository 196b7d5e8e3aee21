/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All schemes side by side: for random users, secrets and times the relay accepts exactly what was
 * minted, says whose it is and until when, and nothing that differs in anything.
 */
#include <string.h>

#include "credentials/ring-state.h"
#include "credentials/ring.h"
#include "folder.h"
#include "ring-fixture.h"

#define NOW 1700000000
#define REALM "turnhouse"

typedef enum {
  REST,
  JWT,
  LIVEKIT,
  N_SCHEMES,
} Scheme;

static ThCredential *
mint_by (ThSecretRing *ring, Scheme scheme, const char *user, gint64 ttl, gint64 now)
{
  g_autoptr (GError) error = NULL;
  ThCredential *credential = NULL;

  th_secret_ring_set_ttl (ring, ttl);
  if (scheme == REST)
    credential = th_secret_ring_mint (ring, user, ttl, now, &error);
  else if (scheme == JWT)
    credential = th_secret_ring_mint_jwt (ring, user, now, &error);
  else
    credential = th_secret_ring_mint_livekit (ring, user, ttl, now, &error);
  g_assert_no_error (error);
  return credential;
}

/* Whether the relay lets a client in; by which key. */
static gboolean
accepts (ThSecretRing *ring, const char *name, const char *password, gint64 now, ThTurnKey *key)
{
  return find_key (ring, name, password, now, key) && key->expires_at > now;
}

/* (transfer full) */
static char *
random_text (guint pieces_max)
{
  static const char *const pieces[] = { "a", "Z", "7", "\"", "\\", ":", "ü", "😀", " ",  "/",
                                        "0", "%", "=", "-",  "_",  ".", "&", "é", "17", "P" };
  GString *text = g_string_new ("u");
  guint count = g_test_rand_int_range (0, pieces_max);

  for (guint i = 0; i < count; i++)
    g_string_append (text, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
  g_string_append (text, "."); /* or it might end with a time */
  return g_string_free (text, FALSE);
}

/* (transfer full): the text with one character changed for another letter or digit */
static char *
change_one (const char *text)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  char *changed = g_strdup (text);
  gsize place;
  char fresh;

  do
    {
      place = g_test_rand_int_range (0, strlen (text));
      fresh = letters[g_test_rand_int_range (0, sizeof letters - 1)];
    }
  while (!g_ascii_isalnum (text[place]) || fresh == text[place]);
  changed[place] = fresh;
  return changed;
}

static void
check_one (ThSecretRing *ring, Scheme scheme)
{
  g_autofree char *user = random_text (20);
  gint64 ttl = g_test_rand_int_range (1, 200000), now = NOW + g_test_rand_int_range (0, 10000000);
  g_autoptr (ThCredential) credential = mint_by (ring, scheme, user, ttl, now);
  g_autofree char *wrong_name = change_one (credential->username);
  g_autofree char *wrong_password = change_one (credential->password);
  const char *name = credential->username, *password = credential->password;
  gint64 end = credential->expires_at;
  ThTurnKey key;

  g_assert_true (accepts (ring, name, password, now, &key));
  g_assert_cmpstr (key.user, ==, user);
  g_assert_cmpint (key.expires_at, ==, end);
  g_assert_true ((key.secret & TH_RING_API_GENERATIONS) != 0 || scheme == REST);
  g_assert_cmpuint (key.secret & ~TH_RING_API_GENERATIONS, ==, 1);

  g_assert_true (accepts (ring, name, password, end - 1, &key));
  g_assert_false (accepts (ring, name, password, end, &key));
  g_assert_false (accepts (ring, name, password, end + 1000000, &key));
  g_assert_false (accepts (ring, name, wrong_password, now, &key));
  g_assert_false (accepts (ring, wrong_name, password, now, &key));
  g_assert_false (accepts (ring, user, "", now, &key));
}

static void
test_exactly_what_was_minted (void)
{
  for (guint round = 0; round < 10; round++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autofree char *secret = random_text (30), *key = random_text (10);
      g_autofree char *api_secret = random_text (30);
      g_autoptr (ThSecretRing) ring =
          open_seeded_ring (folder, &(ThRingSeed) { secret, key, api_secret });
      const char *pairs[] = { "u:static", NULL };
      g_autoptr (ThUsers) users = th_users_new (REALM, pairs, NULL);

      th_secret_ring_set_users (ring, users);
      for (guint i = 0; i < 40; i++)
        check_one (ring, i % N_SCHEMES);
    }
}

/* What one ring minted is nothing to another, whichever of its secrets differs. */
static void
test_nothing_of_another_ring (void)
{
  g_autoptr (TestFolder) folder = test_folder_new (), away = test_folder_new ();
  g_autoptr (ThSecretRing) ring =
      open_seeded_ring (folder, &(ThRingSeed) { "north", "APIhome", "star" });
  g_autoptr (ThSecretRing) other =
      open_seeded_ring (away, &(ThRingSeed) { "south", "APIhome", "moon" });

  for (Scheme scheme = 0; scheme < N_SCHEMES; scheme++)
    {
      g_autoptr (ThCredential) credential = mint_by (ring, scheme, "anna", 3600, NOW);
      ThTurnKey key;

      th_secret_ring_set_ttl (other, 3600);
      g_assert_true (accepts (ring, credential->username, credential->password, NOW, &key));
      g_assert_false (accepts (other, credential->username, credential->password, NOW, &key));
    }
}

/* The password of one scheme is none of another, and its name cannot be had as a token's user. */
static void
test_schemes_do_not_mix (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring =
      open_seeded_ring (folder, &(ThRingSeed) { "star", "APIhome", "star" });
  ThCredential *credentials[N_SCHEMES];

  for (Scheme scheme = 0; scheme < N_SCHEMES; scheme++)
    credentials[scheme] = mint_by (ring, scheme, "anna", 3600, NOW);
  for (guint i = 0; i < N_SCHEMES; i++)
    for (guint j = 0; j < N_SCHEMES; j++)
      {
        ThTurnKey key;

        g_assert_true (accepts (ring, credentials[i]->username, credentials[j]->password, NOW,
                                &key) == (i == j));
      }
  g_assert_null (th_secret_ring_mint_jwt (ring, credentials[REST]->username, NOW, NULL));
  g_assert_null (th_secret_ring_mint_jwt (ring, credentials[LIVEKIT]->username, NOW, NULL));
  for (guint i = 0; i < N_SCHEMES; i++)
    th_credential_free (credentials[i]);
}

static void
test_users_of_livekit (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_seeded_ring (folder, &(ThRingSeed) { NULL, NULL, NULL });
  g_autofree char *longest = g_strnfill (256, 'u'), *too_long = g_strnfill (257, 'u');
  const char *bad[] = { "", "an|na", "an\nna", "\xff", too_long };
  g_autoptr (ThCredential) credential =
      th_secret_ring_mint_livekit (ring, longest, 60, NOW, NULL);

  g_assert_cmpint (credential->expires_at, ==, NOW + 60);
  g_assert_cmpint (credential->ttl, ==, 60);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (th_secret_ring_mint_livekit (ring, bad[i], 60, NOW, &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
    }
  g_assert_null (th_secret_ring_mint_livekit (ring, "anna", 0, NOW, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/schemes/" name, function)
  ADD ("exactly-what-was-minted", test_exactly_what_was_minted);
  ADD ("nothing-of-another-ring", test_nothing_of_another_ring);
  ADD ("schemes-do-not-mix", test_schemes_do_not_mix);
  ADD ("users-of-livekit", test_users_of_livekit);
#undef ADD
  return g_test_run ();
}
