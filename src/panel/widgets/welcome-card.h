/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThWelcomeCard: at the first start, what was set up and what to do next, in three lines.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_WELCOME_CARD (th_welcome_card_get_type ())
G_DECLARE_FINAL_TYPE (ThWelcomeCard, th_welcome_card, TH, WELCOME_CARD, AdwBin)

/* Signal "dismissed": it was read. */

/* Names the ports that @settings have. */
void th_welcome_card_set_settings (ThWelcomeCard *self, ThSettings *settings);

G_END_DECLS
