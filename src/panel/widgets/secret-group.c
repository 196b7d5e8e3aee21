/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSecretGroup: the same for shared secrets and API secrets, but for the words, the name that
 * stands beside an API secret, and the schedule that only shared secrets have.
 */
#include "panel/widgets/secret-group.h"

#include <glib/gi18n.h>

#include "app/rotator.h"
#include "panel/whole-text.h"
#include "panel/widgets/copy-row.h"
#include "panel/widgets/former-row.h"
#include "panel/widgets/schedule-row.h"

struct _ThSecretGroup {
  AdwPreferencesGroup parent_instance;
  ThCopyRow *key_row;
  ThCopyRow *secret_row;
  ThFormerRow *former_row;
  ThScheduleRow *schedule_row;
  GtkButton *rotate_button;

  ThEngine *engine;
  ThRingKind kind;
  gboolean rotating; /* a second press is not another rotation */
};

G_DEFINE_FINAL_TYPE (ThSecretGroup, th_secret_group, ADW_TYPE_PREFERENCES_GROUP)

typedef struct {
  const char *title;
  const char *description;
  const char *reveal;
  const char *copy;
  const char *rotate;
} Words;

static Words
words_for (ThRingKind kind)
{
  if (kind == TH_RING_API)
    return (Words){ _("API Key"), _("For apps that sign tokens, the way LiveKit has it"),
                    _("Reveal API secret"), _("Copy API secret"), _("Rotate API secret") };
  return (Words){ _("Shared Secret"), _("For apps that make their users’ credentials themselves"),
                  _("Reveal shared secret"), _("Copy shared secret"), _("Rotate shared secret") };
}

static void
show_secret (ThSecretGroup *self)
{
  ThSecretRing *ring = th_engine_get_secret_ring (self->engine);
  if (self->kind == TH_RING_API)
    {
      th_copy_row_set_text (self->key_row, th_secret_ring_get_api_key (ring));
      th_copy_row_set_text (self->secret_row, th_secret_ring_get_api_secret (ring));
    }
  else
    {
      th_copy_row_set_text (self->secret_row, th_secret_ring_get_current (ring));
    }
}

static void
on_rotated (GObject *rotator, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThSecretGroup) self = data;
  g_autoptr (GError) error = NULL;
  self->rotating = FALSE;
  if (!th_rotator_rotate_finish (TH_ROTATOR (rotator), result, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
}

static void
on_rotate_button_clicked (ThSecretGroup *self)
{
  if (self->rotating)
    return;
  self->rotating = TRUE;
  th_rotator_rotate_async (th_engine_get_rotator (self->engine), self->kind, "panel", NULL,
                           on_rotated, g_object_ref (self));
}

static void
th_secret_group_dispose (GObject *object)
{
  g_clear_object (&TH_SECRET_GROUP (object)->engine);
  G_OBJECT_CLASS (th_secret_group_parent_class)->dispose (object);
}

static void
th_secret_group_class_init (ThSecretGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_secret_group_dispose;

  g_type_ensure (TH_TYPE_COPY_ROW);
  g_type_ensure (TH_TYPE_FORMER_ROW);
  g_type_ensure (TH_TYPE_SCHEDULE_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/secret-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ThSecretGroup, key_row);
  gtk_widget_class_bind_template_child (widget_class, ThSecretGroup, secret_row);
  gtk_widget_class_bind_template_child (widget_class, ThSecretGroup, former_row);
  gtk_widget_class_bind_template_child (widget_class, ThSecretGroup, schedule_row);
  gtk_widget_class_bind_template_child (widget_class, ThSecretGroup, rotate_button);
  gtk_widget_class_bind_template_callback (widget_class, on_rotate_button_clicked);
}

static void
th_secret_group_init (ThSecretGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  th_whole_text (GTK_WIDGET (self), TRUE);
}

static void
show_words (ThSecretGroup *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);
  Words words = words_for (self->kind);
  adw_preferences_group_set_title (group, words.title);
  adw_preferences_group_set_description (group, words.description);
  g_object_set (self->secret_row, "reveal-label", words.reveal, "copy-label", words.copy, NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->rotate_button), words.rotate);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rotate_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words.rotate, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->key_row), self->kind == TH_RING_API);
  gtk_widget_set_visible (GTK_WIDGET (self->schedule_row), self->kind == TH_RING_SECRET);
}

void
th_secret_group_set_engine (ThSecretGroup *self,
                            ThEngine *engine,
                            ThRingKind kind,
                            ThTicker *ticker)
{
  g_return_if_fail (TH_IS_SECRET_GROUP (self) && !self->engine);
  self->engine = g_object_ref (engine);
  self->kind = kind;
  show_words (self);
  th_former_row_set_engine (self->former_row, engine, kind, ticker);
  th_schedule_row_set_settings (self->schedule_row, th_engine_get_settings (engine));
  g_signal_connect_object (th_engine_get_secret_ring (engine), "changed",
                           G_CALLBACK (show_secret), self, G_CONNECT_SWAPPED);
  show_secret (self);
}
