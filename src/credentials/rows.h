/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists whose rows are made anew as a whole, but that tell only what differs. Main context only.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Puts @fresh (transfer none) (element-type GObject) in place of what is in @rows, and has @model,
 * which shows @rows, emit "items-changed" for what is not the same object at the same place. */
void th_rows_replace (GListModel *model, GPtrArray *rows, GPtrArray *fresh);

/* (transfer full) (nullable): for GListModelInterface.get_item */
gpointer th_rows_get_item (GPtrArray *rows, guint position);

G_END_DECLS
