/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRowList: a list whose rows are made anew as a whole, but that tells only what differs; for
 * lists of more than rows to be derived from. Main context only.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define TH_TYPE_ROW_LIST (th_row_list_get_type ())
G_DECLARE_DERIVABLE_TYPE (ThRowList, th_row_list, TH, ROW_LIST, GObject)

/* A GListModel. */
struct _ThRowListClass {
  GObjectClass parent_class;
  GType item_type; /* of the rows; G_TYPE_OBJECT unless said otherwise */
};

/* Puts @rows (transfer none) (element-type GObject) in place of those of before; "items-changed"
 * tells of the part that is not the same objects at the same places. */
void th_row_list_set_rows (ThRowList *self, GPtrArray *rows);

guint th_row_list_get_count (ThRowList *self);

/* (transfer none): @place must be less than the count */
gpointer th_row_list_get_row (ThRowList *self, guint place);

G_END_DECLS
