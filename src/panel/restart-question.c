/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same words wherever something waits for a restart.
 */
#include "panel/restart-question.h"

#include <glib/gi18n.h>

#include "panel/compat.h"

guint
th_calls_count (ThEngine *engine)
{
  guint calls;
  g_object_get (th_engine_get_relay (engine), "session-count", &calls, NULL);
  return calls;
}

void
th_restart_or_ask (GtkWidget *widget,
                   ThEngine *engine,
                   void (*restart) (gpointer data),
                   gpointer data)
{
  guint calls = th_calls_count (engine);
  if (calls == 0)
    {
      restart (data);
      return;
    }
  g_autofree char *heading = g_strdup_printf (
      ngettext ("Restart and end %u call?", "Restart and end %u calls?", calls), calls);
  th_compat_confirm (widget, heading,
                     _("Most apps call again by themselves within a few seconds."), _("Restart"),
                     restart, data);
}
