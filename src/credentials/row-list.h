/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRowList: a list whose rows are made anew as a whole, but that tells only what differs; as it
 * is, or for lists of more than rows to be derived from. Main context only.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A GListModel. */
#define TH_TYPE_ROW_LIST (th_row_list_get_type ())
G_DECLARE_DERIVABLE_TYPE (ThRowList, th_row_list, TH, ROW_LIST, GObject)

struct _ThRowListClass {
  GObjectClass parent_class;
};

/**
 * th_row_list_new:
 * @type: of the rows
 * @equal: whether one row tells the same as another
 */
ThRowList *th_row_list_new (GType type, GEqualFunc equal);

/* For a derived type's init: the @type of its rows, which are the same only if they are one object */
void th_row_list_set_type (ThRowList *self, GType type);

/* Puts @rows (transfer none) (element-type GObject) in place of those of before. Those that are
 * equal at the beginning and at the end of the list stay; "items-changed" tells of the part between. */
void th_row_list_set_rows (ThRowList *self, GPtrArray *rows);

guint th_row_list_get_count (ThRowList *self);

/* (transfer none): @place must be less than the count */
gpointer th_row_list_get_row (ThRowList *self, guint place);

G_END_DECLS
