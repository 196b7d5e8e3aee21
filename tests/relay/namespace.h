/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network namespace for one test program: its loopback alone, with an MTU to choose.
 */
#pragma once

#include <glib.h>

/* Before any other thread is started. Returns: FALSE if this system does not let us */
gboolean enter_namespace (guint mtu);
