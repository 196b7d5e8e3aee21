/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Green, amber or red.
 */
#include "ice/ice-verdict.h"

#include <glib/gi18n.h>

#include "ice/ice-rules.h"

/* (transfer full) (nullable): they are sorted */
static ThIceFinding *
get_worst (GListModel *findings)
{
  return g_list_model_get_item (findings, 0);
}

ThIceVerdict
th_ice_verdict_reach (const ThIceFacts *facts, GListModel *findings)
{
  g_autoptr (ThIceFinding) worst = get_worst (findings);
  ThIceSeverity severity = worst != NULL ? th_ice_finding_get_severity (worst) : TH_ICE_NOTE;

  if (severity == TH_ICE_PROBLEM || facts->paths->len == 0)
    return TH_ICE_VERDICT_BAD;
  if (!th_ice_facts_relay_works (facts, -1) || severity == TH_ICE_WARNING)
    return TH_ICE_VERDICT_LIMITED;
  return TH_ICE_VERDICT_GOOD;
}

const char *
th_ice_verdict_get_id (ThIceVerdict self)
{
  static const char *const ids[] = { "none", "good", "limited", "bad" };

  return ids[self];
}

/* What runs beside the relay cannot know what its router and firewall do to others. */
static const char *
describe_good (const ThIceFacts *facts)
{
  if (!facts->own_relay)
    return _("Calls will get through, even from strict networks");
  if (facts->seen_from_outside)
    return _("Calls get through, from outside as well");
  return _("Calls get through, as far as this machine can tell");
}

char *
th_ice_verdict_describe (ThIceVerdict self, const ThIceFacts *facts, GListModel *findings)
{
  g_autoptr (ThIceFinding) worst = get_worst (findings);
  const char *what = worst != NULL ? th_ice_finding_get_what (worst) : NULL;

  if (self == TH_ICE_VERDICT_NONE)
    return g_strdup (_("The test has not come to its end"));
  if (self == TH_ICE_VERDICT_GOOD)
    return g_strdup (describe_good (facts));
  if (what == NULL)
    return g_strdup (_("Calls will get through, but not from everywhere"));
  if (self == TH_ICE_VERDICT_BAD)
    /* Translators: %s is what is wrong: "The secret or password is wrong (401)" */
    return g_strdup_printf (_("Calls will fail: %s"), what);
  /* Translators: %s is what is wrong: "The certificate is for other names" */
  return g_strdup_printf (_("Calls will get through, but not from everywhere: %s"), what);
}
