/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel gives out the lowest free number, and none beyond the limit; so the gaps below the
 * limit are what can still be opened.
 */
#include "descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>

static rlim_t usual_limit;

static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  return count;
}

static gboolean
is_open (int fd)
{
  return fcntl (fd, F_GETFD) >= 0;
}

/* The limit below which there are @n gaps. */
static rlim_t
find_limit (guint n)
{
  int limit = 0;

  for (guint gaps = 0; gaps < n || is_open (limit); limit++)
    gaps += !is_open (limit);
  return (rlim_t) limit;
}

guint
count_descriptors (void)
{
  return count_entries ("/proc/self/fd");
}

guint
count_threads (void)
{
  return count_entries ("/proc/self/task");
}

void
allow_descriptors (guint n)
{
  struct rlimit limit;

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &limit));
  usual_limit = limit.rlim_cur;
  limit.rlim_cur = find_limit (n);
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &limit));
}

void
restore_descriptors (void)
{
  struct rlimit limit;

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &limit));
  limit.rlim_cur = usual_limit;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &limit));
}

void
limit_descriptors_for_good (guint n)
{
  struct rlimit limit = { .rlim_cur = find_limit (n) };

  limit.rlim_max = limit.rlim_cur;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &limit));
}
