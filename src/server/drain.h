/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The end of a server that drains: with its last session.
 */
#pragma once

#include "app/engine.h"

G_BEGIN_DECLS

typedef struct _ThDrain ThDrain;

/* Ends @loop when @engine has been draining and has no sessions any more; tells systemd how many
 * it still waits for. */
ThDrain *th_drain_new (ThEngine *engine, GMainLoop *loop);
void th_drain_free (ThDrain *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThDrain, th_drain_free)

G_END_DECLS
