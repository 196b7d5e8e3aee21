/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSecretGroup: the same for shared secrets and API secrets, but for the words, the name that
 * stands beside an API secret, and the schedule that only shared secrets have.
 */
#include "panel/widgets/secret-group.h"

#include <glib/gi18n.h>

#include "panel/widgets/copy-row.h"

struct _ThSecretGroup {
  AdwPreferencesGroup parent_instance;
  ThCopyRow *key_row;
  ThCopyRow *secret_row;

  ThEngine *engine;
  ThRingKind kind;
};

G_DEFINE_FINAL_TYPE (ThSecretGroup, th_secret_group, ADW_TYPE_PREFERENCES_GROUP)

typedef struct {
  const char *title;
  const char *description;
  const char *reveal;
  const char *copy;
} Words;

static Words
words_for (ThRingKind kind)
{
  if (kind == TH_RING_API)
    return (Words){ _("API Key"), _("For apps that sign tokens, the way LiveKit has it"),
                    _("Reveal API secret"), _("Copy API secret") };
  return (Words){ _("Shared Secret"), _("For apps that make their users’ credentials themselves"),
                  _("Reveal shared secret"), _("Copy shared secret") };
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
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/secret-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ThSecretGroup, key_row);
  gtk_widget_class_bind_template_child (widget_class, ThSecretGroup, secret_row);
}

static void
th_secret_group_init (ThSecretGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_words (ThSecretGroup *self)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);
  Words words = words_for (self->kind);
  adw_preferences_group_set_title (group, words.title);
  adw_preferences_group_set_description (group, words.description);
  g_object_set (self->secret_row, "reveal-label", words.reveal, "copy-label", words.copy, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->key_row), self->kind == TH_RING_API);
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
  g_signal_connect_object (th_engine_get_secret_ring (engine), "changed",
                           G_CALLBACK (show_secret), self, G_CONNECT_SWAPPED);
  show_secret (self);
}
