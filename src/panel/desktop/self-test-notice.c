/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One notification, under one name: who has not read it finds what is the case now.
 */
#include "panel/desktop/self-test-notice.h"

#include <glib/gi18n.h>

#include "panel/self-test-text.h"

#define NAME "self-test"

struct _ThSelfTestNotice {
  GObject parent_instance;
  GApplication *application;
};

G_DEFINE_FINAL_TYPE (ThSelfTestNotice, th_self_test_notice, G_TYPE_OBJECT)

static void
show (ThSelfTestNotice *self, ThIceRun *run)
{
  g_autoptr (GNotification) notice = g_notification_new (_("The relay failed its own test"));
  g_autofree char *body = th_self_test_describe (run);

  g_notification_set_body (notice, body);
  g_notification_set_priority (notice, G_NOTIFICATION_PRIORITY_HIGH);
  g_notification_set_default_action_and_target (notice, "app.show-page", "s", "ice-test");
  g_notification_add_button_with_target (notice, _("Show Test"), "app.show-page", "s", "ice-test");
  g_application_send_notification (self->application, NAME, notice);
}

static void
on_bad_changed (ThSelfTestNotice *self, GParamSpec *pspec, ThIceRuns *runs)
{
  g_autoptr (ThIceRun) run = th_ice_runs_find_last (runs);

  if (run && th_ice_runs_is_bad (runs))
    show (self, run);
  else
    g_application_withdraw_notification (self->application, NAME);
}

static void
th_self_test_notice_finalize (GObject *object)
{
  g_application_withdraw_notification (TH_SELF_TEST_NOTICE (object)->application, NAME);
  G_OBJECT_CLASS (th_self_test_notice_parent_class)->finalize (object);
}

static void
th_self_test_notice_class_init (ThSelfTestNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = th_self_test_notice_finalize;
}

static void
th_self_test_notice_init (ThSelfTestNotice *self)
{
}

ThSelfTestNotice *
th_self_test_notice_new (GApplication *application, ThIceRuns *runs)
{
  ThSelfTestNotice *self = g_object_new (TH_TYPE_SELF_TEST_NOTICE, NULL);

  self->application = application;
  g_signal_connect_object (runs, "notify::bad", G_CALLBACK (on_bad_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}
