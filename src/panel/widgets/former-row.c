/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFormerRow: counts down, and revokes once that was confirmed.
 */
#include "panel/widgets/former-row.h"

#include <glib/gi18n.h>

#include "app/rotator.h"
#include "credentials/secret-info.h"
#include "panel/compat.h"
#include "panel/format.h"

struct _ThFormerRow {
  AdwPreferencesRow parent_instance;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLevelBar *time_left;
  GtkButton *revoke_button;

  ThEngine *engine;
  ThRingKind kind;
};

G_DEFINE_FINAL_TYPE (ThFormerRow, th_former_row, ADW_TYPE_PREFERENCES_ROW)

typedef struct {
  guint n;
  gint64 seconds_left; /* of the one that is accepted longest */
  guint current;       /* the current secret's number */
} Former;

static Former
find_former (ThFormerRow *self)
{
  ThSecretRing *ring = th_engine_get_secret_ring (self->engine);
  GListModel *secrets = th_secret_ring_get_secrets (ring, self->kind);
  g_autoptr (ThSecretInfo) current = g_list_model_get_item (secrets, 0);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  Former former = { .n = g_list_model_get_n_items (secrets) - 1,
                    .current = th_secret_info_get_generation (current) };
  for (guint i = 1; i <= former.n; i++)
    {
      g_autoptr (ThSecretInfo) info = g_list_model_get_item (secrets, i);
      former.seconds_left = MAX (former.seconds_left, th_secret_info_get_expires_at (info) - now);
    }
  return former;
}

static guint
call_count (ThFormerRow *self)
{
  return th_rotator_count_old_sessions (th_engine_get_rotator (self->engine), self->kind);
}

static char *
title_text (const Former *former)
{
  g_autofree char *left = th_format_time_left (former->seconds_left);
  if (former->n == 1)
    /* Translators: %s is a span of time such as "23 h 41 min" */
    return g_strdup_printf (_("Old secret still works for %s"), left);
  /* Translators: %1$u is a number, more than 1; %2$s is a span of time such as "23 h 41 min" */
  return g_strdup_printf (_("%1$u old secrets still work, the last for %2$s"), former->n, left);
}

/* "Used by 2 apps and 3 calls; new calls use the new one" */
static char *
use_text (guint apps, guint calls)
{
  g_autofree char *by_apps = g_strdup_printf (ngettext ("%u app", "%u apps", apps), apps);
  g_autofree char *by_calls = g_strdup_printf (ngettext ("%u call", "%u calls", calls), calls);
  if (apps == 0 && calls == 0)
    return g_strdup (_("No call uses it now"));
  if (apps == 0 || calls == 0)
    /* Translators: %s is "2 apps" or "3 calls" */
    return g_strdup_printf (_("Used by %s; new calls use the new one"),
                            apps > 0 ? by_apps : by_calls);
  /* Translators: %1$s is "2 apps", %2$s is "3 calls" */
  return g_strdup_printf (_("Used by %1$s and %2$s; new calls use the new one"), by_apps,
                          by_calls);
}

static void
show_time_left (ThFormerRow *self, gint64 seconds)
{
  gint64 grace = th_settings_get_integer (th_engine_get_settings (self->engine),
                                          TH_SETTING_CREDENTIALS_GRACE);
  gtk_level_bar_set_value (self->time_left, CLAMP (seconds / (double) MAX (grace, 1), 0, 1));
}

static void
update (ThFormerRow *self)
{
  Former former = find_former (self);
  gtk_widget_set_visible (GTK_WIDGET (self), former.n > 0);
  if (former.n == 0)
    return;

  guint apps =
      th_app_tokens_count_behind (th_engine_get_app_tokens (self->engine), former.current);
  g_autofree char *title = title_text (&former);
  g_autofree char *subtitle = use_text (apps, call_count (self));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  show_time_left (self, former.seconds_left);
}

static void
say_what_ended (ThFormerRow *self, guint calls)
{
  g_autofree char *text =
      calls == 0 ? g_strdup (_("Old secret revoked"))
                 : g_strdup_printf (ngettext ("Old secret revoked, %u call ended",
                                              "Old secret revoked, %u calls ended", calls),
                                    calls);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", text);
}

static void
on_revoked (GObject *rotator, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThFormerRow) self = data;
  g_autoptr (GError) error = NULL;
  guint calls = 0;
  if (th_rotator_revoke_finish (TH_ROTATOR (rotator), result, &calls, &error))
    say_what_ended (self, calls);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
}

static void
on_revocation_confirmed (gpointer data)
{
  ThFormerRow *self = data;
  if (self->engine)
    th_rotator_revoke_async (th_engine_get_rotator (self->engine), self->kind, "panel", NULL,
                             on_revoked, g_object_ref (self));
}

static void
on_revoke_button_clicked (ThFormerRow *self)
{
  guint calls = call_count (self);
  g_autofree char *heading =
      calls == 0 ? g_strdup (_("Revoke the old secret?"))
                 : g_strdup_printf (ngettext ("End %u call that still uses the old secret?",
                                              "End %u calls that still use the old secret?", calls),
                                    calls);
  th_compat_confirm (GTK_WIDGET (self), heading,
                     _("Apps that do not have the new secret yet cannot connect until they do."),
                     _("Revoke"), on_revocation_confirmed, self);
}

static void
th_former_row_dispose (GObject *object)
{
  g_clear_object (&TH_FORMER_ROW (object)->engine);
  G_OBJECT_CLASS (th_former_row_parent_class)->dispose (object);
}

static void
th_former_row_class_init (ThFormerRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_former_row_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/former-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThFormerRow, title);
  gtk_widget_class_bind_template_child (widget_class, ThFormerRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ThFormerRow, time_left);
  gtk_widget_class_bind_template_child (widget_class, ThFormerRow, revoke_button);
  gtk_widget_class_bind_template_callback (widget_class, on_revoke_button_clicked);
}

static void
th_former_row_init (ThFormerRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* One colour for all of the time: less of it is nothing bad. */
  gtk_level_bar_remove_offset_value (self->time_left, GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (self->time_left, GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (self->time_left, GTK_LEVEL_BAR_OFFSET_FULL);
}

void
th_former_row_set_engine (ThFormerRow *self, ThEngine *engine, ThRingKind kind, ThTicker *ticker)
{
  /* The same button is there for both kinds, but by name one can tell them apart. */
  const char *label = kind == TH_RING_API ? _("Revoke old API secret") : _("Revoke old secret");
  g_return_if_fail (TH_IS_FORMER_ROW (self) && !self->engine);
  self->engine = g_object_ref (engine);
  self->kind = kind;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->revoke_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_object (th_engine_get_secret_ring (engine), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (ticker, "tick", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}
