/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A credential with the addresses it opens, in the forms that apps and people paste. They hold the
 * password: wipe them after use (th_secret_free).
 */
#pragma once

#include <gio/gio.h>

#include "credentials/ring.h"

G_BEGIN_DECLS

/*
 * @urls: (element-type ThConnectUrl): of the relay; those that are neither stun, turn nor turns
 *   are left out
 *
 * Returns: (transfer full) (nullable): NULL where there is no turn or turns URL
 */

/* {"iceServers": [...], "ttl": 3600, "expiresAt": "2026-01-31T12:00:00Z"}, over several lines where
 * people read it, in one where it has to be short */
char *th_credential_text_json (GListModel *urls, const ThCredential *credential, gboolean one_line);

/* "new RTCPeerConnection({...})" with the same servers, for a web page */
char *th_credential_text_web (GListModel *urls, const ThCredential *credential);

/* "turn://USER:PASSWORD@HOST:PORT?transport=udp", as GStreamer has it, of the first URL */
char *th_credential_text_url (GListModel *urls, const ThCredential *credential);

G_END_DECLS
