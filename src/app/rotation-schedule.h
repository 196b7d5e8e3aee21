/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the schedule wants a fresh secret. Pure reckoning; any thread may call.
 */
#pragma once

#include "settings/table.h"

G_BEGIN_DECLS

/**
 * th_rotation_schedule_get_due:
 * @since: when the current secret became current, in seconds since 1970, UTC
 *
 * A day, a week or a calendar month (in UTC) later; of a day that the next month lacks, its last.
 *
 * Returns: seconds since 1970, UTC; 0: never
 */
gint64 th_rotation_schedule_get_due (ThSettingRotate rotate, gint64 since);

G_END_DECLS
