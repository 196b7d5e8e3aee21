/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThServerEntry: what is empty counts as not entered.
 */
#include "panel/widgets/server-entry.h"

struct _ThServerEntry {
  AdwBin parent_instance;
  GtkTextView *servers;
  GtkEditable *user_name, *password, *secret, *token;
};

G_DEFINE_FINAL_TYPE (ThServerEntry, th_server_entry, ADW_TYPE_BIN)

/* (nullable): NULL where nothing is entered */
static const char *
get_text (GtkEditable *entry)
{
  const char *text = gtk_editable_get_text (entry);
  return *text ? text : NULL;
}

static void
th_server_entry_class_init (ThServerEntryClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/server-entry.ui");
  gtk_widget_class_bind_template_child (widget_class, ThServerEntry, servers);
  gtk_widget_class_bind_template_child (widget_class, ThServerEntry, user_name);
  gtk_widget_class_bind_template_child (widget_class, ThServerEntry, password);
  gtk_widget_class_bind_template_child (widget_class, ThServerEntry, secret);
  gtk_widget_class_bind_template_child (widget_class, ThServerEntry, token);
}

static void
th_server_entry_init (ThServerEntry *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

char *
th_server_entry_fill (ThServerEntry *self, ThIceTestOptions *options)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->servers);
  GtkTextIter start, end;
  char *text;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  options->text = text;
  options->username = get_text (self->user_name);
  options->password = get_text (self->password);
  options->secret = get_text (self->secret);
  options->token = get_text (self->token);
  return text;
}
