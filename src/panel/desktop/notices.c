/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Problems are told apart by their kind: the engine makes the rows anew whenever it looks.
 */
#include "panel/desktop/notices.h"

#include <glib/gi18n.h>

#include "panel/problem-remedy.h"

#define FIRST_CLIENT "first-client"

struct _ThNotices {
  GObject parent_instance;
  GApplication *application;
  ThEngine *engine;
  GHashTable *problems; /* ids of those that are there now, told or not */
  gboolean *met;
  ThNoticesIsSeen is_seen;
  gpointer data;
};

G_DEFINE_FINAL_TYPE (ThNotices, th_notices, G_TYPE_OBJECT)

static char *
name_of (const char *problem)
{
  return g_strconcat ("problem-", problem, NULL);
}

static void
tell (ThNotices *self, ThProblem *problem)
{
  g_autoptr (GNotification) notice = g_notification_new (th_problem_get_title (problem));
  g_autoptr (ThRemedy) remedy = th_remedy_new (problem);
  g_autofree char *name = name_of (th_problem_get_id (problem));

  g_notification_set_body (notice, th_problem_get_detail (problem));
  g_notification_set_default_action_and_target (notice, "app.show-page", "s", "server");
  if (th_remedy_is_quiet (remedy))
    g_notification_add_button_with_target (notice, remedy->label, "app.mend", "s",
                                           th_problem_get_id (problem));
  if (th_problem_get_severity (problem) == TH_SEVERITY_ERROR)
    g_notification_set_priority (notice, G_NOTIFICATION_PRIORITY_HIGH);
  g_application_send_notification (self->application, name, notice);
}

static void
withdraw (ThNotices *self, const char *problem)
{
  g_autofree char *name = name_of (problem);

  g_application_withdraw_notification (self->application, name);
}

static void
on_problems_changed (ThNotices *self)
{
  GListModel *problems = th_engine_get_problems (self->engine);
  g_autoptr (GHashTable) before = g_steal_pointer (&self->problems);
  gboolean seen = self->is_seen (self->data);
  GHashTableIter iter;
  gpointer id;

  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (problems, i);

      if (!g_hash_table_remove (before, th_problem_get_id (problem)) && !seen)
        tell (self, problem);
      g_hash_table_add (self->problems, g_strdup (th_problem_get_id (problem)));
    }
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    withdraw (self, id);
}

static void
on_sessions_changed (ThNotices *self, guint position, guint removed, guint added)
{
  g_autoptr (GNotification) notice = NULL;

  if (added == 0 || *self->met)
    return;
  *self->met = TRUE;
  if (self->is_seen (self->data))
    return;
  notice = g_notification_new (_("The first client is here"));
  g_notification_set_body (notice, _("An app uses your relay now. You can watch what goes through."));
  g_notification_set_default_action_and_target (notice, "app.show-page", "s", "connections");
  g_notification_add_button_with_target (notice, _("Show Connections"), "app.show-page", "s",
                                         "connections");
  g_application_send_notification (self->application, FIRST_CLIENT, notice);
}

static void
th_notices_finalize (GObject *object)
{
  ThNotices *self = TH_NOTICES (object);
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->problems);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    withdraw (self, id);
  g_application_withdraw_notification (self->application, FIRST_CLIENT);
  g_hash_table_unref (self->problems);
  G_OBJECT_CLASS (th_notices_parent_class)->finalize (object);
}

static void
th_notices_class_init (ThNoticesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = th_notices_finalize;
}

static void
th_notices_init (ThNotices *self)
{
  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

ThNotices *
th_notices_new (GApplication *application,
                ThEngine *engine,
                gboolean *met,
                ThNoticesIsSeen is_seen,
                gpointer data)
{
  ThNotices *self = g_object_new (TH_TYPE_NOTICES, NULL);

  self->application = application;
  self->engine = engine;
  self->met = met;
  self->is_seen = is_seen;
  self->data = data;
  g_signal_connect_object (th_engine_get_problems (engine), "items-changed",
                           G_CALLBACK (on_problems_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (th_relay_get_sessions (th_engine_get_relay (engine)), "items-changed",
                           G_CALLBACK (on_sessions_changed), self, G_CONNECT_SWAPPED);
  on_problems_changed (self);
  return self;
}
