/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the settings to what the endpoint is started with.
 */
#pragma once

#include "endpoint/config.h"
#include "settings/settings.h"

G_BEGIN_DECLS

ThEndpointConfig *th_endpoint_config_from_settings (ThSettings *settings); /* (transfer full) */

G_END_DECLS
