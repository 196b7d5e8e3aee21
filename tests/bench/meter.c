/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading /proc. A thread that ends while it is looked at counts no more.
 */
#include "meter.h"

#include <string.h>

/* Returns: the number after @label in that file, or @fallback */
static gint64
read_number (const char *path, const char *label, gint64 fallback)
{
  g_autofree char *text = NULL;
  const char *at;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return fallback;
  at = strstr (text, label);
  return at == NULL ? fallback : g_ascii_strtoll (at + strlen (label), NULL, 10);
}

static void
add_thread (const char *task, const char *thread, Usage *usage)
{
  g_autofree char *times = g_build_filename (task, thread, "schedstat", NULL);
  g_autofree char *status = g_build_filename (task, thread, "status", NULL);

  usage->cpu_ns += read_number (times, "", 0);
  usage->sleeps += read_number (status, "\nvoluntary_ctxt_switches:", 0);
}

static gboolean
is_softirq_thread (const char *process)
{
  g_autofree char *path = g_build_filename ("/proc", process, "comm", NULL);
  g_autofree char *name = NULL;

  return g_ascii_isdigit (process[0]) && g_file_get_contents (path, &name, NULL, NULL) &&
         g_str_has_prefix (name, "ksoftirqd/");
}

static GPtrArray *
find_softirq_threads (void)
{
  GPtrArray *paths = g_ptr_array_new ();
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *process;

  while (processes != NULL && (process = g_dir_read_name (processes)) != NULL)
    {
      if (is_softirq_thread (process))
        g_ptr_array_add (paths, g_build_filename ("/proc", process, "schedstat", NULL));
    }
  return paths;
}

gboolean
usage_read (pid_t process, Usage *usage)
{
  g_autofree char *task = g_strdup_printf ("/proc/%d/task", (int) process);
  g_autofree char *memory = g_strdup_printf ("/proc/%d/smaps_rollup", (int) process);
  g_autoptr (GDir) threads = g_dir_open (task, 0, NULL);
  const char *thread;

  *usage = (Usage) { .resident = read_number (memory, "\nRss:", -1) };
  if (threads == NULL || usage->resident < 0)
    return FALSE;
  while ((thread = g_dir_read_name (threads)) != NULL)
    add_thread (task, thread, usage);
  return TRUE;
}

gint64
usage_softirq_ns (void)
{
  static GPtrArray *paths;
  gint64 sum = 0;

  if (paths == NULL)
    paths = find_softirq_threads ();
  for (guint i = 0; i < paths->len; i++)
    sum += read_number (paths->pdata[i], "", 0);
  return sum;
}
