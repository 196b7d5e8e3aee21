/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCandidateTable: addresses at which this machine, or another device, may be reached, in the
 * order in which they were found; all of them, or those at a relay. While there is none, there is
 * nothing to see.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_CANDIDATE_TABLE (th_candidate_table_get_type ())
G_DECLARE_FINAL_TYPE (ThCandidateTable, th_candidate_table, TH, CANDIDATE_TABLE, AdwBin)

/* @candidates: (nullable) (element-type ThIceCandidate) */
void th_candidate_table_set_model (ThCandidateTable *self, GListModel *candidates);

G_END_DECLS
