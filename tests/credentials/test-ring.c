/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The secret ring from start to start: what it makes, keeps, accepts and mints, what it does with
 * a damaged store, and that workers may ask while it changes.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "credentials/ring-state.h"
#include "credentials/ring.h"
#include "folder.h"

#define NOW 1700000000
#define ASKERS 3

static ThSecretRing *
open_ring (const char *folder, const char *seed)
{
  g_autoptr (GError) error = NULL;
  ThSecretRing *ring = th_secret_ring_open (folder, seed, &error);

  g_assert_no_error (error);
  return ring;
}

/* Without those of tokens, which come last. */
static guint
ask (ThTurnAuthenticator *authenticator, const ThTurnClaim *claim, ThTurnKey *keys)
{
  guint count = authenticator->find_keys (authenticator, claim, keys, TH_TURN_KEYS_MAX);

  while (count > 0 && (keys[count - 1].secret & TH_RING_API_GENERATIONS) != 0)
    count--;
  return count;
}

static guint
find_keys (ThTurnAuthenticator *authenticator, const char *name, ThTurnKey *keys)
{
  ThTurnClaim claim = {
    .username = name,
    .username_length = strlen (name),
    .realm = "turnhouse",
    .algorithm = TH_STUN_ALGORITHM_MD5,
    .wall_time = g_get_real_time () / G_USEC_PER_SEC,
  };

  return ask (authenticator, &claim, keys);
}

/* The generation of the secret that makes "USER:REALM:PASSWORD" the key; -1 if none does. */
static gint64
accepting_generation (ThSecretRing *ring, const char *name, const char *password)
{
  g_autoptr (ThTurnAuthenticator) authenticator = th_secret_ring_get_authenticator (ring);
  g_autofree char *text = g_strdup_printf ("%s:turnhouse:%s", name, password);
  ThTurnKey keys[TH_TURN_KEYS_MAX];
  guint count = find_keys (authenticator, name, keys);
  guint8 expected[16];
  gsize length = sizeof expected;
  g_autoptr (GChecksum) md5 = g_checksum_new (G_CHECKSUM_MD5);

  g_checksum_update (md5, (const guchar *) text, -1);
  g_checksum_get_digest (md5, expected, &length);
  for (guint i = 0; i < count; i++)
    if (keys[i].key_length == length && memcmp (keys[i].key, expected, length) == 0)
      return keys[i].secret;
  return -1;
}

/* As an app that was given the secret does it; (transfer full) */
static char *
make_password (const char *secret, const char *name)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guchar *) secret, strlen (secret));
  guint8 digest[20];
  gsize length = sizeof digest;

  g_hmac_update (hmac, (const guchar *) name, strlen (name));
  g_hmac_get_digest (hmac, digest, &length);
  return g_base64_encode (digest, length);
}

static gboolean
accepts (ThSecretRing *ring, const char *secret)
{
  g_autofree char *password = make_password (secret, "1700000000:anna");

  return accepting_generation (ring, "1700000000:anna", password) >= 0;
}

static void
test_first_start (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *state = g_build_filename (folder, "state", NULL);
  g_autofree char *file = g_build_filename (state, "secrets.json", NULL);
  g_autoptr (ThSecretRing) ring = open_ring (state, NULL);
  g_autoptr (ThSecretRing) again = open_ring (state, NULL);
  GStatBuf status;

  g_assert_cmpuint (strlen (th_secret_ring_get_current (ring)), ==, 43);
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, th_secret_ring_get_current (again));
  g_assert_no_errno (g_stat (file, &status));
  g_assert_cmpuint (status.st_mode & 07777, ==, 0600);
  g_assert_no_errno (g_stat (state, &status));
  g_assert_cmpuint (status.st_mode & 07777, ==, 0700);
}

/* The store says what it promises, so that the next version can read it. */
static void
test_stored_form (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *file = g_build_filename (folder, "secrets.json", NULL);
  g_autofree char *stored = NULL, *json = NULL, *seed = NULL;
  g_auto (GStrv) parts = NULL;

  g_object_unref (open_ring (folder, "north"));
  g_assert_true (g_file_get_contents (file, &stored, NULL, NULL));
  parts = g_strsplit_set (stored, " \n", -1);
  json = g_strjoinv ("", parts);
  seed = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "north", -1);
  g_assert_nonnull (strstr (json, "\"version\":1"));
  g_assert_nonnull (strstr (json, seed));
  g_assert_nonnull (strstr (json, "\"secret\":\"north\""));
  g_assert_nonnull (strstr (json, "\"generation\":1"));
}

static void
test_seed_over_restarts (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) first = open_ring (folder, "north");
  g_autoptr (ThSecretRing) same = open_ring (folder, "north");
  g_autoptr (ThSecretRing) changed = open_ring (folder, "south");
  g_autoptr (ThSecretRing) without = open_ring (folder, NULL);
  g_autoptr (ThSecretRing) back = open_ring (folder, "north");

  g_assert_cmpstr (th_secret_ring_get_current (first), ==, "north");
  g_assert_cmpstr (th_secret_ring_get_current (same), ==, "north");
  g_assert_cmpstr (th_secret_ring_get_current (changed), ==, "south");
  g_assert_true (accepts (changed, "north"));
  g_assert_false (accepts (first, "south"));
  g_assert_cmpstr (th_secret_ring_get_current (without), ==, "south");
  g_assert_cmpstr (th_secret_ring_get_current (back), ==, "north");
  g_assert_true (accepts (back, "south"));
}

/* A ring that was rotated meanwhile, and whose configuration still says the old seed. */
static void
test_rotated_ring_outlasts_its_seed (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (ThRingState) state = th_ring_state_new ();
  g_autofree char *json = NULL;
  g_autoptr (ThSecretRing) ring = NULL;
  gsize length;

  th_ring_state_take_seed (state, "north", now - 300, 100);
  th_ring_state_make_current (state, "east", now - 200, 100); /* north ended 100 s ago */
  th_ring_state_make_current (state, "south", now, 100);
  json = th_ring_state_print (state, &length);
  test_folder_write (folder, "secrets.json", json, 0600);
  ring = open_ring (folder, "north");
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, "south");
  g_assert_true (accepts (ring, "east"));
  g_assert_false (accepts (ring, "north"));
}

static void
test_secrets_that_are_none (void)
{
  g_autofree char *too_long = g_strnfill (1025, 's');
  const char *bad[] = { "", "two\nlines", "\xff", too_long };
  g_autoptr (TestFolder) folder = test_folder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (th_secret_ring_open (folder, bad[i], &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
    }
}

static void
test_damaged_store_is_kept (void)
{
  static const char *const damaged[] = { "", "{\"version\":1,\"cur", "\xff\xfe\x01" };

  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (TestFolder) folder = test_folder_new ();
      g_autofree char *path = g_build_filename (folder, "secrets.json", NULL);
      g_autofree char *kept_path = NULL, *kept = NULL;
      g_autoptr (GDir) dir = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (ThSecretRing) ring = NULL;
      const char *name;

      test_folder_write (folder, "secrets.json", damaged[i], 0600);
      g_assert_null (th_secret_ring_open (folder, "north", &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
      g_assert_nonnull (strstr (error->message, path));

      dir = g_dir_open (folder, 0, NULL);
      name = g_dir_read_name (dir);
      g_assert_true (g_str_has_prefix (name, "secrets.json.damaged-"));
      g_assert_nonnull (strstr (error->message, name));
      g_assert_null (g_dir_read_name (dir));
      kept_path = g_build_filename (folder, name, NULL);

      ring = open_ring (folder, "north"); /* the next start */
      g_assert_cmpstr (th_secret_ring_get_current (ring), ==, "north");
      g_assert_true (g_file_get_contents (kept_path, &kept, NULL, NULL));
      g_assert_cmpstr (kept, ==, damaged[i]);
    }
}

static void
test_too_large_store_is_kept (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *huge = g_strnfill (300 * 1024, ' ');
  g_autofree char *path = g_build_filename (folder, "secrets.json", NULL);
  g_autoptr (GError) error = NULL;

  test_folder_write (folder, "secrets.json", huge, 0600);
  g_assert_null (th_secret_ring_open (folder, NULL, &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* A directory stands where the new file should be: no right of any user gets past that. */
static void
test_failed_write_leaves_the_old_in_force (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *in_the_way = g_build_filename (folder, "secrets.json.new", NULL);
  g_autoptr (ThSecretRing) again = NULL;
  g_autoptr (GError) error = NULL;

  g_object_unref (open_ring (folder, "north"));
  g_assert_no_errno (g_mkdir (in_the_way, 0700));
  g_assert_null (th_secret_ring_open (folder, "south", &error));
  g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE);
  g_assert_null (strstr (error->message, "south"));

  again = open_ring (folder, "north"); /* needs no write */
  g_assert_cmpstr (th_secret_ring_get_current (again), ==, "north");
  g_assert_false (accepts (again, "south"));
}

static void
test_processes_that_start_at_once_agree (void)
{
  enum { CHILDREN = 8, SIZE = 43 };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autofree char *state = g_build_filename (folder, "state", NULL);
  char first[SIZE], secret[SIZE];
  int ends[2];

  g_assert_no_errno (pipe (ends));
  for (guint i = 0; i < CHILDREN; i++)
    if (fork () == 0)
      {
        ThSecretRing *ring = th_secret_ring_open (state, NULL, NULL);
        const char *current = ring != NULL ? th_secret_ring_get_current (ring) : "";

        _exit (write (ends[1], current, SIZE) == SIZE ? 0 : 1);
      }
  for (guint i = 0; i < CHILDREN; i++)
    {
      int status = -1;

      g_assert_cmpint (wait (&status), >, 0);
      g_assert_cmpint (status, ==, 0);
      g_assert_cmpint (read (ends[0], i == 0 ? first : secret, SIZE), ==, SIZE);
      if (i > 0)
        g_assert_cmpmem (first, SIZE, secret, SIZE);
    }
  close (ends[0]);
  close (ends[1]);
}

static void
on_ring_changed (ThSecretRing *ring, guint *count)
{
  (*count)++;
}

static void
test_previous_secrets (void)
{
  const char *previous[] = { "west", "north", "west", NULL };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");
  g_autoptr (ThTurnAuthenticator) before = th_secret_ring_get_authenticator (ring);
  g_autoptr (ThTurnAuthenticator) after = NULL;
  ThTurnKey keys[TH_TURN_KEYS_MAX];
  guint count = 0;

  g_signal_connect (ring, "changed", G_CALLBACK (on_ring_changed), &count);
  g_assert_false (accepts (ring, "west"));
  th_secret_ring_set_previous (ring, previous);
  g_assert_cmpuint (count, ==, 1);
  g_assert_true (accepts (ring, "west"));
  g_assert_cmpstr (th_secret_ring_get_current (ring), ==, "north");

  after = th_secret_ring_get_authenticator (ring);
  g_assert_cmpuint (find_keys (before, "1700000000:anna", keys), ==, 1); /* as it was */
  g_assert_cmpuint (find_keys (after, "1700000000:anna", keys), ==, 2);  /* each once */
  g_assert_cmpuint (keys[0].secret, ==, 1);
  g_assert_cmpuint (keys[1].secret, >=, TH_RING_GENERATION_END);

  th_secret_ring_set_previous (ring, NULL);
  g_assert_false (accepts (ring, "west"));
}

/* The configuration's word outlasts the end that the ring gave a secret. */
static void
test_previous_secret_that_the_ring_retires (void)
{
  const char *previous[] = { "north", NULL };
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = NULL;
  g_autoptr (ThTurnAuthenticator) authenticator = NULL;
  ThTurnClaim claim = {
    .username = "1700000000:anna",
    .username_length = strlen ("1700000000:anna"),
    .realm = "turnhouse",
    .algorithm = TH_STUN_ALGORITHM_MD5,
    .wall_time = g_get_real_time () / G_USEC_PER_SEC + 10 * 86400,
  };
  ThTurnKey keys[TH_TURN_KEYS_MAX];

  g_object_unref (open_ring (folder, "north"));
  ring = open_ring (folder, "south");
  authenticator = th_secret_ring_get_authenticator (ring);
  g_assert_cmpuint (ask (authenticator, &claim, keys), ==, 1);
  g_clear_pointer (&authenticator, th_turn_authenticator_unref);
  th_secret_ring_set_previous (ring, previous);
  authenticator = th_secret_ring_get_authenticator (ring);
  g_assert_cmpuint (ask (authenticator, &claim, keys), ==, 2);
}

static void
test_users (void)
{
  const char *pairs[] = { "anna:star", NULL };
  g_autoptr (ThUsers) users = th_users_new ("turnhouse", pairs, NULL);
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");
  guint count = 0;

  g_signal_connect (ring, "changed", G_CALLBACK (on_ring_changed), &count);
  th_secret_ring_set_users (ring, users);
  g_assert_cmpint (accepting_generation (ring, "anna", "star"), ==, 0);
  g_assert_cmpint (accepting_generation (ring, "anna", "moon"), ==, -1);
  g_assert_cmpuint (count, ==, 1);

  th_secret_ring_set_users (ring, NULL);
  g_assert_cmpint (accepting_generation (ring, "anna", "star"), ==, -1);
  g_assert_cmpuint (count, ==, 2);
}

static void
test_minted_are_accepted (void)
{
  static const char *const letters[] = { "a", "Z", "7", ":", "-", " ", "é", "☎", "🏠", "%" };
  g_autoptr (TestFolder) folder = test_folder_new ();

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *seed = g_strdup_printf ("secret %d", g_test_rand_int ());
      g_autoptr (ThSecretRing) ring = open_ring (folder, seed);

      for (guint j = 0; j < 60; j++)
        {
          g_autoptr (GString) user = g_string_new (NULL);
          gint64 now = g_test_rand_int_range (0, G_MAXINT32);
          gint64 ttl = g_test_rand_int_range (1, G_MAXINT32);
          gint length = g_test_rand_int_range (1, 30);
          g_autoptr (ThCredential) credential = NULL;
          g_autoptr (ThTurnAuthenticator) authenticator = th_secret_ring_get_authenticator (ring);
          g_autofree char *expected = NULL, *name = NULL;
          ThTurnKey keys[TH_TURN_KEYS_MAX];

          while (length-- > 0)
            g_string_append (user, letters[g_test_rand_int_range (0, G_N_ELEMENTS (letters))]);
          credential = th_secret_ring_mint (ring, user->str, ttl, now, NULL);
          name = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", now + ttl, user->str);
          expected = make_password (seed, name);
          g_assert_cmpstr (credential->username, ==, name);
          g_assert_cmpstr (credential->password, ==, expected);
          g_assert_cmpint (credential->ttl, ==, ttl);
          g_assert_cmpint (credential->expires_at, ==, now + ttl);

          g_assert_cmpint (accepting_generation (ring, name, credential->password), ==, i + 1);
          g_assert_cmpuint (find_keys (authenticator, name, keys), >=, 1);
          g_assert_cmpint (keys[0].expires_at, ==, now + ttl); /* until then, and no longer */
          g_assert_cmpstr (keys[0].user, ==, user->str);
        }
    }
}

static void
test_what_cannot_be_minted (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");
  g_autofree char *longest = g_strnfill (256, 'u'), *too_long = g_strnfill (257, 'u');
  g_autoptr (ThCredential) right = th_secret_ring_mint (ring, longest, 1, NOW, NULL);
  const struct
  {
    const char *user;
    gint64 ttl, now;
  } wrong[] = {
    { "", 60, NOW },
    { too_long, 60, NOW },
    { "a\nb", 60, NOW },
    { "a\x7f", 60, NOW },
    { "\xff", 60, NOW },
    { "anna", 0, NOW },
    { "anna", -1, NOW },
    { "anna", G_MININT64, NOW },
    { "anna", G_MAXINT64, NOW },
    { "anna", 60, G_MAXINT64 },
    { "anna", 60, -1 },
  };

  g_assert_nonnull (right);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (th_secret_ring_mint (ring, wrong[i].user, wrong[i].ttl, wrong[i].now, &error));
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);
    }
}

static struct
{
  GMutex lock;
  ThTurnAuthenticator *snapshot; /* under the lock */
  int asking;                    /* atomic: workers that have asked */
  int stop;                      /* atomic */
} shared;

static ThTurnAuthenticator *
share_snapshot (ThTurnAuthenticator *snapshot)
{
  ThTurnAuthenticator *before;

  g_mutex_lock (&shared.lock);
  before = shared.snapshot;
  shared.snapshot = snapshot;
  g_mutex_unlock (&shared.lock);
  return before;
}

/* A worker: takes the snapshot of the moment, asks it, lets it go. */
static gpointer
ask_until_stopped (gpointer data)
{
  for (guint asked = 0; !g_atomic_int_get (&shared.stop); asked++)
    {
      g_autoptr (ThTurnAuthenticator) snapshot = NULL;
      ThTurnKey keys[TH_TURN_KEYS_MAX];
      guint count;

      g_mutex_lock (&shared.lock);
      snapshot = th_turn_authenticator_ref (shared.snapshot);
      g_mutex_unlock (&shared.lock);
      count = find_keys (snapshot, "1700000000:anna", keys);
      g_assert_cmpuint (count, >=, 1);
      g_assert_cmpuint (keys[0].secret, ==, 1);
      g_assert_cmpuint (find_keys (snapshot, "anna", keys), ==, 1);
      if (asked == 0)
        g_atomic_int_inc (&shared.asking);
    }
  return NULL;
}

static void
test_asked_while_it_changes (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  g_autoptr (ThSecretRing) ring = open_ring (folder, "north");
  GThread *threads[ASKERS];

  for (guint i = 0; i < 300 || g_atomic_int_get (&shared.asking) < ASKERS; i++)
    {
      g_autofree char *secret = g_strdup_printf ("s%u", i), *user = g_strdup_printf ("anna:%u", i);
      const char *previous[] = { secret, NULL }, *pairs[] = { user, NULL };
      g_autoptr (ThUsers) users = th_users_new ("turnhouse", pairs, NULL);
      ThTurnAuthenticator *before;

      th_secret_ring_set_users (ring, users);
      th_secret_ring_set_previous (ring, i % 2 == 0 ? previous : NULL);
      before = share_snapshot (th_secret_ring_get_authenticator (ring));
      g_clear_pointer (&before, th_turn_authenticator_unref);
      if (i == 0)
        for (guint j = 0; j < G_N_ELEMENTS (threads); j++)
          threads[j] = g_thread_new ("asker", ask_until_stopped, NULL);
      g_thread_yield ();
    }
  g_atomic_int_set (&shared.stop, 1);
  for (guint j = 0; j < G_N_ELEMENTS (threads); j++)
    g_thread_join (threads[j]);
  th_turn_authenticator_unref (share_snapshot (NULL));
}

/* Workers may hold a snapshot longer than the ring lives. */
static void
test_snapshot_outlives_the_ring (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  ThSecretRing *ring = open_ring (folder, "north");
  g_autoptr (ThTurnAuthenticator) snapshot = th_secret_ring_get_authenticator (ring);
  ThTurnKey keys[TH_TURN_KEYS_MAX];

  g_object_unref (ring);
  g_assert_cmpuint (find_keys (snapshot, "1700000000:anna", keys), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/ring/" name, function)
  ADD ("first-start", test_first_start);
  ADD ("stored-form", test_stored_form);
  ADD ("seed-over-restarts", test_seed_over_restarts);
  ADD ("rotated-ring-outlasts-its-seed", test_rotated_ring_outlasts_its_seed);
  ADD ("secrets-that-are-none", test_secrets_that_are_none);
  ADD ("damaged-store-is-kept", test_damaged_store_is_kept);
  ADD ("too-large-store-is-kept", test_too_large_store_is_kept);
  ADD ("failed-write-leaves-the-old-in-force", test_failed_write_leaves_the_old_in_force);
  ADD ("processes-that-start-at-once-agree", test_processes_that_start_at_once_agree);
  ADD ("previous-secrets", test_previous_secrets);
  ADD ("previous-secret-that-the-ring-retires", test_previous_secret_that_the_ring_retires);
  ADD ("users", test_users);
  ADD ("minted-are-accepted", test_minted_are_accepted);
  ADD ("what-cannot-be-minted", test_what_cannot_be_minted);
  ADD ("asked-while-it-changes", test_asked_while_it_changes);
  ADD ("snapshot-outlives-the-ring", test_snapshot_outlives_the_ring);
#undef ADD
  return g_test_run ();
}
