/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which remedy goes with which kind of problem. A kind that is not listed is tried again.
 */
#include "panel/problem-remedy.h"

#include <glib/gi18n.h>

#include "app/loss-watch.h"

typedef struct {
  const char *id; /* of ThProblem */
  ThRemedyKind kind;
  const char *label;
  ThSetting setting;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "port-in-use", TH_REMEDY_RESTART, N_("Try Again"), 0 },
  { "port-forbidden", TH_REMEDY_SETTING, N_("Change Ports"), TH_SETTING_RELAY_EXTRA_UDP_PORTS },
  { "address-gone", TH_REMEDY_SETTING, N_("Change Addresses"), TH_SETTING_RELAY_LISTEN },
  { "external-address", TH_REMEDY_SETTING, N_("Change Address"),
    TH_SETTING_RELAY_EXTERNAL_ADDRESS },
  { "endpoint-port-in-use", TH_REMEDY_REREAD, N_("Try Again"), 0 },
  { "endpoint-port-forbidden", TH_REMEDY_SETTING, N_("Change Port"), TH_SETTING_ENDPOINT_PORT },
  { "endpoint-failed", TH_REMEDY_REREAD, N_("Try Again"), 0 },
  { "users", TH_REMEDY_REREAD, N_("Try Again"), 0 },
  { "certificate", TH_REMEDY_SETTING, N_("Change Files"), TH_SETTING_TLS_CERTIFICATE },
  { "certificate-expiry", TH_REMEDY_SETTING, N_("Change Files"), TH_SETTING_TLS_CERTIFICATE },
  { "packets-lost", TH_REMEDY_SETTING, N_("Change Threads"), TH_SETTING_RELAY_WORKERS },
  { "traffic-plan", TH_REMEDY_PLAN, N_("Change Plan"), 0 },
};
/* clang-format on */

static const Row otherwise = { NULL, TH_REMEDY_RESTART, N_("Try Again"), 0 };

static const Row *
find_row (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (g_str_equal (rows[i].id, id))
        return &rows[i];
    }
  return &otherwise;
}

/* Larger buffers are for the system's administrator to allow; no setting of ours does. */
static gboolean
needs_larger_buffers (const char *id)
{
  guint64 most = th_loss_read_rmem_max ();
  return g_str_equal (id, "packets-lost") && most > 0 && most < TH_RECEIVE_BUFFER_WANTED;
}

ThRemedy *
th_remedy_new (ThProblem *problem)
{
  const char *id = th_problem_get_id (problem);
  const char *offer = th_problem_get_action_label (problem);
  const Row *row = find_row (id);
  ThRemedy *self = g_new0 (ThRemedy, 1);

  self->kind = offer ? TH_REMEDY_PORT : row->kind;
  self->label = g_strdup (offer ? offer : _(row->label));
  self->setting = row->setting;
  self->ends_calls = self->kind == TH_REMEDY_RESTART ||
                     (self->kind == TH_REMEDY_PORT && !g_str_has_prefix (id, "endpoint-"));
  if (needs_larger_buffers (id))
    {
      self->kind = TH_REMEDY_COMMAND;
      g_free (self->label);
      self->label = g_strdup (_("Copy Command"));
      self->command =
          g_strdup_printf ("sudo sysctl -w net.core.rmem_max=%d", TH_RECEIVE_BUFFER_WANTED);
    }
  return self;
}

void
th_remedy_free (ThRemedy *self)
{
  g_free (self->label);
  g_free (self->command);
  g_free (self);
}

gboolean
th_remedy_is_quiet (const ThRemedy *self)
{
  return !self->ends_calls && (self->kind == TH_REMEDY_PORT || self->kind == TH_REMEDY_REREAD);
}

gboolean
th_remedy_apply (const ThRemedy *self, ThEngine *engine, ThProblem *problem)
{
  switch (self->kind)
    {
    case TH_REMEDY_PORT:
      th_engine_resolve_problem (engine, problem);
      return TRUE;
    case TH_REMEDY_RESTART:
      th_engine_restart (engine);
      return TRUE;
    case TH_REMEDY_REREAD:
      th_engine_reread (engine);
      return TRUE;
    default:
      return FALSE;
    }
}
