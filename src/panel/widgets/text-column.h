/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A column of a table that shows a text for each item, and shows it anew when the item changes.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct {
  const char *title; /* marked, as is the tooltip */
  char *(*text) (gpointer item); /* (transfer full) */
  const char *style;   /* nullable: a class of the style sheet */
  const char *tooltip; /* nullable: what the text means */
  gboolean expand;     /* takes the room that others leave */
} ThTextColumn;

/* As many rows as a table shows; those of more are scrolled to. */
#define TH_TEXT_COLUMNS_ROWS 10

/* Has a table of @n rows be as high as they are, or as those it shows. */
void th_text_columns_fit (GtkScrolledWindow *frame, guint n);

/* @columns: static */
void th_text_columns_add (GtkColumnView *view, const ThTextColumn *columns, guint n);

G_END_DECLS
