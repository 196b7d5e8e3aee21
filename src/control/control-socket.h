/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Unix socket by which the running server is spoken to: control.sock in the state directory,
 * for its owner alone. Who holds it is the one server of that directory.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _ThControlSocket ThControlSocket;

/**
 * th_control_socket_open:
 * @state_directory: made (0700) if absent
 *
 * Listens. A socket that a dead server left behind is replaced. The file is removed again by
 * th_control_socket_close().
 *
 * Returns: (transfer full) (nullable): NULL with G_IO_ERROR_ADDRESS_IN_USE if another server runs
 *   with that directory, G_IO_ERROR_FILENAME_TOO_LONG if no socket can have such a name
 */
ThControlSocket *th_control_socket_open (const char *state_directory, GError **error);
void th_control_socket_close (ThControlSocket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThControlSocket, th_control_socket_close)

/* (transfer none): listening, and not blocking */
GSocket *th_control_socket_get (ThControlSocket *self);

/**
 * th_control_socket_connect:
 *
 * As a client. Blocks, but not for long.
 *
 * Returns: (transfer full) (nullable): NULL with words for the person at the terminal
 */
GSocket *th_control_socket_connect (const char *state_directory, GError **error);

G_END_DECLS
