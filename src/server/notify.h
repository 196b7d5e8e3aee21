/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling systemd how the service is doing (sd_notify(3)).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @state: "READY=1", lines of it. Does nothing where systemd did not ask for it. */
void th_notify (const char *state);

G_END_DECLS
