/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSelfTestNotice: a notification on the desktop for as long as this relay fails its own test.
 */
#pragma once

#include <gio/gio.h>

#include "app/ice-runs.h"

G_BEGIN_DECLS

#define TH_TYPE_SELF_TEST_NOTICE (th_self_test_notice_get_type ())
G_DECLARE_FINAL_TYPE (ThSelfTestNotice, th_self_test_notice, TH, SELF_TEST_NOTICE, GObject)

/* @application: has an action "show-page"; as @runs, not referenced: both outlive it. Whoever drops
 * it withdraws what is shown. */
ThSelfTestNotice *th_self_test_notice_new (GApplication *application, ThIceRuns *runs);

G_END_DECLS
