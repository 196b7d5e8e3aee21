/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThControlServer: does what is asked of the running server over its control socket. Main context only.
 */
#pragma once

#include "app/engine.h"
#include "control/control-socket.h"

G_BEGIN_DECLS

typedef struct _ThControl ThControlServer;

/* @socket: (transfer none): outlives it */
ThControlServer *th_control_server_new (ThEngine *engine, ThControlSocket *socket);
void th_control_server_free (ThControlServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThControlServer, th_control_server_free)

G_END_DECLS
