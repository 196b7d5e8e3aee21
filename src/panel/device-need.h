/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between a phone and the test page, and the one thing to do about each. Only what this
 * program can know: routers and firewalls it cannot.
 */
#pragma once

#include "app/engine.h"

G_BEGIN_DECLS

typedef enum {
  TH_DEVICE_NEED_NOTHING,
  TH_DEVICE_NEED_START,    /* the relay is stopped */
  TH_DEVICE_NEED_RELAY,    /* it cannot run */
  TH_DEVICE_NEED_PORT,     /* the endpoint is off */
  TH_DEVICE_NEED_ENDPOINT, /* it cannot listen */
  TH_DEVICE_NEED_SHARE,    /* it listens for this machine alone */
} ThDeviceNeed;

ThDeviceNeed th_device_need_find (ThEngine *engine);

/**
 * th_device_need_meet:
 *
 * Starts the relay, or changes the setting and takes it in at once. What cannot be mended so has its
 * words on the Server page, and nothing is done here.
 *
 * Returns: %FALSE if a setting may not be changed
 */
gboolean th_device_need_meet (ThDeviceNeed self, ThEngine *engine, GError **error);

G_END_DECLS
