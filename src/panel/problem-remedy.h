/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRemedy: the one thing a person can do about a problem with a click: what the engine offers by
 * itself, or the place in the window where it is mended.
 */
#pragma once

#include "app/engine.h"
#include "settings/table.h"

G_BEGIN_DECLS

typedef enum {
  TH_REMEDY_PORT,    /* th_engine_resolve_problem(): another port */
  TH_REMEDY_RESTART, /* th_engine_restart(): what was in the way may be gone */
  TH_REMEDY_REREAD,  /* th_engine_reread(): what it needs may be there now; ends no call */
  TH_REMEDY_SETTING, /* to be shown in the preferences */
  TH_REMEDY_PLAN,    /* of the month's traffic, to be shown */
  TH_REMEDY_COMMAND, /* to be copied, for a terminal */
} ThRemedyKind;

typedef struct {
  ThRemedyKind kind;
  char *label;       /* of its button, translated */
  gboolean ends_calls;
  ThSetting setting; /* of TH_REMEDY_SETTING */
  char *command;     /* of TH_REMEDY_COMMAND, else NULL */
} ThRemedy;

/* Returns: (transfer full): never NULL */
ThRemedy *th_remedy_new (ThProblem *problem);
void th_remedy_free (ThRemedy *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThRemedy, th_remedy_free)

/* Whether it takes no more than a click, wherever that is: no place in the window, no call that ends. */
gboolean th_remedy_is_quiet (const ThRemedy *self);

/* Does what needs no place in the window; calls may end by it.
 *
 * Returns: FALSE if there is such a place, and nothing was done */
gboolean th_remedy_apply (const ThRemedy *self, ThEngine *engine, ThProblem *problem);

G_END_DECLS
