/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening the lists of static users and of apps as the settings say.
 */
#pragma once

#include "credentials/app-tokens.h"
#include "credentials/user-list.h"
#include "settings/settings.h"

G_BEGIN_DECLS

/* Reads what is in @state_directory, and adds what the settings name. NULL with an error of the
 * settings, if a file that they name is bad, or of the credentials. */
ThUserList *th_user_list_open_with_settings (ThSettings *settings,
                                             const char *state_directory,
                                             GError **error);

/* Users again, after they changed; @realm: that clients are told. FALSE if they cannot be read, and
 * then all stays. */
gboolean th_user_list_apply_settings (ThUserList *users,
                                      ThSettings *settings,
                                      const char *realm,
                                      GError **error);

/* The tokens of apps again, in the same way; needed once before those of the settings count. */
gboolean th_app_tokens_apply_settings (ThAppTokens *apps, ThSettings *settings, GError **error);

G_END_DECLS
