/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a test has found out, to be sent to somebody who can help: without passwords, secrets and
 * user names. Main context.
 */
#pragma once

#include "ice/ice-test.h"

G_BEGIN_DECLS

/* (transfer full): JSON on several lines; the texts in it are in the user's language, the ids not */
char *th_ice_report_json (ThIceTest *test);

/* (transfer full): Markdown with a table of paths */
char *th_ice_report_markdown (ThIceTest *test);

G_END_DECLS
