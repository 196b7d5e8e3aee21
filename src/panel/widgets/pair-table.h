/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPairTable: which addresses were tried with which, and how that went; the pair that a call goes
 * through stands first. While there is none, there is nothing to see.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_PAIR_TABLE (th_pair_table_get_type ())
G_DECLARE_FINAL_TYPE (ThPairTable, th_pair_table, TH, PAIR_TABLE, AdwBin)

/* @pairs: (nullable) (element-type ThIcePair) */
void th_pair_table_set_model (ThPairTable *self, GListModel *pairs);

G_END_DECLS
