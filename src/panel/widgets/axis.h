/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the lines of a chart's value axis stand: round values that a person would have chosen.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * th_axis_step:
 * @maximum: the largest value to show
 * @lines: how many lines the axis has above zero
 * @smallest: a step below which a small maximum is not blown up
 *
 * Returns: the smallest of 1, 2, 3, 4 or 5 times a power of ten, not below @smallest, with which
 *   @lines steps reach @maximum
 */
double th_axis_step (double maximum, guint lines, double smallest);

G_END_DECLS
