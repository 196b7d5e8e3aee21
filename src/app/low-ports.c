/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A capability would have to be given anew with each update of the program, and none reaches into
 * a sandbox; so the command is the one that always works.
 */
#include "app/low-ports.h"

#include <string.h>

#define FIRST_FREE_FILE "/proc/sys/net/ipv4/ip_unprivileged_port_start"
#define STATUS_FILE     "/proc/self/status"
#define USUAL           1024 /* where the kernel does not say */
#define CAPABILITY      10   /* CAP_NET_BIND_SERVICE (capabilities(7)) */
#define KEPT_FILE       "/etc/sysctl.d/50-turnhouse.conf"
#define KEY             "net.ipv4.ip_unprivileged_port_start"

static guint
read_first_free (void)
{
  g_autofree char *text = NULL;
  guint64 port;

  if (!g_file_get_contents (FIRST_FREE_FILE, &text, NULL, NULL) ||
      !g_ascii_string_to_unsigned (g_strstrip (text), 10, 0, G_MAXUINT16, &port, NULL))
    return USUAL;
  return (guint) port;
}

static gboolean
read_privileged (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents (STATUS_FILE, &text, NULL, NULL))
    return FALSE;
  line = strstr (text, "\nCapEff:");
  return line != NULL &&
         (g_ascii_strtoull (line + strlen ("\nCapEff:"), NULL, 16) >> CAPABILITY & 1) != 0;
}

void
th_low_ports_read (ThLowPorts *self)
{
  self->first_free = read_first_free ();
  self->privileged = read_privileged ();
}

gboolean
th_low_ports_forbid (const ThLowPorts *self, guint port)
{
  return port < self->first_free && !self->privileged;
}

char *
th_low_ports_dup_command (guint port)
{
  return g_strdup_printf ("echo " KEY "=%u | sudo tee " KEPT_FILE " && sudo sysctl -p " KEPT_FILE,
                          port);
}
