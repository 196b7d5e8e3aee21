/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The dialogs that libadwaita 1.5 made widgets of a window were windows of their own before.
 */
#include "panel/compat.h"

#include <glib/gi18n.h>

#define PREFERENCES_WIDTH  640
#define PREFERENCES_HEIGHT 720

/* What is newer than the baseline is used here only, and only where it is there. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS

typedef struct {
  void (*accepted) (gpointer data);
  GObject *data;
  void (*instead) (gpointer data); /* nullable */
  const char *instead_label;       /* as long as it is asked */
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *self = data;
  g_object_unref (self->data);
  g_free (self);
}

static void
on_dialog_response (gpointer dialog, const char *response, gpointer data)
{
  Question *question = data;
  if (g_str_equal (response, "accept"))
    question->accepted (question->data);
  else if (g_str_equal (response, "instead"))
    question->instead (question->data);
}

/* @content below which @bottom shall be */
static GtkWidget *
stack_vertically (GtkWidget *content, GtkWidget *bottom)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_vexpand (content, TRUE);
  gtk_box_append (GTK_BOX (box), content);
  gtk_box_append (GTK_BOX (box), bottom);
  return box;
}

/* What the program goes by. */
static const struct {
  const char *title;
  const char *url;
} links[] = {
  { N_("The TURN protocol (RFC 8656)"), "https://www.rfc-editor.org/rfc/rfc8656" },
  { N_("The STUN protocol (RFC 8489)"), "https://www.rfc-editor.org/rfc/rfc8489" },
};

/* What a report of a problem should begin with. */
static char *
describe_system (void)
{
  g_autofree char *system = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);
  return g_strdup_printf ("Turnhouse %s\n%s\nGTK %u.%u.%u\nlibadwaita %u.%u.%u\nGLib %u.%u.%u\n",
                          TH_VERSION, system ? system : "", gtk_get_major_version (),
                          gtk_get_minor_version (), gtk_get_micro_version (),
                          adw_get_major_version (), adw_get_minor_version (),
                          adw_get_micro_version (), glib_major_version, glib_minor_version,
                          glib_micro_version);
}

static void
fill_about (GObject *about)
{
  g_autofree char *system = describe_system ();
  g_object_set (about, "application-name", "Turnhouse", "application-icon", TH_APPLICATION_ID,
                "developer-name", _("The Turnhouse authors"), "copyright",
                _("© 2026 The Turnhouse authors"), "version", TH_VERSION, "license-type",
                GTK_LICENSE_GPL_3_0, "comments",
                _("A relay for calls, with a panel to see and mend it"), "debug-info", system,
                "debug-info-filename", "turnhouse.txt", NULL);
}

#if ADW_CHECK_VERSION(1, 5, 0)

GtkWidget *
th_compat_preferences_new (void)
{
  AdwDialog *dialog = adw_preferences_dialog_new ();
  adw_preferences_dialog_set_search_enabled (ADW_PREFERENCES_DIALOG (dialog), TRUE);
  adw_dialog_set_content_width (dialog, PREFERENCES_WIDTH);
  adw_dialog_set_content_height (dialog, PREFERENCES_HEIGHT);
  return GTK_WIDGET (dialog);
}

void
th_compat_preferences_add (GtkWidget *preferences, AdwPreferencesPage *page)
{
  adw_preferences_dialog_add (ADW_PREFERENCES_DIALOG (preferences), page);
}

void
th_compat_preferences_show_page (GtkWidget *preferences, AdwPreferencesPage *page)
{
  adw_preferences_dialog_set_visible_page (ADW_PREFERENCES_DIALOG (preferences), page);
}

void
th_compat_preferences_set_bottom (GtkWidget *preferences, GtkWidget *bottom)
{
  AdwDialog *dialog = ADW_DIALOG (preferences);
  g_autoptr (GtkWidget) content = g_object_ref (adw_dialog_get_child (dialog));
  adw_dialog_set_child (dialog, NULL);
  adw_dialog_set_child (dialog, stack_vertically (content, bottom));
}

void
th_compat_preferences_present (GtkWidget *preferences, GtkWindow *parent)
{
  adw_dialog_present (ADW_DIALOG (preferences), GTK_WIDGET (parent));
}

void
th_compat_show_about (GtkWindow *parent)
{
  AdwDialog *about = adw_about_dialog_new ();
  fill_about (G_OBJECT (about));
  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    adw_about_dialog_add_link (ADW_ABOUT_DIALOG (about), _(links[i].title), links[i].url);
  adw_dialog_present (about, GTK_WIDGET (parent));
}

static void
ask (GtkWidget *widget,
     const char *heading,
     const char *body,
     const char *accept_label,
     Question *question)
{
  AdwDialog *dialog = adw_alert_dialog_new (heading, body);
  AdwAlertDialog *alert = ADW_ALERT_DIALOG (dialog);
  adw_alert_dialog_add_responses (alert, "cancel", _("_Cancel"), "accept", accept_label, NULL);
  adw_alert_dialog_set_response_appearance (alert, "accept", ADW_RESPONSE_DESTRUCTIVE);
  if (question->instead)
    {
      adw_alert_dialog_add_response (alert, "instead", question->instead_label);
      adw_alert_dialog_set_response_appearance (alert, "instead", ADW_RESPONSE_SUGGESTED);
    }
  adw_alert_dialog_set_default_response (alert, question->instead ? "instead" : "cancel");
  adw_alert_dialog_set_close_response (alert, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_dialog_response), question,
                         question_free, 0);
  adw_dialog_present (dialog, widget);
}

#else

GtkWidget *
th_compat_preferences_new (void)
{
  return g_object_new (ADW_TYPE_PREFERENCES_WINDOW, "modal", TRUE, "destroy-with-parent", TRUE,
                       NULL);
}

void
th_compat_preferences_add (GtkWidget *preferences, AdwPreferencesPage *page)
{
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (preferences), page);
}

void
th_compat_preferences_show_page (GtkWidget *preferences, AdwPreferencesPage *page)
{
  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (preferences), page);
}

void
th_compat_preferences_set_bottom (GtkWidget *preferences, GtkWidget *bottom)
{
  AdwWindow *window = ADW_WINDOW (preferences);
  g_autoptr (GtkWidget) content = g_object_ref (adw_window_get_content (window));
  adw_window_set_content (window, NULL);
  adw_window_set_content (window, stack_vertically (content, bottom));
}

void
th_compat_preferences_present (GtkWidget *preferences, GtkWindow *parent)
{
  GtkWindow *window = GTK_WINDOW (preferences);
  gtk_window_set_default_size (
      window, MIN (PREFERENCES_WIDTH, gtk_widget_get_width (GTK_WIDGET (parent))),
      MIN (PREFERENCES_HEIGHT, gtk_widget_get_height (GTK_WIDGET (parent))));
  gtk_window_set_transient_for (window, parent);
  gtk_window_present (window);
}

void
th_compat_show_about (GtkWindow *parent)
{
  AdwAboutWindow *about = ADW_ABOUT_WINDOW (adw_about_window_new ());
  fill_about (G_OBJECT (about));
  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    adw_about_window_add_link (about, _(links[i].title), links[i].url);
  gtk_window_set_transient_for (GTK_WINDOW (about), parent);
  gtk_window_set_modal (GTK_WINDOW (about), TRUE);
  gtk_window_present (GTK_WINDOW (about));
}

static void
ask (GtkWidget *widget,
     const char *heading,
     const char *body,
     const char *accept_label,
     Question *question)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));
  GtkWidget *dialog = adw_message_dialog_new (parent, heading, body);
  AdwMessageDialog *message = ADW_MESSAGE_DIALOG (dialog);
  adw_message_dialog_add_responses (message, "cancel", _("_Cancel"), "accept", accept_label, NULL);
  adw_message_dialog_set_response_appearance (message, "accept", ADW_RESPONSE_DESTRUCTIVE);
  if (question->instead)
    {
      adw_message_dialog_add_response (message, "instead", question->instead_label);
      adw_message_dialog_set_response_appearance (message, "instead", ADW_RESPONSE_SUGGESTED);
    }
  adw_message_dialog_set_default_response (message, question->instead ? "instead" : "cancel");
  adw_message_dialog_set_close_response (message, "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_dialog_response), question,
                         question_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

#endif

void
th_compat_confirm (GtkWidget *widget,
                   const char *heading,
                   const char *body,
                   const char *accept_label,
                   void (*accepted) (gpointer data),
                   gpointer data)
{
  th_compat_confirm_or (widget, heading, body, accept_label, accepted, NULL, NULL, data);
}

void
th_compat_confirm_or (GtkWidget *widget,
                      const char *heading,
                      const char *body,
                      const char *accept_label,
                      void (*accepted) (gpointer data),
                      const char *instead_label,
                      void (*instead) (gpointer data),
                      gpointer data)
{
  Question *question = g_new0 (Question, 1);
  question->accepted = accepted;
  question->instead = instead;
  question->instead_label = instead_label;
  question->data = g_object_ref (G_OBJECT (data));
  ask (widget, heading, body, accept_label, question);
}

void
th_compat_announce (GtkWidget *widget, const char *text)
{
#if GTK_CHECK_VERSION(4, 14, 0)
  gtk_accessible_announce (GTK_ACCESSIBLE (widget), text,
                           GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
#endif
}

gboolean
th_compat_is_hidden (GdkToplevelState state)
{
#if GTK_CHECK_VERSION(4, 12, 0)
  if (state & GDK_TOPLEVEL_STATE_SUSPENDED)
    return TRUE;
#endif
  return (state & GDK_TOPLEVEL_STATE_MINIMIZED) != 0;
}

G_GNUC_END_IGNORE_DEPRECATIONS
