/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceRuns: runs ICE tests, one at a time, of this relay or of other servers, and remembers how
 * they ended. Tests of this relay make their own credentials. Where somebody wants it, this relay
 * is also tested by a timer, quietly and beside those that people start. Main context only.
 */
#pragma once

#include "app/ice-run.h"

G_BEGIN_DECLS

typedef struct _ThEngine ThEngine;

/* Seconds between tests that nobody asks for. */
#define TH_ICE_RUNS_INTERVAL 3600

#define TH_TYPE_ICE_RUNS (th_ice_runs_get_type ())
G_DECLARE_FINAL_TYPE (ThIceRuns, th_ice_runs, TH, ICE_RUNS, GObject)

/*
 * Properties, which notify: "test" (ThIceTest, nullable): the last that somebody started, running
 * or not; "bad" (boolean): the last test by the timer went badly, and neither the relay nor the
 * timer was stopped since.
 */

/**
 * th_ice_runs_new:
 * @engine: (transfer none): not referenced: owns this
 * @directory: the state directory
 *
 * Reads what is remembered: blocks for a moment.
 */
ThIceRuns *th_ice_runs_new (ThEngine *engine, const char *directory);

/**
 * th_ice_runs_start:
 * @options: with text NULL, this relay is tested
 *
 * Ends a test that runs, and starts another.
 *
 * Returns: %FALSE if there is nothing to be tested: the relay does not run
 */
gboolean th_ice_runs_start (ThIceRuns *self, const ThIceTestOptions *options, GError **error);

/* What is stopped is not remembered. */
void th_ice_runs_stop (ThIceRuns *self);

/* While the relay runs, tests it every @seconds, the first time a little later; 0, as at first:
 * never. */
void th_ice_runs_set_interval (ThIceRuns *self, guint seconds);

/* Seconds; 0: never */
guint th_ice_runs_get_interval (ThIceRuns *self);

/* From now on, tests every TH_ICE_RUNS_INTERVAL where the setting ice-test/hourly says so. To be
 * called again where the settings were read again. @unasked: also where it is not given */
void th_ice_runs_follow_setting (ThIceRuns *self, gboolean unasked);

/* (transfer none) (nullable) */
ThIceTest *th_ice_runs_get_test (ThIceRuns *self);

/* (transfer none) (element-type ThIceRun): newest first; one by the timer that says the same as the
 * one before by the timer takes its place */
GListModel *th_ice_runs_get_history (ThIceRuns *self);

gboolean th_ice_runs_is_bad (ThIceRuns *self);

/* (transfer full) (nullable): the last test of this relay, whoever asked for it; not one that had
 * nothing to try, which says nothing of it */
ThIceRun *th_ice_runs_find_last (ThIceRuns *self);

/* Whether @user, as sessions tell it, is who the last test by the timer went by. */
gboolean th_ice_runs_made_user (ThIceRuns *self, const char *user);

/* Forgets all that is remembered. */
void th_ice_runs_forget (ThIceRuns *self);

G_END_DECLS
