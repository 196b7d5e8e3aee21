/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text format of Prometheus.
 */
#include "endpoint/exposition.h"

struct _ThExposition {
  GString *text;
  const char *family;
};

static const char *const type_names[] = {
  [TH_METRIC_COUNTER] = "counter",
  [TH_METRIC_GAUGE] = "gauge",
  [TH_METRIC_UNTYPED] = "untyped",
};

static void
append_escaped (GString *text, const char *value)
{
  for (; *value != '\0'; value++)
    {
      if (*value == '\n')
        g_string_append (text, "\\n");
      else if (*value == '"' || *value == '\\')
        g_string_append_printf (text, "\\%c", *value);
      else
        g_string_append_c (text, *value);
    }
}

static void
append_labels (GString *text, va_list labels)
{
  const char *separator = "{";
  const char *label;

  while ((label = va_arg (labels, const char *)) != NULL)
    {
      g_string_append_printf (text, "%s%s=\"", separator, label);
      append_escaped (text, va_arg (labels, const char *));
      g_string_append_c (text, '"');
      separator = ",";
    }
  if (*separator == ',')
    g_string_append_c (text, '}');
}

ThExposition *
th_exposition_new (void)
{
  ThExposition *self = g_new0 (ThExposition, 1);

  self->text = g_string_sized_new (8192);
  return self;
}

void
th_exposition_free (ThExposition *self)
{
  if (self == NULL)
    return;
  g_string_free (self->text, TRUE);
  g_free (self);
}

void
th_exposition_family (ThExposition *self, const char *name, ThMetricType type, const char *help)
{
  self->family = name;
  g_string_append_printf (self->text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
                          type_names[type]);
}

void
th_exposition_add (ThExposition *self, double value, ...)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  va_list labels;

  g_string_append (self->text, self->family);
  va_start (labels, value);
  append_labels (self->text, labels);
  va_end (labels);
  g_ascii_formatd (number, sizeof number, "%.17g", value);
  g_string_append_printf (self->text, " %s\n", number);
}

void
th_exposition_single (ThExposition *self,
                      const char *name,
                      ThMetricType type,
                      const char *help,
                      double value)
{
  th_exposition_family (self, name, type, help);
  th_exposition_add (self, value, NULL);
}

char *
th_exposition_dup_text (const ThExposition *self)
{
  return g_strdup (self->text->str);
}
