/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSnippetView: the text is filled in anew whenever it is shown, hidden or copied, so that secrets
 * are kept nowhere but in the values.
 */
#include "panel/widgets/snippet-view.h"

#include <glib/gi18n.h>

#include "credentials/secret.h"

struct _ThSnippetView {
  AdwBin parent_instance;
  GtkLabel *advice;
  GtkWidget *card;
  GtkLabel *place;
  GtkToggleButton *reveal_button;
  GtkWidget *copy_button;
  GtkLabel *text;
  GtkLabel *missing;
  GtkWidget *note;
  GtkLabel *note_label;

  const ThSnippet *snippet; /* NULL until it is set */
  ThSnippetValues *values;
};

G_DEFINE_FINAL_TYPE (ThSnippetView, th_snippet_view, ADW_TYPE_BIN)

static char *
fill (ThSnippetView *self, gboolean masked, ThSnippetState *state)
{
  return th_snippet_fill (self->snippet, self->values, masked, state);
}

static gboolean
holds_secret (ThSnippetView *self)
{
  g_autoptr (ThSecretText) plain = fill (self, FALSE, NULL);
  g_autofree char *masked = fill (self, TRUE, NULL);
  return g_strcmp0 (plain, masked) != 0;
}

static gboolean
is_hidden (ThSnippetView *self)
{
  return gtk_widget_get_visible (GTK_WIDGET (self->reveal_button)) &&
         !gtk_toggle_button_get_active (self->reveal_button);
}

static const char *
describe_missing (ThSnippetState state)
{
  if (state == TH_SNIPPET_NO_TLS)
    return _("The relay speaks no TLS yet. Set a port for TLS and the server name in Preferences.");
  return state == TH_SNIPPET_NO_ENDPOINT
             ? _("The endpoint does not run. Apps can ask for credentials while it does.")
             : _("The relay does not run. Addresses for this app appear here while it does.");
}

static void
show_text (ThSnippetView *self)
{
  gboolean hidden = is_hidden (self);
  const char *label = hidden ? _("Show Secrets") : _("Hide Secrets");
  ThSnippetState state;
  g_autoptr (ThSecretText) text = fill (self, hidden, &state);

  gtk_label_set_label (self->text, text ? g_strchomp (text) : "");
  gtk_label_set_label (self->missing, text ? "" : describe_missing (state));
  gtk_widget_set_visible (self->card, text != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->missing), text == NULL);
  gtk_button_set_icon_name (GTK_BUTTON (self->reveal_button),
                            hidden ? "view-reveal-symbolic" : "view-conceal-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->reveal_button), label);
}

static void
add_line (GString *text, const char *line)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append (text, line);
}

/* What to know before it is pasted, a line each; empty where there is nothing. */
static char *
describe_caution (ThSnippetView *self)
{
  gboolean local = th_snippet_values_is_endpoint_local (self->values);
  gboolean unknown = g_strcmp0 (self->values->token, TH_SNIPPET_TOKEN_WORD) == 0;
  GString *text = g_string_new (NULL);

  if (th_snippet_uses (self->snippet, "secret"))
    add_line (text, _("This contains the shared secret. Whoever has it can use the relay: paste it "
                      "only where others cannot read it, and anew once it was rotated."));
  if (unknown && th_snippet_uses (self->snippet, "token"))
    {
      /* Translators: %s is a word that stands in the text above */
      g_autofree char *line = g_strdup_printf (_("Put the token of your app in place of %s: the "
                                                 "endpoint answers no app without one."),
                                               TH_SNIPPET_TOKEN_WORD);
      add_line (text, line);
    }
  if (local && th_snippet_uses (self->snippet, "endpoint"))
    add_line (text, _("Only apps on this machine reach the endpoint, because it listens on a "
                      "loopback address."));
  return g_string_free (text, FALSE);
}

static void
show_note (ThSnippetView *self)
{
  g_autofree char *text = describe_caution (self);
  gtk_label_set_label (self->note_label, text);
  gtk_widget_set_visible (self->note, *text != '\0' && gtk_widget_get_visible (self->card));
}

static void
on_text_copied (ThSnippetView *self)
{
  if (!is_hidden (self) && gtk_label_get_selection_bounds (self->text, NULL, NULL))
    return; /* the label copies that part */
  g_signal_stop_emission_by_name (self->text, "copy-clipboard");
  gtk_widget_activate_action (GTK_WIDGET (self), "connect.copy", NULL);
}

static gboolean
th_snippet_view_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (TH_SNIPPET_VIEW (widget)->copy_button);
}

static void
th_snippet_view_finalize (GObject *object)
{
  g_clear_pointer (&TH_SNIPPET_VIEW (object)->values, th_snippet_values_free);
  G_OBJECT_CLASS (th_snippet_view_parent_class)->finalize (object);
}

static void
th_snippet_view_class_init (ThSnippetViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = th_snippet_view_finalize;
  widget_class->grab_focus = th_snippet_view_grab_focus;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/snippet-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ThSnippetView, advice);
  gtk_widget_class_bind_template_child (widget_class, ThSnippetView, card);
  gtk_widget_class_bind_template_child (widget_class, ThSnippetView, place);
  gtk_widget_class_bind_template_child (widget_class, ThSnippetView, reveal_button);
  gtk_widget_class_bind_template_child (widget_class, ThSnippetView, copy_button);
  gtk_widget_class_bind_template_child (widget_class, ThSnippetView, text);
  gtk_widget_class_bind_template_child (widget_class, ThSnippetView, missing);
  gtk_widget_class_bind_template_child (widget_class, ThSnippetView, note);
  gtk_widget_class_bind_template_child (widget_class, ThSnippetView, note_label);
  gtk_widget_class_bind_template_callback (widget_class, show_text);
  gtk_widget_class_bind_template_callback (widget_class, on_text_copied);
}

static void
th_snippet_view_init (ThSnippetView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_snippet_view_set_snippet (ThSnippetView *self, const ThSnippet *snippet, ThSnippetValues *values)
{
  g_return_if_fail (TH_IS_SNIPPET_VIEW (self) && snippet && values);
  gboolean another = snippet != self->snippet;

  g_clear_pointer (&self->values, th_snippet_values_free);
  self->values = values;
  self->snippet = snippet;
  if (another)
    gtk_toggle_button_set_active (self->reveal_button, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->reveal_button), holds_secret (self));
  gtk_label_set_label (self->advice, _(snippet->advice));
  gtk_label_set_label (self->place, _(snippet->place));
  show_text (self);
  show_note (self);
}

gboolean
th_snippet_view_copy (ThSnippetView *self)
{
  g_return_val_if_fail (TH_IS_SNIPPET_VIEW (self) && self->snippet, FALSE);
  g_autoptr (ThSecretText) text = fill (self, FALSE, NULL);

  if (text)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  return text != NULL;
}
