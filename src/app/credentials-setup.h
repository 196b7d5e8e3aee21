/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening the secret ring as the settings say.
 */
#pragma once

#include "credentials/ring.h"
#include "settings/settings.h"

G_BEGIN_DECLS

/* Reads or makes the ring in @state_directory, seeded with the configured secret, if there is one;
 * with previous secrets. NULL with an error of the settings, if a file that they
 * name is bad, or of the credentials. */
ThSecretRing *th_secret_ring_open_with_settings (ThSettings *settings,
                                                 const char *state_directory,
                                                 GError **error);

/* Lifetime and previous secrets again, after they changed. */
void th_secret_ring_apply_settings (ThSecretRing *ring, ThSettings *settings);

/* The configured secrets again, after they changed, or the files did that they stand in. They are
 * in force a moment later; the log says if that fails. FALSE with an error of the settings if they
 * cannot be read, and then all stays. */
gboolean th_secret_ring_seed_again (ThSecretRing *ring, ThSettings *settings, GError **error);

/* Whether the secrets that the settings name can be read. */
gboolean th_secret_settings_check (ThSettings *settings, GError **error);

G_END_DECLS
