/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings that came and went, paths that work now or do not any more, and figures where they
 * differ by more than chance.
 */
#include "app/ice-changes.h"

#include <glib/gi18n.h>

#define ENOUGH_TIME 5000 /* microseconds by which a round trip must differ to be told */
#define ENOUGH_LOSS 5000 /* packets of a million */

static void
take (GPtrArray *changes, char *text)
{
  g_ptr_array_add (changes, text);
}

static void
add_findings (GPtrArray *changes, ThIceRun *run, ThIceRun *other, gboolean gone)
{
  const GPtrArray *findings = th_ice_run_get_findings (run);

  for (guint i = 0; i < findings->len; i++)
    {
      const ThIceRunFinding *finding = g_ptr_array_index (findings, i);

      if (th_ice_run_find_finding (other, finding->id) != NULL)
        continue;
      /* Translators: %s is what was found: "The certificate is for other names" */
      take (changes, gone ? g_strdup_printf (_("Gone: %s"), finding->what)
                          : g_strdup_printf (_("New: %s"), finding->what));
    }
}

/* Families stand beside the URL, which is the same for both. */
static char *
name_path (const ThIceRunPath *path)
{
  return g_strdup_printf ("%s, %s", path->url, path->ipv6 ? "IPv6" : "IPv4");
}

/* (transfer full) (nullable) */
static char *
compare_paths (const ThIceRunPath *before, const ThIceRunPath *after)
{
  g_autofree char *name = name_path (after);
  g_autoptr (ThIceStage) stage = th_ice_stage_new (after->stage);

  if (after->outcome == TH_ICE_RUN_WELL && (before == NULL || before->outcome != TH_ICE_RUN_WELL))
    /* Translators: %s is a way to a server: "turn:192.0.2.1:3478?transport=udp, IPv4" */
    return before == NULL ? g_strdup_printf (_("New and working: %s"), name)
                          : g_strdup_printf (_("Works now: %s"), name);
  if (after->outcome != TH_ICE_RUN_FAILED ||
      (before != NULL && before->outcome == TH_ICE_RUN_FAILED && before->stage == after->stage))
    return NULL;
  /* Translators: %1$s is a way to a server: "turn:192.0.2.1:3478?transport=udp, IPv4"; %2$s is how
   * far it got: "DNS", "Connect", "TLS", "Allocate" */
  return g_strdup_printf (_("Fails now: %1$s (at %2$s)"), name, th_ice_stage_get_name (stage));
}

static void
add_paths (GPtrArray *changes, ThIceRun *before, ThIceRun *after)
{
  const GPtrArray *paths = th_ice_run_get_paths (after);
  const GPtrArray *former = th_ice_run_get_paths (before);

  for (guint i = 0; i < paths->len; i++)
    {
      const ThIceRunPath *path = g_ptr_array_index (paths, i);
      char *text = compare_paths (th_ice_run_find_path (before, path), path);

      if (text != NULL)
        take (changes, text);
    }
  for (guint i = 0; i < former->len; i++)
    {
      const ThIceRunPath *path = g_ptr_array_index (former, i);
      g_autofree char *name = name_path (path);

      if (th_ice_run_find_path (after, path) == NULL)
        /* Translators: %s is a way to a server: "turn:192.0.2.1:3478?transport=udp, IPv4" */
        take (changes, g_strdup_printf (_("Not tested any more: %s"), name));
    }
}

static void
add_address (GPtrArray *changes, const ThAddress *before, const ThAddress *after)
{
  char text[TH_ADDRESS_STRING_SIZE], former[TH_ADDRESS_STRING_SIZE];

  if (!th_address_is_set (before) || !th_address_is_set (after) ||
      th_address_same_host (before, after))
    return;
  /* Translators: %1$s and %2$s are addresses such as 203.0.113.7 */
  take (changes, g_strdup_printf (_("This network’s address is %1$s, was %2$s"),
                                  th_address_format_host (after, text),
                                  th_address_format_host (before, former)));
}

static void
add_figures (GPtrArray *changes, const ThIceRunValues *before, const ThIceRunValues *after)
{
  gint64 later = after->round_trip - before->round_trip;
  int more = (int) after->loss - (int) before->loss;

  if (before->round_trip == 0 || after->round_trip == 0)
    return;
  if (ABS (later) >= ENOUGH_TIME)
    /* Translators: how long packets take to the other end and back, in milliseconds */
    take (changes, g_strdup_printf (_("The round trip takes %1$.1f ms, took %2$.1f ms"),
                                    after->round_trip / 1000.0, before->round_trip / 1000.0));
  if (ABS (more) >= ENOUGH_LOSS)
    take (changes, g_strdup_printf (_("%1$.1f %% of packets are lost, were %2$.1f %%"),
                                    after->loss / 1e4, before->loss / 1e4));
}

char **
th_ice_changes_describe (ThIceRun *before, ThIceRun *after)
{
  GPtrArray *changes = g_ptr_array_new ();
  const ThIceRunValues *former = th_ice_run_get_values (before);
  const ThIceRunValues *now = th_ice_run_get_values (after);

  add_findings (changes, after, before, FALSE);
  add_findings (changes, before, after, TRUE);
  add_paths (changes, before, after);
  add_address (changes, &former->mapped, &now->mapped);
  add_figures (changes, former, now);
  g_ptr_array_add (changes, NULL);
  return (char **) g_ptr_array_free (changes, FALSE);
}
