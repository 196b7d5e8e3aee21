/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCertificateList: follows the store, which looks at the certificate each hour, and what fetches
 * another one.
 */
#include "panel/widgets/certificate-list.h"

#include <glib/gi18n.h>

#include "panel/format.h"
#include "panel/widgets/copy-row.h"

struct _ThCertificateList {
  AdwBin parent_instance;
  AdwExpanderRow *expander;
  AdwActionRow *names, *issuer, *end;
  ThCopyRow *fingerprint;
  AdwActionRow *automatic, *renewal, *files;
  GtkWidget *renew_button;
  ThEngine *engine; /* NULL until it is set */
};

G_DEFINE_FINAL_TYPE (ThCertificateList, th_certificate_list, ADW_TYPE_BIN)

static gint64
seconds_left (ThCertificate *certificate)
{
  return th_certificate_get_not_after (certificate) - g_get_real_time () / G_USEC_PER_SEC;
}

static const char *
first_name (ThCertificate *certificate)
{
  const char *name = th_certificate_get_names (certificate)[0];
  return name ? name : th_certificate_get_subject (certificate);
}

static char *
make_summary (ThCertificate *certificate)
{
  if (!certificate)
    return g_strdup (_("There is none, so nothing is encrypted"));
  if (seconds_left (certificate) < 0)
    /* Translators: %s is a DNS name */
    return g_strdup_printf (_("That of %s has expired"), first_name (certificate));
  if (th_certificate_is_self_signed (certificate))
    return g_strdup (_("Self-signed: browsers and most apps refuse it"));
  g_autofree char *left = th_format_time_left (seconds_left (certificate));
  /* Translators: %1$s is a DNS name, %2$s a span of time such as "62 days" */
  return g_strdup_printf (_("%1$s, good for %2$s"), first_name (certificate), left);
}

static char *
make_end (ThCertificate *certificate)
{
  gint64 left = seconds_left (certificate);
  g_autoptr (GDateTime) end =
      g_date_time_new_from_unix_local (th_certificate_get_not_after (certificate));
  /* Translators: how to write a date such as "21 November 2026", for g_date_time_format() */
  g_autofree char *day = end ? g_date_time_format (end, _("%-d %B %Y")) : g_strdup ("?");
  g_autofree char *span = th_format_time_left (ABS (left));
  if (left < 0)
    /* Translators: %1$s is a date, %2$s a span of time */
    return g_strdup_printf (_("%1$s: it expired %2$s ago"), day, span);
  /* Translators: %1$s is a date, %2$s a span of time */
  return g_strdup_printf (_("%1$s: %2$s left"), day, span);
}

static char *
make_issuer (ThCertificateList *self, ThCertificate *certificate)
{
  switch (th_engine_get_certificate_origin (self->engine))
    {
    case TH_CERTIFICATE_MADE_HERE:
      return g_strdup (_("This relay made it, and nobody vouches for it. What is said is "
                         "encrypted, but apps cannot know to whom; browsers refuse it."));
    case TH_CERTIFICATE_OF_AUTHORITY:
    case TH_CERTIFICATE_OF_FILES:
    default:
      if (th_certificate_is_self_signed (certificate))
        return g_strdup (_("Signed by itself: apps take it only where they are told to"));
      return g_strdup (th_certificate_get_issuer (certificate));
    }
}

static void
show_facts (ThCertificateList *self, ThCertificate *certificate)
{
  g_autofree char *names =
      g_strjoinv (", ", (char **) th_certificate_get_names (certificate));
  g_autofree char *issuer = make_issuer (self, certificate);
  g_autofree char *end = make_end (certificate);
  adw_action_row_set_subtitle (self->names, names);
  adw_action_row_set_subtitle (self->issuer, issuer);
  adw_action_row_set_subtitle (self->end, end);
  th_copy_row_set_text (self->fingerprint, th_certificate_get_fingerprint (certificate));
}

/* What can be done: one of fetching and renewing, and files in place of either. */
static void
show_ways (ThCertificateList *self)
{
  ThSettings *settings = th_engine_get_settings (self->engine);
  ThAcme *acme = th_engine_get_acme (self->engine);
  const char *path = th_settings_get_string (settings, TH_SETTING_TLS_CERTIFICATE);
  gboolean on = th_acme_is_on (acme);
  gboolean busy = th_acme_is_busy (acme);
  g_autofree char *uacme = th_acme_client_find ();

  gtk_widget_set_visible (GTK_WIDGET (self->automatic), !on && uacme);
  gtk_widget_set_visible (GTK_WIDGET (self->renewal), on);
  gtk_widget_set_visible (GTK_WIDGET (self->files), !on);
  adw_action_row_set_subtitle (self->automatic,
                               _("From Let’s Encrypt or another authority, and renewed in time"));
  adw_action_row_set_subtitle (
      self->renewal, busy ? _("The authority is being asked") : _("A month before it ends"));
  adw_action_row_set_subtitle (self->files,
                               *path ? path : _("A certificate and its key, as PEM files"));
  gtk_widget_set_visible (self->renew_button, !busy);
}

static void
show (ThCertificateList *self)
{
  ThCertificate *certificate =
      th_certificate_store_get_certificate (th_engine_get_certificate_store (self->engine));
  g_autofree char *summary = make_summary (certificate);
  GtkWidget *facts[] = { GTK_WIDGET (self->names), GTK_WIDGET (self->issuer),
                         GTK_WIDGET (self->end), GTK_WIDGET (self->fingerprint) };

  adw_expander_row_set_subtitle (self->expander, summary);
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    gtk_widget_set_visible (facts[i], certificate != NULL);
  if (certificate)
    show_facts (self, certificate);
  show_ways (self);
}

static void
on_renew_button_clicked (ThCertificateList *self)
{
  th_acme_renew (th_engine_get_acme (self->engine), NULL);
}

static void
th_certificate_list_dispose (GObject *object)
{
  g_clear_object (&TH_CERTIFICATE_LIST (object)->engine);
  G_OBJECT_CLASS (th_certificate_list_parent_class)->dispose (object);
}

static void
th_certificate_list_class_init (ThCertificateListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_certificate_list_dispose;
  g_type_ensure (TH_TYPE_COPY_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/certificate-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ThCertificateList, expander);
  gtk_widget_class_bind_template_child (widget_class, ThCertificateList, names);
  gtk_widget_class_bind_template_child (widget_class, ThCertificateList, issuer);
  gtk_widget_class_bind_template_child (widget_class, ThCertificateList, end);
  gtk_widget_class_bind_template_child (widget_class, ThCertificateList, fingerprint);
  gtk_widget_class_bind_template_child (widget_class, ThCertificateList, automatic);
  gtk_widget_class_bind_template_child (widget_class, ThCertificateList, renewal);
  gtk_widget_class_bind_template_child (widget_class, ThCertificateList, files);
  gtk_widget_class_bind_template_child (widget_class, ThCertificateList, renew_button);
  gtk_widget_class_bind_template_callback (widget_class, on_renew_button_clicked);
}

static void
th_certificate_list_init (ThCertificateList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_certificate_list_set_engine (ThCertificateList *self, ThEngine *engine)
{
  g_return_if_fail (TH_IS_CERTIFICATE_LIST (self) && !self->engine);
  ThAcme *acme = th_engine_get_acme (engine);

  self->engine = g_object_ref (engine);
  g_signal_connect_object (th_engine_get_certificate_store (engine), "changed", G_CALLBACK (show),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (acme, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (acme, "notify::busy", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
}
