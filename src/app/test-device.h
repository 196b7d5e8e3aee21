/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to call a browser that opened the test page. Pure; any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @user_agent: (nullable): as it came. Returns: (transfer full): "Firefox on Android" */
char *th_test_device_name (const char *user_agent);

G_END_DECLS
