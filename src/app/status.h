/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThStatus: how a server is doing, for its owner: what /api/status tells, and beside that since
 * when, what is wrong, and how old the secrets are. Main context only.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "app/engine.h"

G_BEGIN_DECLS

typedef struct _ThStatus ThStatus;

/* Watches from now on, so that it can tell since when. */
ThStatus *th_status_new (ThEngine *engine);
void th_status_free (ThStatus *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThStatus, th_status_free)

/**
 * th_status_add:
 * @object: being built
 *
 * Adds the members of th_status_add_members(), and:
 *
 *   "state": "running", "stopped" or "failed"; "since": when that began
 *   "credentials": {"secret": {"created", "former": [{"created", "expiresAt", "secondsLeft",
 *       "sessions"}]}, "api": the same}: no secret, and no part of one
 *   "urls": what apps are given
 *   "problems": [{"id", "severity": "error" or "warning", "title", "detail"}], worst first
 *
 * Times are ISO 8601 in UTC.
 */
void th_status_add (ThStatus *self, JsonBuilder *object);

G_END_DECLS
