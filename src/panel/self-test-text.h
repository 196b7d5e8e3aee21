/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the last test of this relay proved, in a line: no more than that. A test from the relay's own
 * machine says nothing about the way from outside.
 */
#pragma once

#include "app/ice-run.h"

G_BEGIN_DECLS

/* @run: of this relay. Returns: (transfer full) */
char *th_self_test_describe (ThIceRun *run);

G_END_DECLS
