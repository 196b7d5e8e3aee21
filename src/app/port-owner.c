/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel lists sockets by port in /proc/net, with an inode each, and each process's sockets by
 * inode in /proc/PID/fd.
 */
#include "app/port-owner.h"

#include <stdio.h>

#define TCP_LISTEN_STATE 0x0A
#define COMM_LENGTH 15

/* One line of a table: "  sl  local_address rem_address st ... inode" (proc(5)). */
static guint64
inode_of_line (const char *line, guint16 port, gboolean tcp)
{
  guint local_port, state;
  guint64 inode;
  int found = sscanf (line,
                      " %*d: %*[0-9A-Fa-f]:%X %*[0-9A-Fa-f]:%*X %X %*s %*s %*s %*u %*d "
                      "%" G_GUINT64_FORMAT,
                      &local_port, &state, &inode);

  if (found != 3 || local_port != port || (tcp && state != TCP_LISTEN_STATE))
    return 0;
  return inode;
}

/* Adds the targets that /proc/PID/fd/N has for sockets of that port. */
static void
collect_sockets (const char *table, guint16 port, gboolean tcp, GHashTable *sockets)
{
  g_autofree char *path = g_build_filename ("/proc/net", table, NULL);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;

  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint64 inode = inode_of_line (lines[i], port, tcp);
      if (inode != 0)
        g_hash_table_add (sockets, g_strdup_printf ("socket:[%" G_GUINT64_FORMAT "]", inode));
    }
}

static gboolean
holds_one (const char *process, GHashTable *sockets)
{
  g_autofree char *path = g_build_filename ("/proc", process, "fd", NULL);
  g_autoptr (GDir) descriptors = g_dir_open (path, 0, NULL);
  const char *name;

  while (descriptors != NULL && (name = g_dir_read_name (descriptors)) != NULL)
    {
      g_autofree char *link = g_build_filename (path, name, NULL);
      g_autofree char *target = g_file_read_link (link, NULL);

      if (target != NULL && g_hash_table_contains (sockets, target))
        return TRUE;
    }
  return FALSE;
}

/* "comm" is what people know a program by, but cut to 15 bytes; "exe" then has the rest. */
static char *
process_name (const char *process)
{
  g_autofree char *comm_path = g_build_filename ("/proc", process, "comm", NULL);
  g_autofree char *exe_path = g_build_filename ("/proc", process, "exe", NULL);
  g_autofree char *exe = g_file_read_link (exe_path, NULL);
  g_autofree char *exe_name = exe != NULL ? g_path_get_basename (exe) : NULL;
  char *comm = NULL;

  if (!g_file_get_contents (comm_path, &comm, NULL, NULL))
    return NULL;
  g_strchomp (comm);
  if (exe_name == NULL || strlen (comm) < COMM_LENGTH || !g_str_has_prefix (exe_name, comm))
    return comm;
  g_free (comm);
  return g_steal_pointer (&exe_name);
}

char *
th_port_owner_find (guint16 port, ThPortKind kinds)
{
  g_autoptr (GHashTable) sockets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *process;

  if (kinds & TH_PORT_UDP)
    {
      collect_sockets ("udp", port, FALSE, sockets);
      collect_sockets ("udp6", port, FALSE, sockets);
    }
  if (kinds & TH_PORT_TCP)
    {
      collect_sockets ("tcp", port, TRUE, sockets);
      collect_sockets ("tcp6", port, TRUE, sockets);
    }
  if (processes == NULL || g_hash_table_size (sockets) == 0)
    return NULL;
  while ((process = g_dir_read_name (processes)) != NULL)
    if (g_ascii_isdigit (process[0]) && holds_one (process, sockets))
      return process_name (process);
  return NULL;
}
