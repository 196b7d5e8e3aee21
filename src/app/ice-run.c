/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is kept of a test, and taking it from one.
 */
#include "app/ice-run.h"

#include <string.h>

#define MILLION 1000000

struct _ThIceRun {
  GObject parent_instance;
  ThIceRunValues values; /* its text is owned */
  GPtrArray *paths;
  GPtrArray *findings;
};

G_DEFINE_FINAL_TYPE (ThIceRun, th_ice_run, G_TYPE_OBJECT)

static void
path_free (gpointer data)
{
  ThIceRunPath *path = data;

  g_free (path->url);
  g_free (path);
}

static void
finding_free (gpointer data)
{
  ThIceRunFinding *finding = data;

  g_free (finding->id);
  g_free (finding->what);
  g_free (finding);
}

/* (transfer full): what of @text may stand in a run */
static char *
make_fit (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *fit = g_string_new (NULL);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);
      gsize length = (gsize) (g_utf8_next_char (c) - c);

      if (fit->len + length > TH_ICE_RUN_TEXT_MAX)
        break;
      g_string_append_unichar (fit, g_unichar_iscntrl (character) ? ' ' : character);
    }
  return g_string_free (fit, FALSE);
}

static void
add_test_path (ThIceRun *self, ThIcePath *path)
{
  ThIceStage *failure = th_ice_path_get_failure (path);
  ThIceRunPath row = {
    .url = th_ice_path_get_server (path)->url,
    .ipv6 = th_ice_path_get_family (path) == TH_STUN_FAMILY_IPV6,
    .outcome = TH_ICE_RUN_SKIPPED,
    .round_trip = th_ice_path_get_round_trip (path),
  };

  if (failure != NULL)
    {
      row.outcome = TH_ICE_RUN_FAILED;
      row.stage = th_ice_stage_get_kind (failure);
    }
  else if (th_ice_path_is_well (path))
    row.outcome = TH_ICE_RUN_WELL;
  th_ice_run_add_path (self, &row);
}

static void
add_test_finding (ThIceRun *self, ThIceFinding *finding)
{
  ThIceRunFinding row = {
    .id = (char *) th_ice_finding_get_id (finding),
    .severity = th_ice_finding_get_severity (finding),
    .what = (char *) th_ice_finding_get_what (finding),
  };

  th_ice_run_add_finding (self, &row);
}

static void
th_ice_run_finalize (GObject *object)
{
  ThIceRun *self = TH_ICE_RUN (object);

  g_free ((char *) self->values.headline);
  g_ptr_array_unref (self->paths);
  g_ptr_array_unref (self->findings);
  G_OBJECT_CLASS (th_ice_run_parent_class)->finalize (object);
}

static void
th_ice_run_class_init (ThIceRunClass *class)
{
  G_OBJECT_CLASS (class)->finalize = th_ice_run_finalize;
}

static void
th_ice_run_init (ThIceRun *self)
{
  self->paths = g_ptr_array_new_with_free_func (path_free);
  self->findings = g_ptr_array_new_with_free_func (finding_free);
}

ThIceRun *
th_ice_run_new (const ThIceRunValues *values)
{
  ThIceRun *self = g_object_new (TH_TYPE_ICE_RUN, NULL);

  self->values = *values;
  self->values.headline = make_fit (values->headline);
  return self;
}

void
th_ice_run_add_path (ThIceRun *self, const ThIceRunPath *path)
{
  ThIceRunPath *row;

  if (self->paths->len == TH_ICE_RUN_ROWS_MAX)
    return;
  row = g_new (ThIceRunPath, 1);
  *row = *path;
  row->url = make_fit (path->url);
  g_ptr_array_add (self->paths, row);
}

void
th_ice_run_add_finding (ThIceRun *self, const ThIceRunFinding *finding)
{
  ThIceRunFinding *row;

  if (self->findings->len == TH_ICE_RUN_ROWS_MAX)
    return;
  row = g_new (ThIceRunFinding, 1);
  *row = *finding;
  row->id = make_fit (finding->id);
  row->what = make_fit (finding->what);
  g_ptr_array_add (self->findings, row);
}

ThIceRun *
th_ice_run_new_of_test (ThIceTest *test,
                        gboolean own_relay,
                        gboolean scheduled,
                        gboolean relay_only)
{
  GListModel *paths = th_ice_test_get_paths (test);
  GListModel *findings = th_ice_test_get_findings (test);
  ThIceRunValues values = {
    .time = th_ice_test_get_started_at (test),
    .took = th_ice_test_get_took (test),
    .own_relay = own_relay,
    .scheduled = scheduled,
    .relay_only = relay_only,
    .verdict = th_ice_test_get_verdict (test),
    .headline = th_ice_test_get_headline (test),
  };
  ThIceFigures figures;
  ThIceRun *self;

  if (values.verdict == TH_ICE_VERDICT_NONE || th_ice_test_get_error (test) != NULL)
    return NULL;
  th_ice_test_get_mapped (test, &values.mapped);
  if (th_ice_test_get_figures (test, &figures))
    {
      values.round_trip = MAX (figures.rtt_p50, 0);
      values.loss = (guint) (CLAMP (figures.loss, 0, 1) * MILLION);
    }
  self = th_ice_run_new (&values);
  for (guint i = 0; i < g_list_model_get_n_items (paths); i++)
    {
      g_autoptr (ThIcePath) path = g_list_model_get_item (paths, i);

      add_test_path (self, path);
    }
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ThIceFinding) finding = g_list_model_get_item (findings, i);

      add_test_finding (self, finding);
    }
  return self;
}

const ThIceRunValues *
th_ice_run_get_values (ThIceRun *self)
{
  return &self->values;
}

const GPtrArray *
th_ice_run_get_paths (ThIceRun *self)
{
  return self->paths;
}

const GPtrArray *
th_ice_run_get_findings (ThIceRun *self)
{
  return self->findings;
}

const ThIceRunPath *
th_ice_run_find_path (ThIceRun *self, const ThIceRunPath *like)
{
  for (guint i = 0; i < self->paths->len; i++)
    {
      const ThIceRunPath *path = g_ptr_array_index (self->paths, i);

      if (path->ipv6 == like->ipv6 && g_str_equal (path->url, like->url))
        return path;
    }
  return NULL;
}

const ThIceRunFinding *
th_ice_run_find_finding (ThIceRun *self, const char *id)
{
  for (guint i = 0; i < self->findings->len; i++)
    {
      const ThIceRunFinding *finding = g_ptr_array_index (self->findings, i);

      if (g_str_equal (finding->id, id))
        return finding;
    }
  return NULL;
}

/* Whether all that @self has is in @other too. */
static gboolean
is_part_of (ThIceRun *self, ThIceRun *other)
{
  for (guint i = 0; i < self->paths->len; i++)
    {
      const ThIceRunPath *path = g_ptr_array_index (self->paths, i);
      const ThIceRunPath *its = th_ice_run_find_path (other, path);

      if (its == NULL || its->outcome != path->outcome ||
          (path->outcome == TH_ICE_RUN_FAILED && its->stage != path->stage))
        return FALSE;
    }
  for (guint i = 0; i < self->findings->len; i++)
    {
      const ThIceRunFinding *finding = g_ptr_array_index (self->findings, i);

      if (th_ice_run_find_finding (other, finding->id) == NULL)
        return FALSE;
    }
  return TRUE;
}

gboolean
th_ice_run_says_the_same (ThIceRun *self, ThIceRun *other)
{
  return self->values.verdict == other->values.verdict && is_part_of (self, other) &&
         is_part_of (other, self);
}

gboolean
th_ice_run_is_text (const char *text)
{
  if (strlen (text) > TH_ICE_RUN_TEXT_MAX || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      if (g_unichar_iscntrl (g_utf8_get_char (c)))
        return FALSE;
    }
  return TRUE;
}
