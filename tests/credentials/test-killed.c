/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A process that is killed while it rotates leaves a whole ring, and nothing that was handed out
 * before is lost. The killed ones are copies of this program, which itself never starts a thread.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "credentials/ring-state.h"
#include "folder.h"
#include "ring-fixture.h"

/* @pace: gets the microseconds that a rotation takes, once there are threads */
static void
rotate_until_killed (const char *folder, int pace)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  gint64 before, taken;
  ThSecretRing *ring;

  g_main_context_push_thread_default (context);
  ring = open_ring (folder, NULL);
  for (guint i = 1; i < TH_RING_SECRETS_MAX; i++)
    {
      before = g_get_monotonic_time ();
      rotate_ring (ring, TH_RING_SECRET, NULL);
      taken = g_get_monotonic_time () - before;
      if (i == 2)
        g_assert_cmpint (write (pace, &taken, sizeof taken), ==, sizeof taken);
    }
  for (;;)
    pause ();
}

static guint
current_generation (ThSecretRing *ring)
{
  g_autoptr (ThCredential) credential = mint (ring, TH_RING_SECRET);

  return accepting_secret (ring, credential);
}

/* The child stops where the ring would forget the first secret, as it remembers 15 of them. */
static void
test_killed_at_any_moment (void)
{
  g_autoptr (TestFolder) folder = test_folder_new ();
  guint rotations = 0;
  int pace[2];

  g_assert_no_errno (pipe (pace));
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (ThSecretRing) ring = open_ring (folder, NULL);
      g_autoptr (ThCredential) credential = mint (ring, TH_RING_SECRET);
      g_autoptr (ThCredential) token = mint (ring, TH_RING_API);
      pid_t child = fork ();
      int status;
      gint64 taken;

      if (child == 0)
        rotate_until_killed (folder, pace[1]);
      g_assert_cmpint (read (pace[0], &taken, sizeof taken), ==, sizeof taken);
      g_usleep (g_test_rand_int_range (0, (gint32) CLAMP (2 * taken, 1, 100000)));
      g_assert_cmpint (kill (child, SIGKILL), ==, 0);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));

      g_autoptr (ThSecretRing) after = open_ring (folder, NULL);
      g_assert_cmpuint (accepting_secret (after, credential), !=, 0);
      g_assert_cmpuint (accepting_secret (after, token), !=, 0);
      rotations += current_generation (after) - accepting_secret (after, credential);
    }
  close (pace[0]);
  close (pace[1]);
  g_test_message ("%u rotations were stored", rotations);
  g_assert_cmpuint (rotations, >, 2 * 200); /* more than those before the clock ran */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/killed/at-any-moment", test_killed_at_any_moment);
  return g_test_run ();
}
