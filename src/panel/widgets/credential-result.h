/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCredentialResult: a temporary credential to be taken away: its parts, the forms that apps
 * take, and a QR code.
 */
#pragma once

#include <adwaita.h>

#include "credentials/ring.h"

G_BEGIN_DECLS

#define TH_TYPE_CREDENTIAL_RESULT (th_credential_result_get_type ())
G_DECLARE_FINAL_TYPE (ThCredentialResult,
                      th_credential_result,
                      TH,
                      CREDENTIAL_RESULT,
                      AdwPreferencesGroup)

/* @urls: (element-type ThConnectUrl): of the relay */
void th_credential_result_set (ThCredentialResult *self,
                               const char *user,
                               const ThCredential *credential,
                               GListModel *urls);

G_END_DECLS
