/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThDeviceSection: the relay tested from a phone, or any other device with a browser: a link with
 * its QR code, what is needed before one can be made, and a row for each device that opened one.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_DEVICE_SECTION (th_device_section_get_type ())
G_DECLARE_FINAL_TYPE (ThDeviceSection, th_device_section, TH, DEVICE_SECTION, AdwBin)

void th_device_section_set_engine (ThDeviceSection *self, ThEngine *engine);

/* As if its button was clicked where a link can be made, and brings it into view. */
void th_device_section_begin (ThDeviceSection *self);

G_END_DECLS
