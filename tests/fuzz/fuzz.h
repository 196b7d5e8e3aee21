/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one function that a fuzz target defines. Its name and form are libFuzzer's.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Tries @size bytes; must return 0, and abort (g_assert) or trip a sanitizer on anything wrong. */
__attribute__ ((visibility ("default"))) int LLVMFuzzerTestOneInput (const uint8_t *data,
                                                                     size_t size);
