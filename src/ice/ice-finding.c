/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings, and the walk through the table of rules: what several paths have in common becomes one
 * finding with several pieces of evidence.
 */
#include "ice/ice-finding.h"

#include <glib/gi18n.h>

#include "ice/ice-remedy.h"
#include "ice/ice-rules.h"

#define EVIDENCE_MAX 4 /* lines; the report has all */

struct _ThIceFinding {
  GObject parent_instance;
  const ThIceRule *rule;
  ThIceSeverity severity;
  char *evidence;
  const char *cause; /* translated, not owned, as is remedy */
  const char *remedy;
};

G_DEFINE_FINAL_TYPE (ThIceFinding, th_ice_finding, G_TYPE_OBJECT)

enum {
  PROP_ID = 1,
  PROP_SEVERITY,
  PROP_WHAT,
  PROP_EVIDENCE,
  PROP_CAUSE,
  PROP_REMEDY,
  PROP_ACTION,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
th_ice_finding_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThIceFinding *self = TH_ICE_FINDING (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_string (value, th_ice_finding_get_id (self));
      break;
    case PROP_SEVERITY:
      g_value_set_uint (value, self->severity);
      break;
    case PROP_WHAT:
      g_value_set_string (value, th_ice_finding_get_what (self));
      break;
    case PROP_EVIDENCE:
      g_value_set_string (value, self->evidence);
      break;
    case PROP_CAUSE:
      g_value_set_string (value, th_ice_finding_get_cause (self));
      break;
    case PROP_REMEDY:
      g_value_set_string (value, th_ice_finding_get_remedy (self));
      break;
    case PROP_ACTION:
      g_value_set_string (value, th_ice_finding_get_action (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_ice_finding_finalize (GObject *object)
{
  g_free (TH_ICE_FINDING (object)->evidence);
  G_OBJECT_CLASS (th_ice_finding_parent_class)->finalize (object);
}

static void
th_ice_finding_class_init (ThIceFindingClass *class)
{
  static const char *const texts[] = {
    [PROP_ID] = "id",       [PROP_WHAT] = "what",     [PROP_EVIDENCE] = "evidence",
    [PROP_CAUSE] = "cause", [PROP_REMEDY] = "remedy", [PROP_ACTION] = "action",
  };
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_ice_finding_get_property;
  object_class->finalize = th_ice_finding_finalize;
  for (guint i = PROP_ID; i < N_PROPERTIES; i++)
    {
      if (texts[i] != NULL)
        properties[i] = g_param_spec_string (texts[i], NULL, NULL, NULL, flags);
    }
  properties[PROP_SEVERITY] =
      g_param_spec_uint ("severity", NULL, NULL, 0, TH_ICE_PROBLEM, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_ice_finding_init (ThIceFinding *self)
{
}

static ThIceFinding *
finding_new (const ThIceRule *rule, ThIceSeverity severity, const char *evidence)
{
  ThIceFinding *self = g_object_new (TH_TYPE_ICE_FINDING, NULL);

  self->rule = rule;
  self->severity = severity;
  self->evidence = g_strdup (evidence);
  self->cause = rule->cause != NULL ? _(rule->cause) : "";
  self->remedy = rule->remedy != NULL ? _(rule->remedy) : "";
  return self;
}

/* "turn:192.0.2.1:3478?transport=udp (IPv4)" */
static char *
name_path (const ThIcePathFacts *path)
{
  return g_strdup_printf ("%s (%s)", path->server->url,
                          path->family == TH_STUN_FAMILY_IPV6 ? "IPv6" : "IPv4");
}

static void
add_evidence (GString *lines, guint n, const ThIcePathFacts *path, const char *detail)
{
  g_autofree char *name = name_path (path);

  if (n == EVIDENCE_MAX)
    g_string_append (lines, "\n…");
  if (n >= EVIDENCE_MAX)
    return;
  g_string_append_printf (lines, "%s%s%s%s", n > 0 ? "\n" : "", name, *detail != '\0' ? ": " : "",
                          detail);
}

/* A rule without words of its own has those of the stage that failed. */
static void
take_words_of_stage (ThIceFinding *finding, const ThIcePathFacts *path)
{
  ThIceStageKind kind;
  const ThIceStageFacts *failure = th_ice_path_facts_failure (path, &kind);

  if (finding->rule->cause != NULL || failure == NULL)
    return;
  finding->cause = th_ice_reason (kind, failure->error, failure->stun_code);
  finding->remedy = th_ice_remedy (kind, failure->error, failure->stun_code);
}

/* While one path to a relay works, what is wrong with another is not the end of all calls. */
static ThIceSeverity
weigh (const ThIceRule *rule, const ThIceFacts *facts, const ThIcePathFacts *path)
{
  if (rule->severity == TH_ICE_PROBLEM && !th_ice_path_facts_well (path) &&
      (path->server->kind == TH_ICE_STUN || th_ice_facts_relay_works (facts, -1)))
    return TH_ICE_WARNING;
  return rule->severity;
}

static ThIceFinding *
apply_path_rule (const ThIceRule *rule, const ThIceFacts *facts)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  ThIceFinding *finding = NULL;
  guint n = 0;

  for (guint i = 0; i < facts->paths->len; i++)
    {
      const ThIcePathFacts *path = g_ptr_array_index (facts->paths, i);
      g_autoptr (GString) detail = g_string_new (NULL);
      ThIceSeverity severity = weigh (rule, facts, path);

      if (!rule->path (facts, path, detail))
        continue;
      if (finding == NULL)
        {
          finding = finding_new (rule, severity, "");
          take_words_of_stage (finding, path);
        }
      finding->severity = MAX (finding->severity, severity);
      add_evidence (lines, n++, path, detail->str);
    }
  if (finding != NULL)
    {
      g_free (finding->evidence);
      finding->evidence = g_strdup (lines->str);
    }
  return finding;
}

static ThIceFinding *
apply_run_rule (const ThIceRule *rule, const ThIceFacts *facts)
{
  g_autoptr (GString) evidence = g_string_new (NULL);

  return rule->run (facts, evidence) ? finding_new (rule, rule->severity, evidence->str) : NULL;
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const ThIceFinding *first = a, *second = b;

  return (int) second->severity - (int) first->severity;
}

static void
insert (GListStore *findings, ThIceFinding *finding)
{
  if (finding == NULL)
    return;
  g_list_store_insert_sorted (findings, finding, compare, NULL);
  g_object_unref (finding);
}

GListStore *
th_ice_findings_new (const ThIceFacts *facts)
{
  GListStore *findings = g_list_store_new (TH_TYPE_ICE_FINDING);

  for (gsize i = 0; i < th_ice_n_path_rules; i++)
    insert (findings, apply_path_rule (&th_ice_path_rules[i], facts));
  for (gsize i = 0; i < th_ice_n_run_rules; i++)
    insert (findings, apply_run_rule (&th_ice_run_rules[i], facts));
  return findings;
}

const char *
th_ice_finding_get_id (ThIceFinding *self)
{
  return self->rule->id;
}

ThIceSeverity
th_ice_finding_get_severity (ThIceFinding *self)
{
  return self->severity;
}

const char *
th_ice_finding_get_what (ThIceFinding *self)
{
  return _(self->rule->what);
}

const char *
th_ice_finding_get_evidence (ThIceFinding *self)
{
  return self->evidence;
}

const char *
th_ice_finding_get_cause (ThIceFinding *self)
{
  return self->cause;
}

const char *
th_ice_finding_get_remedy (ThIceFinding *self)
{
  return self->remedy;
}

const char *
th_ice_finding_get_action (ThIceFinding *self)
{
  return self->rule->action;
}
