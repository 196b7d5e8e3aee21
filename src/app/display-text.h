/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that strangers chose, made fit to be shown and logged. Pure; any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As many characters as a name is shown with. */
#define TH_DISPLAY_TEXT_MAX 64

/**
 * th_display_text:
 * @bytes: any bytes, not terminated where @length says how many; NULL where it says none
 *
 * One line of valid UTF-8 that stays in its place: what controls, reorders or hides text, and what
 * is no text, becomes U+FFFD; what is longer than TH_DISPLAY_TEXT_MAX ends in an ellipsis.
 *
 * Returns: (transfer full)
 */
char *th_display_text (const char *bytes, gssize length);

G_END_DECLS
