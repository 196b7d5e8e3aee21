/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceRun: what is kept of an ICE test that came to its end: enough to tell two of them apart,
 * and nothing secret. Never changes once made.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-test.h"

G_BEGIN_DECLS

/* As many paths, and as many findings, as are kept of a run. */
#define TH_ICE_RUN_ROWS_MAX 64

/* Bytes of a text; what is longer is kept in part. */
#define TH_ICE_RUN_TEXT_MAX 512

typedef enum {
  TH_ICE_RUN_WELL,
  TH_ICE_RUN_FAILED,
  TH_ICE_RUN_SKIPPED, /* there was nothing to be tried: no address of that family */
} ThIceRunOutcome;

/* A path; what two runs have in common is told by URL and family. */
typedef struct {
  char *url;
  gboolean ipv6;
  ThIceRunOutcome outcome;
  ThIceStageKind stage; /* where it failed */
  gint64 round_trip;    /* microseconds through the relay and back; 0: not known */
} ThIceRunPath;

/* A finding; the same one has the same id in every run. */
typedef struct {
  char *id;
  ThIceSeverity severity;
  char *what; /* in the language of the time */
} ThIceRunFinding;

/* Texts are copied. */
typedef struct {
  gint64 time;        /* seconds since 1970, UTC: when it began */
  gint64 took;        /* microseconds */
  gboolean own_relay; /* else other servers */
  gboolean scheduled; /* nobody asked for it */
  gboolean relay_only;
  ThIceVerdict verdict;
  const char *headline;
  ThAddress mapped;   /* ours, as servers saw it; unset where unknown; the port says nothing */
  gint64 round_trip;  /* of the call, in the median, in microseconds; 0: not measured */
  guint loss;         /* of a million packets of the call */
} ThIceRunValues;

#define TH_TYPE_ICE_RUN (th_ice_run_get_type ())
G_DECLARE_FINAL_TYPE (ThIceRun, th_ice_run, TH, ICE_RUN, GObject)

ThIceRun *th_ice_run_new (const ThIceRunValues *values);

/* For who makes it; what is too much is left out. Texts are copied. */
void th_ice_run_add_path (ThIceRun *self, const ThIceRunPath *path);
void th_ice_run_add_finding (ThIceRun *self, const ThIceRunFinding *finding);

/* (transfer full) (nullable): NULL of a test that was stopped, or had nothing to test */
ThIceRun *th_ice_run_new_of_test (ThIceTest *test, gboolean own_relay, gboolean scheduled,
                                  gboolean relay_only);

/* (transfer none), as all of these */
const ThIceRunValues *th_ice_run_get_values (ThIceRun *self);
/* (element-type ThIceRunPath) */
const GPtrArray *th_ice_run_get_paths (ThIceRun *self);
/* (element-type ThIceRunFinding): worst first */
const GPtrArray *th_ice_run_get_findings (ThIceRun *self);

/* (nullable): the path of the same URL and family */
const ThIceRunPath *th_ice_run_find_path (ThIceRun *self, const ThIceRunPath *like);
/* (nullable) */
const ThIceRunFinding *th_ice_run_find_finding (ThIceRun *self, const char *id);

/* Whether both say the same: verdict, findings, and what became of each path; times may differ. */
gboolean th_ice_run_says_the_same (ThIceRun *self, ThIceRun *other);

/* Whether a text may stand in a run: UTF-8 without control characters, not too long. */
gboolean th_ice_run_is_text (const char *text);

G_END_DECLS
