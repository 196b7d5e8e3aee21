/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThOnceCard: a fresh token or password, to be copied now: it is kept nowhere, so it cannot be
 * shown again. Not to be seen before there is one and after the user is done with it.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_ONCE_CARD (th_once_card_get_type ())
G_DECLARE_FINAL_TYPE (ThOnceCard, th_once_card, TH, ONCE_CARD, AdwBin)

/* @title: "Token of my-app"; @detail: what else there is to know; @secret: copied */
void th_once_card_show (ThOnceCard *self,
                        const char *title,
                        const char *detail,
                        const char *secret);

G_END_DECLS
