/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPasteEntry: what is pasted is read at once; a long text does not come into the box, which would
 * take its time to show it.
 */
#include "panel/widgets/paste-entry.h"

#include <glib/gi18n.h>
#include <string.h>

#include "panel/compat.h"
#include "panel/paste-reader.h"

#define SHOWN_MAX      20000 /* bytes */
#define PROBLEMS_SHOWN 3

struct _ThPasteEntry {
  AdwBin parent_instance;
  GtkTextView *text;
  GtkButton *read_button;
  GtkSpinner *spinner;
  GtkLabel *status;
  GCancellable *cancellable; /* nullable: of what is being read */
};

G_DEFINE_FINAL_TYPE (ThPasteEntry, th_paste_entry, ADW_TYPE_BIN)

enum {
  READ,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
show_working (ThPasteEntry *self, gboolean working)
{
  gtk_spinner_set_spinning (self->spinner, working);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), working);
}

static void
show_status (ThPasteEntry *self, const char *text)
{
  gtk_label_set_label (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status), *text);
  th_compat_announce (GTK_WIDGET (self->status), text);
}

/* "12 candidates · 3 pairs", and lines about what is none */
static char *
describe (const ThIcePaste *paste)
{
  guint candidates = g_list_model_get_n_items (G_LIST_MODEL (paste->candidates));
  guint pairs = g_list_model_get_n_items (G_LIST_MODEL (paste->pairs));
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, ngettext ("%u candidate", "%u candidates", candidates),
                          candidates);
  if (pairs > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%u pair", "%u pairs", pairs), pairs);
    }
  for (guint i = 0; i < MIN (paste->problems->len, PROBLEMS_SHOWN); i++)
    g_string_append_printf (text, "\n%s", (char *) paste->problems->pdata[i]);
  if (paste->cut || paste->problems->len > PROBLEMS_SHOWN)
    g_string_append_printf (text, "\n%s", _("There is more in it than is shown"));
  return g_string_free (text, FALSE);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThIcePaste) paste = th_paste_read_finish (result, &error);
  ThPasteEntry *self = data;
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* something else is being read, or self is gone */
  g_clear_object (&self->cancellable);
  show_working (self, FALSE);
  text = paste ? describe (paste) : g_strdup (error->message);
  show_status (self, text);
  if (paste)
    g_signal_emit (self, signals[READ], 0, paste->candidates, paste->pairs);
}

static void
cancel (ThPasteEntry *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

/* Instead of what is being read. */
static void
begin (ThPasteEntry *self)
{
  cancel (self);
  self->cancellable = g_cancellable_new ();
  show_working (self, TRUE);
}

/* @text: (transfer full) */
static void
read_text (ThPasteEntry *self, char *text)
{
  begin (self);
  th_paste_read_text_async (text, self->cancellable, on_read, self);
}

static char *
get_text (ThPasteEntry *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

static void
on_text_changed (ThPasteEntry *self)
{
  gboolean any = gtk_text_buffer_get_char_count (gtk_text_view_get_buffer (self->text)) > 0;
  gtk_widget_set_sensitive (GTK_WIDGET (self->read_button), any);
}

static void
on_read_button_clicked (ThPasteEntry *self)
{
  read_text (self, get_text (self));
}

/* @text: (transfer full) */
static void
take_pasted (ThPasteEntry *self, char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text);

  if (strlen (text) > SHOWN_MAX)
    {
      read_text (self, text);
      return;
    }
  gtk_text_buffer_delete_selection (buffer, TRUE, TRUE);
  gtk_text_buffer_insert_at_cursor (buffer, text, -1);
  g_free (text);
  read_text (self, get_text (self));
}

static void
on_clipboard_read (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThPasteEntry) self = data;
  g_autoptr (GError) error = NULL;
  char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, &error);

  if (text)
    take_pasted (self, text);
  else
    show_status (self, error->message);
}

static void
on_paste (ThPasteEntry *self)
{
  g_signal_stop_emission_by_name (self->text, "paste-clipboard");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self)), NULL,
                                 on_clipboard_read, g_object_ref (self));
}

static gboolean
on_drop (ThPasteEntry *self, const GValue *value, double x, double y)
{
  begin (self);
  th_paste_read_file_async (g_value_get_object (value), self->cancellable, on_read, self);
  return TRUE;
}

static void
th_paste_entry_dispose (GObject *object)
{
  cancel (TH_PASTE_ENTRY (object));
  G_OBJECT_CLASS (th_paste_entry_parent_class)->dispose (object);
}

static void
th_paste_entry_class_init (ThPasteEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_paste_entry_dispose;

  signals[READ] = g_signal_new ("read", TH_TYPE_PASTE_ENTRY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 2, G_TYPE_LIST_MODEL, G_TYPE_LIST_MODEL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/paste-entry.ui");
  gtk_widget_class_bind_template_child (widget_class, ThPasteEntry, text);
  gtk_widget_class_bind_template_child (widget_class, ThPasteEntry, read_button);
  gtk_widget_class_bind_template_child (widget_class, ThPasteEntry, spinner);
  gtk_widget_class_bind_template_child (widget_class, ThPasteEntry, status);
  gtk_widget_class_bind_template_callback (widget_class, on_text_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_read_button_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_paste);
}

static void
th_paste_entry_init (ThPasteEntry *self)
{
  GtkDropTarget *drop = gtk_drop_target_new (G_TYPE_FILE, GDK_ACTION_COPY);

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (drop, "drop", G_CALLBACK (on_drop), self, G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (drop), GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drop));
  on_text_changed (self);
}
