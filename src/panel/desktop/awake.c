/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GTK asks whoever there is: the session's manager, or the portal.
 */
#include "panel/desktop/awake.h"

#include <glib/gi18n.h>

struct _ThAwake {
  GtkApplication *application;
  gboolean wanted;
  guint cookie; /* 0: nobody was asked, or nobody answered */
};

ThAwake *
th_awake_new (GtkApplication *application)
{
  ThAwake *self = g_new0 (ThAwake, 1);

  self->application = application;
  return self;
}

void
th_awake_free (ThAwake *self)
{
  th_awake_set (self, FALSE, NULL);
  g_free (self);
}

void
th_awake_set (ThAwake *self, gboolean awake, GtkWindow *window)
{
  if (self->wanted == awake)
    return;
  self->wanted = awake;
  if (!awake && self->cookie)
    gtk_application_uninhibit (self->application, self->cookie);
  self->cookie = 0;
  if (!awake)
    return;
  self->cookie =
      gtk_application_inhibit (self->application, window, GTK_APPLICATION_INHIBIT_SUSPEND,
                               _("Calls go through the relay"));
  if (!self->cookie)
    g_message ("Nobody on this desktop can keep the computer awake: it may go to sleep");
}
