/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words for a candidate.
 */
#include "panel/candidate-text.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
print_address (const char *host, guint16 port)
{
  return g_strdup_printf (strchr (host, ':') ? "[%s]:%u" : "%s:%u", host, port);
}

char *
th_candidate_text_time (gpointer candidate)
{
  /* Translators: seconds since the test began: "0.03 s" */
  return g_strdup_printf (_("%.2f s"),
                          th_ice_candidate_get_values (candidate)->time / (double) G_USEC_PER_SEC);
}

char *
th_candidate_text_kind (gpointer candidate)
{
  switch (th_ice_candidate_get_values (candidate)->type)
    {
    case TH_ICE_CANDIDATE_HOST:
      return g_strdup (C_ ("candidate", "This device"));
    case TH_ICE_CANDIDATE_SRFLX:
      return g_strdup (C_ ("candidate", "Seen by a server"));
    case TH_ICE_CANDIDATE_PRFLX:
      return g_strdup (C_ ("candidate", "Seen by the peer"));
    case TH_ICE_CANDIDATE_RELAY:
    default:
      return g_strdup (C_ ("candidate", "Relay"));
    }
}

char *
th_candidate_text_transport (gpointer candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);
  const char *own = values->tcp ? "TCP" : "UDP";
  g_autofree char *way = NULL;

  if (!values->relay_protocol)
    return g_strdup (own);
  way = g_ascii_strup (values->relay_protocol, -1);
  /* Translators: %1$s is UDP; %2$s is how the relay is reached: UDP, TCP or TLS */
  return g_strdup_printf (_("%1$s over %2$s"), own, way);
}

char *
th_candidate_text_address (gpointer candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  if (!*values->address)
    return g_strdup (_("Kept back"));
  return print_address (values->address, values->port);
}

char *
th_candidate_text_priority (gpointer candidate)
{
  return g_strdup_printf ("%u|%u|%u", th_ice_candidate_get_type_preference (candidate),
                          th_ice_candidate_get_local_preference (candidate),
                          th_ice_candidate_get_component_preference (candidate));
}

char *
th_candidate_text_source (gpointer candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  if (values->server_url)
    return g_strdup (values->server_url);
  if (!values->related_address)
    return g_strdup ("");
  return print_address (values->related_address, values->related_port);
}

char *
th_candidate_text_foundation (gpointer candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  return g_strdup_printf ("%s/%u", values->foundation, values->component);
}
