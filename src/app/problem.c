/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThProblem: an immutable object for list models.
 */
#include "app/problem.h"

struct _ThProblem {
  GObject parent_instance;
  char *id;
  ThSeverity severity;
  char *title;
  char *detail;
  char *action_label;
  guint value;
};

G_DEFINE_FINAL_TYPE (ThProblem, th_problem, G_TYPE_OBJECT)

enum {
  PROP_ID = 1,
  PROP_SEVERITY,
  PROP_TITLE,
  PROP_DETAIL,
  PROP_ACTION_LABEL,
  PROP_VALUE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
th_problem_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThProblem *self = TH_PROBLEM (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_SEVERITY:
      g_value_set_uint (value, self->severity);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    case PROP_ACTION_LABEL:
      g_value_set_string (value, self->action_label);
      break;
    case PROP_VALUE:
      g_value_set_uint (value, self->value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_problem_finalize (GObject *object)
{
  ThProblem *self = TH_PROBLEM (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->detail);
  g_free (self->action_label);
  G_OBJECT_CLASS (th_problem_parent_class)->finalize (object);
}

static void
th_problem_class_init (ThProblemClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_problem_get_property;
  object_class->finalize = th_problem_finalize;
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_SEVERITY] =
      g_param_spec_uint ("severity", NULL, NULL, 0, TH_SEVERITY_WARNING, 0, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  properties[PROP_ACTION_LABEL] = g_param_spec_string ("action-label", NULL, NULL, NULL, flags);
  properties[PROP_VALUE] = g_param_spec_uint ("value", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_problem_init (ThProblem *self)
{
}

ThProblem *
th_problem_new (const char *id,
                ThSeverity severity,
                const char *title,
                const char *detail,
                const char *action_label,
                guint value)
{
  ThProblem *self = g_object_new (TH_TYPE_PROBLEM, NULL);

  self->id = g_strdup (id);
  self->severity = severity;
  self->title = g_strdup (title);
  self->detail = g_strdup (detail);
  self->action_label = g_strdup (action_label);
  self->value = value;
  return self;
}

const char *
th_problem_get_id (ThProblem *self)
{
  return self->id;
}

ThSeverity
th_problem_get_severity (ThProblem *self)
{
  return self->severity;
}

const char *
th_problem_get_title (ThProblem *self)
{
  return self->title;
}

const char *
th_problem_get_detail (ThProblem *self)
{
  return self->detail;
}

const char *
th_problem_get_action_label (ThProblem *self)
{
  return self->action_label;
}

guint
th_problem_get_value (ThProblem *self)
{
  return self->value;
}
