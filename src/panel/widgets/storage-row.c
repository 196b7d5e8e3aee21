/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThStorageRow: its choices stand in the order of ThStoreKind. While secrets are being moved, which
 * may wait for the user to unlock the keyring, nothing else can be chosen.
 */
#include "panel/widgets/storage-row.h"

#include <glib/gi18n.h>

#include "credentials/store-move.h"

struct _ThStorageRow {
  AdwComboRow parent_instance;
  char *directory;
  GCancellable *cancellable; /* for what is under way when the row goes */
  gboolean showing;          /* the choice is being shown by us and not made by the user */
};

G_DEFINE_FINAL_TYPE (ThStorageRow, th_storage_row, ADW_TYPE_COMBO_ROW)

static void
show_kind (ThStorageRow *self)
{
  ThStoreKind kind = th_store_get_kind (self->directory);
  self->showing = TRUE;
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), kind);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), kind == TH_STORE_KEYRING
                                                          ? _("Encrypted by the desktop")
                                                          : _("Only you can read it"));
  self->showing = FALSE;
}

static void
on_moved (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThStorageRow) self = data;
  g_autoptr (GError) error = NULL;
  gboolean moved = th_store_move_finish (result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return; /* the window is gone */
  gtk_widget_set_sensitive (GTK_WIDGET (self), TRUE);
  show_kind (self);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s",
                              moved ? _("Secrets moved") : error->message);
}

static void
on_selected_changed (ThStorageRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  if (self->showing || !self->directory || selected == th_store_get_kind (self->directory))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (self), FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), _("Moving the secrets"));
  th_store_move_async (self->directory, selected, self->cancellable, on_moved,
                       g_object_ref (self));
}

/* Then there is nothing to choose, only to tell. */
static void
show_no_keyring (ThStorageRow *self)
{
  gboolean in_sandbox = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
  GListModel *kinds = adw_combo_row_get_model (ADW_COMBO_ROW (self));
  self->showing = TRUE;
  gtk_string_list_remove (GTK_STRING_LIST (kinds), TH_STORE_KEYRING);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                               in_sandbox ? _("Only you can read it; no portal to a keyring answers")
                                          : _("Only you can read it; there is no keyring here"));
  self->showing = FALSE;
}

static void
on_availability_known (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThStorageRow) self = data;
  g_autoptr (GError) error = NULL;
  gboolean available = th_store_kind_is_available_finish (result, &error);
  if (g_cancellable_is_cancelled (self->cancellable))
    return; /* the window is gone */
  if (!available && th_store_get_kind (self->directory) == TH_STORE_FILES)
    show_no_keyring (self);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
th_storage_row_dispose (GObject *object)
{
  ThStorageRow *self = TH_STORAGE_ROW (object);
  g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (th_storage_row_parent_class)->dispose (object);
}

static void
th_storage_row_finalize (GObject *object)
{
  ThStorageRow *self = TH_STORAGE_ROW (object);
  g_clear_object (&self->cancellable);
  g_free (self->directory);
  G_OBJECT_CLASS (th_storage_row_parent_class)->finalize (object);
}

static void
th_storage_row_class_init (ThStorageRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_storage_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = th_storage_row_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/storage-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, on_selected_changed);
}

static void
th_storage_row_init (ThStorageRow *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_storage_row_set_directory (ThStorageRow *self, const char *directory)
{
  g_return_if_fail (TH_IS_STORAGE_ROW (self) && !self->directory);
  self->directory = g_strdup (directory);
  show_kind (self);
  th_store_kind_is_available_async (TH_STORE_KEYRING, self->cancellable, on_availability_known,
                                    g_object_ref (self));
}
