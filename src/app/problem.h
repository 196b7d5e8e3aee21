/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThProblem: one thing that is wrong, in words: what it is, and what to do about it.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  TH_SEVERITY_ERROR,   /* something does not work */
  TH_SEVERITY_WARNING, /* works, but not for everyone */
} ThSeverity;

#define TH_TYPE_PROBLEM (th_problem_get_type ())
G_DECLARE_FINAL_TYPE (ThProblem, th_problem, TH, PROBLEM, GObject)

/*
 * @id names the kind for code and tests ("port-in-use"); @title says what is, @detail what to do;
 * @action_label (nullable) is the one button; @value is for whoever resolves it (a port).
 */
ThProblem *th_problem_new (const char *id,
                           ThSeverity severity,
                           const char *title,
                           const char *detail,
                           const char *action_label,
                           guint value);

/* All also readable as properties: id, severity (uint), title, detail, action-label, value. */
const char *th_problem_get_id (ThProblem *self);
ThSeverity th_problem_get_severity (ThProblem *self);
const char *th_problem_get_title (ThProblem *self);
const char *th_problem_get_detail (ThProblem *self);
const char *th_problem_get_action_label (ThProblem *self);
guint th_problem_get_value (ThProblem *self);

G_END_DECLS
