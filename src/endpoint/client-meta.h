/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /client/meta: what chat and file-sharing apps ask their server for when they start:
 * its name and version, how large a file may be, and the ICE servers.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

/* The "maxFileSize" apps are told, in bytes: 30 GiB. The relay itself knows no files; this is what
 * a transfer between browsers can be expected to carry. */
#define TH_CLIENT_MAX_FILE_SIZE (G_GINT64_CONSTANT (30) << 30)

void th_answer_client_meta (const ThRequest *request);

G_END_DECLS
