/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "Did you mean": the name of a list that a mistyped one most likely stands for.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * th_suggest_name:
 * @typed: UTF-8 of any length
 * @names: (array length=n_names)
 *
 * Returns: (transfer none) (nullable): the nearest of @names by letters added, left out, exchanged
 *   or changed; %NULL if none is near
 */
const char *th_suggest_name (const char *typed, const char *const *names, gsize n_names);

G_END_DECLS
