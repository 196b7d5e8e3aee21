/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A folder of a test's own, with files in it, that goes when the test ends.
 */
#pragma once

#include <glib.h>

char *test_folder_new (void);

/* Removes the folder and all in it. */
void test_folder_free (char *folder);

/* Writes a file there with that mode. */
void test_folder_write (const char *folder, const char *name, const char *text, int mode);

typedef char TestFolder;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestFolder, test_folder_free)
