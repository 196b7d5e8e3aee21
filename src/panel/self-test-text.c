/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Of a run that went badly, and of one with something to be mended, its own words; else whether
 * somebody outside has been there.
 */
#include "panel/self-test-text.h"

#include <glib/gi18n.h>

/* (nullable): what is the matter, worst first */
static const char *
find_matter (ThIceRun *run)
{
  const GPtrArray *findings = th_ice_run_get_findings (run);
  const ThIceRunFinding *worst = findings->len > 0 ? findings->pdata[0] : NULL;

  return worst && worst->severity != TH_ICE_NOTE ? worst->what : NULL;
}

char *
th_self_test_describe (ThIceRun *run)
{
  const ThIceRunValues *values = th_ice_run_get_values (run);
  const char *matter = find_matter (run);

  if (values->verdict == TH_ICE_VERDICT_BAD)
    return g_strdup (values->headline);
  if (matter)
    return g_strdup (matter);
  if (values->verdict != TH_ICE_VERDICT_GOOD)
    return g_strdup (values->headline);
  /* Every good test of this relay that no device outside has confirmed has this finding. */
  if (th_ice_run_find_finding (run, "not-seen-from-outside"))
    return g_strdup (_("Calls get through here; a phone can tell whether they do from outside"));
  return g_strdup (_("Calls will work from outside"));
}
