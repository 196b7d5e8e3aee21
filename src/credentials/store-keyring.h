/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system keyring as a place for the store. A library of its own, since it stands on libsecret:
 * only a program that has a user before it links it.
 */
#pragma once

/* From now on, directories whose secrets are in the keyring can be opened. Before the first
 * thread. */
void th_store_use_keyring (void);
