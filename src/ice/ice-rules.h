/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of rules: each looks at the facts of a test for one thing, and says in words what that
 * means. Of one kind are rules about a path, which are asked for every path; the others look at the
 * whole. Any thread may call.
 */
#pragma once

#include "ice/ice-facts.h"
#include "ice/ice-finding.h"

G_BEGIN_DECLS

typedef struct {
  const char *id;
  ThIceSeverity severity; /* of a path's problem, while no other path to a relay works */
  const char *what;       /* marked for translation, as are cause and remedy */
  const char *cause;      /* %NULL, with remedy: as the stage has them (ice-remedy.h) */
  const char *remedy;
  const char *action; /* nullable */
  /* one of the two; @evidence: (inout): what to add */
  gboolean (*path) (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence);
  gboolean (*run) (const ThIceFacts *facts, GString *evidence);
} ThIceRule;

extern const ThIceRule th_ice_path_rules[];
extern const gsize th_ice_n_path_rules;
extern const ThIceRule th_ice_run_rules[];
extern const gsize th_ice_n_run_rules;

/* (nullable): the stage of @path that failed */
const ThIceStageFacts *th_ice_path_facts_failure (const ThIcePathFacts *path, ThIceStageKind *kind);

/* Whether all stages passed that apply to @path. */
gboolean th_ice_path_facts_well (const ThIcePathFacts *path);

/* Whether a path to a relay goes all the way; @transport: of these alone, or -1 for any. */
gboolean th_ice_facts_relay_works (const ThIceFacts *facts, int transport);

/* Whether hosts of the public internet have such addresses. */
gboolean th_ice_address_is_public (const ThAddress *address);

/* Static: "a private network address". */
const char *th_ice_address_kind (const ThAddress *address);

G_END_DECLS
