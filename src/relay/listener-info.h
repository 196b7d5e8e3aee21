/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThListenerInfo: one address and transport the relay was asked to listen on, and how that went.
 * An immutable object on the main context; ThRelay replaces it when its state changes.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TH_TYPE_LISTENER_INFO (th_listener_info_get_type ())
G_DECLARE_FINAL_TYPE (ThListenerInfo, th_listener_info, TH, LISTENER_INFO, GObject)

/*
 * Properties (read-only): transport (string, "UDP", "TCP", "TLS" or "DTLS"), family (uint, 4 or 6),
 * address (string, "0.0.0.0"), port (uint), bound (boolean), problem (string, NULL when bound; in words),
 * error-number (int, errno, 0 when bound)
 */
const char *th_listener_info_get_transport (ThListenerInfo *self);
const char *th_listener_info_get_address (ThListenerInfo *self);
guint th_listener_info_get_family (ThListenerInfo *self);
guint th_listener_info_get_port (ThListenerInfo *self);
gboolean th_listener_info_is_bound (ThListenerInfo *self);
const char *th_listener_info_get_problem (ThListenerInfo *self);
int th_listener_info_get_error_number (ThListenerInfo *self);

G_END_DECLS
