/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sentences about a test that runs in a browser, made from what that browser told.
 */
#include "app/test-words.h"

#include <glib/gi18n.h>

/* Of an error with a server; RFC 8656, section 18, but for what browsers say where none answers. */
#define CODE_UNREACHABLE 701

static guint
count_ways (ThTestVisit *visit, ThTestWayState state)
{
  guint n = 0;

  for (guint way = 0; way < TH_TEST_N_WAYS; way++)
    n += th_test_visit_get_way (visit, way) == state;
  return n;
}

static const char *
describe_progress (ThTestVisit *visit)
{
  if (count_ways (visit, TH_TEST_WAY_TRYING) > 0)
    return _("Trying the ways to the relay…");
  if (count_ways (visit, TH_TEST_WAY_WORKS) > 0)
    return _("Measuring how well a call gets through…");
  return _("Looking for addresses…");
}

/* The first that does not work: the more common ones come first. */
static const char *
describe_limits (ThTestVisit *visit)
{
  const char *const failures[TH_TEST_N_WAYS] = {
    [TH_TEST_WAY_UDP] = _("Calls get through from there, but not over UDP: they may stutter"),
    [TH_TEST_WAY_TCP] =
        _("Calls get through from there, but not over TCP, which networks without UDP need"),
    [TH_TEST_WAY_TLS] =
        _("Calls get through from there, but not over TLS: networks that only allow HTTPS will "
          "fail"),
  };

  for (guint way = 0; way < TH_TEST_N_WAYS; way++)
    if (th_test_visit_get_way (visit, way) == TH_TEST_WAY_FAILED)
      return failures[way];
  if (th_test_visit_get_way (visit, TH_TEST_WAY_TLS) == TH_TEST_WAY_NOT_TRIED)
    return _("Calls get through from there; TLS is not offered, and networks that only allow "
             "HTTPS will fail");
  return _("Calls get through from there, but not in all ways");
}

static const char *
describe_verdict (ThTestVisit *visit)
{
  switch (th_test_visit_get_verdict (visit))
    {
    case TH_ICE_VERDICT_GOOD:
      return th_test_visit_is_outside (visit)
                 ? _("Calls get through from outside, even from strict networks")
                 : _("Calls get through from there, over all transports");
    case TH_ICE_VERDICT_LIMITED:
      return describe_limits (visit);
    case TH_ICE_VERDICT_BAD:
    case TH_ICE_VERDICT_NONE:
    default:
      break;
    }
  if (count_ways (visit, TH_TEST_WAY_NOT_TRIED) == TH_TEST_N_WAYS)
    return _("The relay offers no way to it: it may not be running");
  return _("Calls do not get through from there: the relay’s ports may be closed, or the address "
           "it tells may be wrong");
}

char *
th_test_words_for_visit (ThTestVisit *visit)
{
  switch (th_test_visit_get_state (visit))
    {
    case TH_TEST_VISIT_RUNNING:
      return g_strdup (describe_progress (visit));
    case TH_TEST_VISIT_LOST:
      return g_strdup (_("The page was closed before its test came to an end"));
    case TH_TEST_VISIT_DONE:
    default:
      return g_strdup (describe_verdict (visit));
    }
}

char *
th_test_words_for_way (ThTestVisit *visit, ThTestWay way)
{
  switch (th_test_visit_get_way (visit, way))
    {
    case TH_TEST_WAY_TRYING:
      return g_strdup (C_ ("way to the relay", "Trying…"));
    case TH_TEST_WAY_WORKS:
      /* Translators: of a way to the relay; %d is in milliseconds */
      return g_strdup_printf (_("Works, after %d ms"),
                              (int) (th_test_visit_get_way_took (visit, way) / 1000));
    case TH_TEST_WAY_FAILED:
      return g_strdup (C_ ("way to the relay", "Does not work"));
    case TH_TEST_WAY_NOT_TRIED:
    default:
      return g_strdup (th_test_visit_get_state (visit) == TH_TEST_VISIT_RUNNING
                           ? "–"
                           : C_ ("way to the relay", "Not offered"));
    }
}

/* (transfer full) */
static char *
describe_code (const char *url, guint code)
{
  switch (code)
    {
    case CODE_UNREACHABLE:
      /* Translators: %s is the address of a server */
      return g_strdup_printf (_("%s could not be reached"), url);
    case 401:
      /* Translators: %s is the address of a server */
      return g_strdup_printf (_("%s refused the credential (401)"), url);
    case 486:
    case 508:
      /* Translators: %1$s is the address of a server, %2$u a code */
      return g_strdup_printf (_("%1$s has no room for more calls (%2$u)"), url, code);
    default:
      /* Translators: %1$s is the address of a server, %2$u a code */
      return g_strdup_printf (_("%1$s answered with an error (%2$u)"), url, code);
    }
}

char *
th_test_words_for_problem (const ThTestMessage *message)
{
  const char *url = *message->url != '\0' ? message->url : _("A server");
  g_autofree char *what = describe_code (url, message->code);

  if (*message->text == '\0')
    return g_steal_pointer (&what);
  /* Translators: %1$s is what went wrong, %2$s is what a browser says of it, in English */
  return g_strdup_printf (_("%1$s: “%2$s”"), what, message->text);
}
