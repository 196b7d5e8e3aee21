/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectUrl: one URL that apps are given to reach this relay, with a name people understand.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TH_TYPE_CONNECT_URL (th_connect_url_get_type ())
G_DECLARE_FINAL_TYPE (ThConnectUrl, th_connect_url, TH, CONNECT_URL, GObject)

/* @label: "STUN", "TURN", "TURN over TCP", "Endpoint"; @url: "turn:192.0.2.1:3478?transport=tcp" */
ThConnectUrl *th_connect_url_new (const char *label, const char *url);

/* Also properties: label, url. */
const char *th_connect_url_get_label (ThConnectUrl *self);
const char *th_connect_url_get_url (ThConnectUrl *self);

/* FALSE over DTLS ("turns:...?transport=udp"): browsers read that as something else, or not at all,
 * so it is in no list that is made for them. */
gboolean th_connect_url_is_for_browsers (ThConnectUrl *self);

G_END_DECLS
