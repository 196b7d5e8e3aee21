/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a program here ends when it cannot go on: one line on standard error, and 1.
 */
#pragma once

#include <errno.h>
#include <glib.h>
#include <stdlib.h>

#define fail(...)                                                                                  \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_printerr ("%s: ", program_invocation_short_name);                                            \
    g_printerr (__VA_ARGS__);                                                                      \
    g_printerr ("\n");                                                                             \
    exit (1);                                                                                      \
  }                                                                                                \
  G_STMT_END
