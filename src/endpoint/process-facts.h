/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What this process uses of the machine at the moment, as plain numbers: for the metrics and for
 * whoever shows it. Any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double cpu_seconds; /* by the process, and by the system for it */
  guint64 resident_bytes, virtual_bytes; /* 0: the system does not tell */
  double age_seconds; /* negative: the system does not tell */
  guint open_files;
  guint64 files_max; /* 0: no limit */
} ThProcessFacts;

void th_process_facts_read (ThProcessFacts *facts);

G_END_DECLS
