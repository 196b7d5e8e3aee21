/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hook that uacme runs for each challenge: this same program, started a second time. It carries
 * what uacme says to the program that started uacme, over a socket that all three have inherited,
 * and the answer back; it reads no settings and opens nothing.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Set for uacme, and so for its hook: the number of the socket's descriptor. */
#define TH_ACME_HOOK_VARIABLE "TURNHOUSE_ACME_HOOK"

/* What uacme says: method, type, identifier, token, authorization; each ends with a NUL. */
#define TH_ACME_HOOK_ARGUMENTS   5
#define TH_ACME_HOOK_MESSAGE_MAX 4096 /* bytes, with the NULs */

/**
 * th_acme_hook_run_if_meant:
 * @status: (out): with which to exit
 *
 * To be called first of all in main().
 *
 * Returns: whether this program was started as the hook; then there is nothing more to do
 */
gboolean th_acme_hook_run_if_meant (int argc, char **argv, int *status);

G_END_DECLS
