/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThQuietService: a SecretService that never asks the user. What would need a prompt fails with
 * SECRET_ERROR_IS_LOCKED.
 */
#pragma once

#include <libsecret/secret.h>

G_BEGIN_DECLS

#define TH_TYPE_QUIET_SERVICE (th_quiet_service_get_type ())
G_DECLARE_FINAL_TYPE (ThQuietService, th_quiet_service, TH, QUIET_SERVICE, SecretService)

G_END_DECLS
