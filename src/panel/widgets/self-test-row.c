/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSelfTestRow: looks for the last test of this relay.
 */
#include "panel/widgets/self-test-row.h"

#include <glib/gi18n.h>

#include "panel/format.h"
#include "panel/self-test-text.h"
#include "panel/verdict-look.h"

struct _ThSelfTestRow {
  AdwActionRow parent_instance;
  GtkImage *icon;
};

G_DEFINE_FINAL_TYPE (ThSelfTestRow, th_self_test_row, ADW_TYPE_ACTION_ROW)

/* "12 minutes ago · Calls will work from outside" */
static char *
describe (ThIceRun *run, gint64 time)
{
  g_autofree char *ago = th_format_ago (MAX (g_get_real_time () / G_USEC_PER_SEC - time, 0));
  g_autofree char *text = th_self_test_describe (run);

  return g_strdup_printf ("%s · %s", ago, text);
}

static const char *
describe_none (ThIceRuns *runs)
{
  return th_ice_runs_get_interval (runs) > 0 ? _("The first one comes soon") : _("None so far");
}

static void
th_self_test_row_class_init (ThSelfTestRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/self-test-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThSelfTestRow, icon);
}

static void
th_self_test_row_init (ThSelfTestRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_self_test_row_show (ThSelfTestRow *self, ThIceRuns *runs)
{
  g_autoptr (ThIceRun) run = th_ice_runs_find_last (runs);
  const ThIceRunValues *values = run ? th_ice_run_get_values (run) : NULL;
  const ThVerdictLook *look = th_verdict_look_get (run ? values->verdict : TH_ICE_VERDICT_NONE);
  g_autofree char *text = run ? describe (run, values->time) : g_strdup (describe_none (runs));
  g_autofree char *moment = run ? th_format_moment (values->time) : NULL;

  gtk_image_set_from_icon_name (self->icon, look->icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), (const char *[]){ look->style, NULL });
  if (g_strcmp0 (adw_action_row_get_subtitle (ADW_ACTION_ROW (self)), text) != 0)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), moment);
}
