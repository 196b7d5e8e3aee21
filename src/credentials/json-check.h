/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether bytes from outside are JSON (RFC 8259), to the letter and not nested too deep. json-glib
 * takes more than JSON, loses memory on some of what it refuses, and follows nesting by recursion;
 * so it only gets to see what passed here.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * th_json_is_well_formed:
 * @depth: how deep objects and arrays may lie in each other
 *
 * One value with nothing but white space around. Texts must be UTF-8, without NUL in any form and
 * without half surrogate pairs: no C string or other program could take them.
 */
gboolean th_json_is_well_formed (const char *text, gsize length, guint depth);

G_END_DECLS
