/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A real Secret Service, gnome-keyring's, on a session bus and in a home of the test's own, and a
 * prompter that counts what it is to ask and answers for the user.
 */
#pragma once

#include <gio/gio.h>

typedef enum {
  TEST_USER_DISMISSES, /* the prompt, whatever it asks */
  TEST_USER_UNLOCKS,   /* the keyring, and then the prompt is not needed any more */
  TEST_USER_IS_AWAY,   /* the prompt stays until there is another user */
} TestUser;

/* Before anything else in the program. FALSE where gnome-keyring-daemon is not installed. The
 * default collection is unlocked, the user dismisses. */
gboolean test_secret_service_start (void);
void test_secret_service_stop (void);

/* The default collection. */
void test_secret_service_lock (void);
void test_secret_service_unlock (void);

void test_secret_service_set_user (TestUser user);

/* How many prompts there were since the last time. Turns the main loop. */
guint test_secret_service_count_prompts (void);

/* (transfer full): the labels of all items of the default collection */
GStrv test_secret_service_get_labels (void);

/* Meanwhile it is there, but does not answer. */
void test_secret_service_freeze (void);
void test_secret_service_thaw (void);
