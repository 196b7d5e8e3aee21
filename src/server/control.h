/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThControl: does what is asked of the running server over its control socket. Main context only.
 */
#pragma once

#include "app/engine.h"
#include "server/control-socket.h"

G_BEGIN_DECLS

typedef struct _ThControl ThControl;

/* @socket: (transfer none): outlives it */
ThControl *th_control_new (ThEngine *engine, ThControlSocket *socket);
void th_control_free (ThControl *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThControl, th_control_free)

G_END_DECLS
