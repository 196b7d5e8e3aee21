/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A log writer that keeps to one line a message: what goes in may come from the network.
 */
#include <glib.h>
#include <stdio.h>
#include <unistd.h>

#include "app/log.h"

static const char *
field_text (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key) && fields[i].length < 0)
      return fields[i].value;
  return NULL;
}

static const char *
level_name (GLogLevelFlags level)
{
  switch (level & G_LOG_LEVEL_MASK)
    {
    case G_LOG_LEVEL_ERROR:
    case G_LOG_LEVEL_CRITICAL:
      return "error";
    case G_LOG_LEVEL_WARNING:
      return "warning";
    case G_LOG_LEVEL_INFO:
      return "info";
    case G_LOG_LEVEL_DEBUG:
      return "debug";
    default:
      return "message";
    }
}

static char *
make_line (GLogLevelFlags level, const char *domain, const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message, -1);

  for (char *p = valid; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  return g_strdup_printf ("%s: %s: %s\n", level_name (level), domain, valid);
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  const char *domain = field_text (fields, n_fields, "GLIB_DOMAIN");
  const char *message = field_text (fields, n_fields, "MESSAGE");

  if (g_log_writer_default_would_drop (level, domain))
    return G_LOG_WRITER_HANDLED;
  if (g_log_writer_is_journald (STDERR_FILENO) &&
      g_log_writer_journald (level, fields, n_fields, NULL) == G_LOG_WRITER_HANDLED)
    return G_LOG_WRITER_HANDLED;

  g_autofree char *line =
      make_line (level, domain != NULL ? domain : "turnhouse", message != NULL ? message : "");
  fputs (line, stderr); /* unbuffered: one write */
  return G_LOG_WRITER_HANDLED;
}

void
th_log_install (void)
{
  g_log_set_writer_func (write_log, NULL, NULL);
}
