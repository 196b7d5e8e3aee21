/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing man(7) source to the standard output: the few macros that our pages need, and text that
 * means what it says.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Begins a page: @what is the one line that whatis(1) shows */
void th_roff_begin (const char *name, guint section, const char *what);

void th_roff_synopsis (const char *program, const char *arguments);

void th_roff_section (const char *title);
void th_roff_subsection (const char *title);

/* Newlines in it are those of a terminal; here they are spaces. Empty lines begin another one. */
void th_roff_paragraph (const char *text);

/* An entry of a list: @term in bold, @argument (nullable) in italics behind it */
void th_roff_term (const char *term, const char *argument);
void th_roff_text (const char *text);
/* Another paragraph of the same entry */
void th_roff_more (const char *text);

/* Lines that stay as they are */
void th_roff_example (const char *text);

/* "turnhouse(1), turnhouse-server(1)": @pages ends with NULL */
void th_roff_see_also (const char *const *pages);

G_END_DECLS
