/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quotas: the limit of each user and of all, and that many threads neither lose nor invent any.
 */
#include "turn/quota.h"

#define N_THREADS 4

static void
test_user_limit (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (3, 0);

  g_assert_cmpint (th_quota_take (quota, "ada", 2), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "ada", 2), ==, TH_QUOTA_USER);
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_USER);
  g_assert_cmpint (th_quota_take (quota, "bob", 3), ==, TH_QUOTA_OK);
  th_quota_give_back (quota, "ada", 1);
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_USER);
}

static void
test_total_limit (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (0, 4);

  g_assert_cmpint (th_quota_take (quota, "ada", 3), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "bob", 2), ==, TH_QUOTA_TOTAL);
  g_assert_cmpint (th_quota_take (quota, "bob", 1), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "eve", 1), ==, TH_QUOTA_TOTAL);
  th_quota_give_back (quota, "ada", 3);
  g_assert_cmpint (th_quota_take (quota, "eve", 3), ==, TH_QUOTA_OK);
}

static void
test_a_refusal_takes_nothing (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (5, 6);

  g_assert_cmpint (th_quota_take (quota, "ada", 6), ==, TH_QUOTA_USER);
  g_assert_cmpint (th_quota_take (quota, "ada", 5), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "bob", 2), ==, TH_QUOTA_TOTAL);
  g_assert_cmpint (th_quota_take (quota, "bob", 1), ==, TH_QUOTA_OK);
}

static void
test_no_limits (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (0, 0);

  g_assert_cmpint (th_quota_take (quota, "ada", G_MAXINT), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "bob", G_MAXINT), ==, TH_QUOTA_OK);
}

static void
test_counts_do_not_wrap (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (0, 0);

  g_assert_cmpint (th_quota_take (quota, "ada", G_MAXUINT), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_USER);
  g_assert_cmpint (th_quota_take (quota, "bob", 1), ==, TH_QUOTA_TOTAL);
  th_quota_give_back (quota, "ada", G_MAXUINT);
  g_assert_cmpint (th_quota_take (quota, "bob", 1), ==, TH_QUOTA_OK);
}

static void
test_zero_is_nothing (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (1, 1);

  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "ada", 0), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "bob", 0), ==, TH_QUOTA_OK);
  th_quota_give_back (quota, "ada", 0);
  th_quota_give_back (quota, "bob", 0);
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_USER);
}

static void
test_names_are_copied_and_compared_by_byte (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (1, 0);
  char name[] = "ada";

  g_assert_cmpint (th_quota_take (quota, name, 1), ==, TH_QUOTA_OK);
  name[0] = 'A';
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_USER);
  g_assert_cmpint (th_quota_take (quota, "Ada", 1), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "", 1), ==, TH_QUOTA_OK);
}

static void
test_lower_limits_leave_what_is_held (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (10, 10);

  g_assert_cmpint (th_quota_take (quota, "ada", 6), ==, TH_QUOTA_OK);
  th_quota_set_limits (quota, 2, 3);
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_USER);
  g_assert_cmpint (th_quota_take (quota, "bob", 1), ==, TH_QUOTA_TOTAL);
  th_quota_give_back (quota, "ada", 5);
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "bob", 1), ==, TH_QUOTA_OK);
}

static void
test_giving_back_too_much_is_refused (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (2, 2);

  g_assert_cmpint (th_quota_take (quota, "ada", 2), ==, TH_QUOTA_OK);
  g_test_expect_message ("turnhouse-turn", G_LOG_LEVEL_CRITICAL, "*was_taken*");
  th_quota_give_back (quota, "ada", 3);
  g_test_assert_expected_messages ();
  g_assert_cmpint (th_quota_take (quota, "ada", 1), ==, TH_QUOTA_USER);
}

static gpointer
take_and_give_back (gpointer data)
{
  ThQuota *quota = data;
  static const char *const users[] = { "ada", "bob", "eve" };

  for (guint i = 0; i < 5000; i++)
    {
      const char *user = users[i % G_N_ELEMENTS (users)];
      guint count = 1 + i % 2;

      if (th_quota_take (quota, user, count) == TH_QUOTA_OK)
        th_quota_give_back (quota, user, count);
    }
  th_quota_unref (quota);
  return NULL;
}

static void
test_threads_lose_none (void)
{
  g_autoptr (ThQuota) quota = th_quota_new (4, 5);
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new (NULL, take_and_give_back, th_quota_ref (quota));
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (th_quota_take (quota, "ada", 4), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "bob", 1), ==, TH_QUOTA_OK);
  g_assert_cmpint (th_quota_take (quota, "bob", 1), ==, TH_QUOTA_TOTAL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/quota/user-limit", test_user_limit);
  g_test_add_func ("/turn/quota/total-limit", test_total_limit);
  g_test_add_func ("/turn/quota/a-refusal-takes-nothing", test_a_refusal_takes_nothing);
  g_test_add_func ("/turn/quota/no-limits", test_no_limits);
  g_test_add_func ("/turn/quota/counts-do-not-wrap", test_counts_do_not_wrap);
  g_test_add_func ("/turn/quota/zero-is-nothing", test_zero_is_nothing);
  g_test_add_func ("/turn/quota/names-are-copied-and-compared-by-byte",
                   test_names_are_copied_and_compared_by_byte);
  g_test_add_func ("/turn/quota/lower-limits-leave-what-is-held",
                   test_lower_limits_leave_what_is_held);
  g_test_add_func ("/turn/quota/giving-back-too-much-is-refused",
                   test_giving_back_too_much_is_refused);
  g_test_add_func ("/turn/quota/threads-lose-none", test_threads_lose_none);
  return g_test_run ();
}
