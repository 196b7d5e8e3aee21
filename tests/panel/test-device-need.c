/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands between a phone and the test page is told of, the first thing first, and one step
 * mends each.
 */
#include <string.h>

#include "../app/fixture.h"
#include "panel/device-need.h"

#define add(path, test)                                                                            \
  g_test_add ("/panel/device-need/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static void
assert_need (Fixture *fixture, ThDeviceNeed need)
{
  g_assert_cmpint (th_device_need_find (fixture->engine), ==, need);
}

static void
meet (Fixture *fixture, ThDeviceNeed need)
{
  g_autoptr (GError) error = NULL;

  assert_need (fixture, need);
  g_assert_true (th_device_need_meet (need, fixture->engine, &error));
  g_assert_no_error (error);
}

/* From a relay that is stopped to a link that others can open. */
static void
test_step_by_step (Fixture *fixture, gconstpointer data)
{
  g_autofree char *link = NULL;
  g_autofree char *place = NULL;

  meet (fixture, TH_DEVICE_NEED_START);
  g_assert_cmpint (th_engine_get_state (fixture->engine), ==, TH_ENGINE_RUNNING);
  meet (fixture, TH_DEVICE_NEED_SHARE);
  assert_need (fixture, TH_DEVICE_NEED_NOTHING);
  link = th_engine_make_test_link (fixture->engine);
  place = g_strdup_printf (":%u/test?link=", fixture->endpoint_port);
  g_assert_nonnull (strstr (link, place));
  g_assert_cmpint (th_engine_get_test_link_left (fixture->engine, link), >, 0);
}

static void
test_endpoint_off (Fixture *fixture, gconstpointer data)
{
  fixture_set (fixture, TH_SETTING_ENDPOINT_PORT, "0");
  fixture_start (fixture);
  g_assert_null (th_engine_make_test_link (fixture->engine));
  meet (fixture, TH_DEVICE_NEED_PORT);
  g_assert_cmpint (th_settings_get_integer (fixture->settings, TH_SETTING_ENDPOINT_PORT), ==, 8489);
}

static void
test_endpoint_cannot_listen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) taken = take_port (TRUE, fixture->endpoint_port);

  th_engine_start (fixture->engine, NULL);
  meet (fixture, TH_DEVICE_NEED_ENDPOINT); /* on the Server page */
  assert_need (fixture, TH_DEVICE_NEED_ENDPOINT);
}

static void
test_relay_cannot_run (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocket) udp = take_port (FALSE, fixture->port);
  g_autoptr (GSocket) tcp = take_port (TRUE, fixture->port);

  th_engine_start (fixture->engine, NULL);
  meet (fixture, TH_DEVICE_NEED_RELAY); /* the same */
  assert_need (fixture, TH_DEVICE_NEED_RELAY);
}

static void
test_where_it_listens (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *listen;
    ThDeviceNeed need;
  } rows[] = {
    { "127.0.0.1", TH_DEVICE_NEED_SHARE },   { "127.0.0.1,::1", TH_DEVICE_NEED_SHARE },
    { "0.0.0.0", TH_DEVICE_NEED_NOTHING },   { "127.0.0.1,0.0.0.0", TH_DEVICE_NEED_NOTHING },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      fixture_set (fixture, TH_SETTING_ENDPOINT_LISTEN, rows[i].listen);
      assert_need (fixture, rows[i].need);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("step-by-step", test_step_by_step);
  add ("endpoint-off", test_endpoint_off);
  add ("endpoint-cannot-listen", test_endpoint_cannot_listen);
  add ("relay-cannot-run", test_relay_cannot_run);
  add ("where-it-listens", test_where_it_listens);
  return g_test_run ();
}
