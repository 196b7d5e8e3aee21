/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCredentialsPage: the secrets and their rotation, credentials to try, and who may ask for
 * some: apps and users.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_CREDENTIALS_PAGE (th_credentials_page_get_type ())
G_DECLARE_FINAL_TYPE (ThCredentialsPage, th_credentials_page, TH, CREDENTIALS_PAGE, AdwBin)

/* @state_directory: of the engine */
void th_credentials_page_set_engine (ThCredentialsPage *self,
                                     ThEngine *engine,
                                     const char *state_directory);

/* The page counts time only while someone may look at it. Off at first. */
void th_credentials_page_set_shown (ThCredentialsPage *self, gboolean shown);

G_END_DECLS
