/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What --status prints for people.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* @status: as th_status_add() makes it; what is missing there is left out here
 *
 * Returns: (transfer full): lines, each with its line feed */
char *th_status_to_text (JsonObject *status);

G_END_DECLS
