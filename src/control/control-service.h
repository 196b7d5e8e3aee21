/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThControlService: takes in those who connect to the control socket, if they may, several at a
 * time. Main context only.
 */
#pragma once

#include "control/control-connection.h"
#include "control/control-socket.h"

G_BEGIN_DECLS

typedef struct _ThControlService ThControlService;

/* @socket: (transfer none): outlives it */
ThControlService *
th_control_service_new (ThControlSocket *socket, ThControlHandler handler, gpointer data);

/* Whoever still waits for an answer is left without. */
void th_control_service_free (ThControlService *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThControlService, th_control_service_free)

G_END_DECLS
