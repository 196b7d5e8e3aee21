/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the load ends when it cannot go on: one line on standard error, and 1.
 */
#pragma once

#include <glib.h>
#include <stdlib.h>

#define fail(...)                                                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_printerr ("load: " __VA_ARGS__);                                                             \
    g_printerr ("\n");                                                                             \
    exit (1);                                                                                      \
  }                                                                                                \
  G_STMT_END
