/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the settings to what the endpoint is started with.
 */
#pragma once

#include "endpoint/config.h"
#include "settings/settings.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): NULL with the error of a tokens file that cannot be read */
ThEndpointConfig *th_endpoint_config_from_settings (ThSettings *settings, GError **error);

G_END_DECLS
