/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Routes that open to whoever shows a link or ticket: wrong ones count as requests of their
 * address, as those with a wrong token do elsewhere, so that guessing is slow.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

/* FALSE if that address has guessed too much to be heard now; the request is answered then. On
 * loopback all are heard: one behind a proxy there must not lock out the others. */
gboolean th_guesses_allow (const ThRequest *request);

/* One was wrong. FALSE if it was one too many, which is answered then. */
gboolean th_guesses_count (const ThRequest *request);

G_END_DECLS
