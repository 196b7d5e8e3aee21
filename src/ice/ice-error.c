/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The error domain of this room.
 */
#include "ice/ice-error.h"

G_DEFINE_QUARK (th-ice-error-quark, th_ice_error)
