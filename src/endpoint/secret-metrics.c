/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each family once for shared secrets and once for API secrets.
 */
#include "endpoint/secret-metrics.h"

static double
get_age (const ThSecretFacts *facts)
{
  return (double) facts->age;
}

static double
get_rotations (const ThSecretFacts *facts)
{
  return (double) facts->rotations;
}

static double
get_old_sessions (const ThSecretFacts *facts)
{
  return facts->old_sessions;
}

static double
get_apps_behind (const ThSecretFacts *facts)
{
  return facts->apps_behind;
}

void
th_secret_metrics_add (ThExposition *exposition,
                       const ThEndpointBackend *backend,
                       gpointer backend_data)
{
  const struct {
    const char *name;
    ThMetricType type;
    const char *help;
    double (*get) (const ThSecretFacts *);
  } rows[] = {
    { "turnhouse_secret_age_seconds", TH_METRIC_GAUGE, "Age of the current secret.", get_age },
    { "turnhouse_rotations_total", TH_METRIC_COUNTER, "Rotations of the secret.", get_rotations },
    { "turnhouse_old_secret_sessions", TH_METRIC_GAUGE,
      "Sessions now that were opened with a former secret.", get_old_sessions },
    { "turnhouse_apps_behind", TH_METRIC_GAUGE,
      "Apps that were last given a credential made from a former secret.", get_apps_behind },
  };
  ThSecretFacts facts[TH_RING_N_KINDS];

  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    backend->get_secret_facts (backend_data, kind, &facts[kind]);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      th_exposition_family (exposition, rows[i].name, rows[i].type, rows[i].help);
      th_exposition_add (exposition, rows[i].get (&facts[TH_RING_SECRET]), "kind", "secret", NULL);
      th_exposition_add (exposition, rows[i].get (&facts[TH_RING_API]), "kind", "api", NULL);
    }
}
