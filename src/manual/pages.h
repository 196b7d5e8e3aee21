/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pages. Each writes itself to the standard output.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void th_page_of_panel (void);
void th_page_of_server (void);
void th_page_of_settings (void);

G_END_DECLS
