/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCopyRow: while a secret is hidden it is in no label, so that neither the screen nor assistive
 * technology has it. The window's action "win.copy" does the copying and says so.
 */
#include "panel/widgets/copy-row.h"

#include <glib/gi18n.h>

#include "credentials/secret.h"
#include "panel/widgets/qr-code.h"

/* As many for every secret, so that they do not tell how long it is. */
#define DOTS "••••••••••••••••••••••••"

struct _ThCopyRow {
  AdwPreferencesRow parent_instance;
  GtkLabel *label;
  GtkToggleButton *reveal_button;
  GtkButton *copy_button;
  GtkMenuButton *qr_button;
  ThQrCode *qr_code;
  char *text; /* may be a secret */
  char *copy_label;
  char *reveal_label; /* nullable */
  char *qr_label;     /* nullable */
  char *caption;      /* nullable */
};

G_DEFINE_FINAL_TYPE (ThCopyRow, th_copy_row, ADW_TYPE_PREFERENCES_ROW)

enum {
  PROP_0,
  PROP_COPY_LABEL,
  PROP_REVEAL_LABEL,
  PROP_QR_LABEL,
  PROP_CAPTION,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

static void
show_caption (ThCopyRow *self)
{
  gtk_label_set_label (self->label, self->caption);
  gtk_widget_set_css_classes (GTK_WIDGET (self->label),
                              (const char *[]){ "subtitle", NULL });
}

static void
show_text (ThCopyRow *self)
{
  gboolean hidden = self->reveal_label && !gtk_toggle_button_get_active (self->reveal_button);
  const char *text = self->text ? self->text : "";
  if (self->caption)
    {
      show_caption (self);
      return;
    }
  gtk_label_set_label (self->label, hidden ? DOTS : text);
  gtk_label_set_selectable (self->label, self->reveal_label && !hidden);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  hidden ? _("Hidden") : text, -1);
  gtk_button_set_icon_name (GTK_BUTTON (self->reveal_button),
                            hidden ? "view-reveal-symbolic" : "view-conceal-symbolic");
}

/* Where the program was built without QR codes, there is no button. */
static void
update_qr_code (ThCopyRow *self)
{
  gboolean shown = self->qr_label && th_qr_code_set_text (self->qr_code, self->text);
  gtk_widget_set_visible (GTK_WIDGET (self->qr_button), shown);
}

static void
set_button_label (gpointer button, const char *label)
{
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
on_copy_button_clicked (ThCopyRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.copy", "s", self->text);
}

static void
on_title_changed (ThCopyRow *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), -1);
}

static void
th_copy_row_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (th_copy_row_parent_class)->unmap (widget);
  gtk_toggle_button_set_active (TH_COPY_ROW (widget)->reveal_button, FALSE);
}

static void
th_copy_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThCopyRow *self = TH_COPY_ROW (object);
  switch (id)
    {
    case PROP_COPY_LABEL:
      g_value_set_string (value, self->copy_label);
      break;
    case PROP_REVEAL_LABEL:
      g_value_set_string (value, self->reveal_label);
      break;
    case PROP_QR_LABEL:
      g_value_set_string (value, self->qr_label);
      break;
    case PROP_CAPTION:
      g_value_set_string (value, self->caption);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_copy_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ThCopyRow *self = TH_COPY_ROW (object);
  switch (id)
    {
    case PROP_COPY_LABEL:
      g_free (self->copy_label);
      self->copy_label = g_value_dup_string (value);
      set_button_label (self->copy_button, self->copy_label);
      break;
    case PROP_REVEAL_LABEL:
      g_free (self->reveal_label);
      self->reveal_label = g_value_dup_string (value);
      set_button_label (self->reveal_button, self->reveal_label);
      gtk_widget_set_visible (GTK_WIDGET (self->reveal_button), self->reveal_label != NULL);
      show_text (self);
      break;
    case PROP_QR_LABEL:
      g_free (self->qr_label);
      self->qr_label = g_value_dup_string (value);
      set_button_label (self->qr_button, self->qr_label);
      update_qr_code (self);
      break;
    case PROP_CAPTION:
      g_free (self->caption);
      self->caption = g_value_dup_string (value);
      show_text (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_copy_row_finalize (GObject *object)
{
  ThCopyRow *self = TH_COPY_ROW (object);
  g_clear_pointer (&self->text, th_secret_free);
  g_free (self->copy_label);
  g_free (self->reveal_label);
  g_free (self->qr_label);
  g_free (self->caption);
  G_OBJECT_CLASS (th_copy_row_parent_class)->finalize (object);
}

static void
th_copy_row_class_init (ThCopyRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_copy_row_get_property;
  object_class->set_property = th_copy_row_set_property;
  object_class->finalize = th_copy_row_finalize;
  widget_class->unmap = th_copy_row_unmap;
  properties[PROP_COPY_LABEL] = g_param_spec_string ("copy-label", NULL, NULL, NULL, flags);
  properties[PROP_REVEAL_LABEL] = g_param_spec_string ("reveal-label", NULL, NULL, NULL, flags);
  properties[PROP_QR_LABEL] = g_param_spec_string ("qr-label", NULL, NULL, NULL, flags);
  properties[PROP_CAPTION] = g_param_spec_string ("caption", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  g_type_ensure (TH_TYPE_QR_CODE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/copy-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThCopyRow, label);
  gtk_widget_class_bind_template_child (widget_class, ThCopyRow, reveal_button);
  gtk_widget_class_bind_template_child (widget_class, ThCopyRow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, ThCopyRow, qr_button);
  gtk_widget_class_bind_template_child (widget_class, ThCopyRow, qr_code);
  gtk_widget_class_bind_template_callback (widget_class, show_text);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_button_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_title_changed);
}

static void
th_copy_row_init (ThCopyRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_copy_row_set_text (ThCopyRow *self, const char *text)
{
  g_return_if_fail (TH_IS_COPY_ROW (self) && text);
  if (g_strcmp0 (self->text, text) == 0)
    return;
  th_secret_free (self->text);
  self->text = g_strdup (text);
  update_qr_code (self);
  gtk_toggle_button_set_active (self->reveal_button, FALSE);
  show_text (self);
}
