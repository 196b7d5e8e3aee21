/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file in which a ThTrafficHistory lasts: JSON, some 20 KB at most (kept-file.h).
 */
#pragma once

#include "app/traffic-history.h"

G_BEGIN_DECLS

#define TH_TRAFFIC_FILE_NAME "traffic"

/* (transfer full): what stands in the file */
char *th_traffic_file_print (ThTrafficHistory *history, gsize *length);

/* (transfer full) (nullable): NULL if the text is damaged or of another version */
ThTrafficHistory *th_traffic_file_parse (const char *json, gsize length);

/**
 * th_traffic_file_read:
 * @directory: the state directory
 *
 * A file that makes no sense is kept aside under another name; the log says so. Blocks.
 *
 * Returns: (transfer full): empty where there is no file or none that can be read
 */
ThTrafficHistory *th_traffic_file_read (const char *directory);

G_END_DECLS
