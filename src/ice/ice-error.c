/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The error domain of this room, and how errors of sockets become errors of it.
 */
#include "ice/ice-error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

G_DEFINE_QUARK (th-ice-error-quark, th_ice_error)

static const struct {
  GIOErrorEnum from;
  ThIceError to;
  const char *message;
} translations[] = {
  { G_IO_ERROR_CONNECTION_REFUSED, TH_ICE_ERROR_REFUSED, N_("Nothing answers on this port.") },
  { G_IO_ERROR_NETWORK_UNREACHABLE, TH_ICE_ERROR_NO_ROUTE,
    N_("This machine has no way to that network.") },
  { G_IO_ERROR_HOST_UNREACHABLE, TH_ICE_ERROR_NO_ROUTE, N_("There is no way to that machine.") },
  { G_IO_ERROR_TIMED_OUT, TH_ICE_ERROR_TIMEOUT, N_("No answer came in time.") },
  { G_IO_ERROR_CONNECTION_CLOSED, TH_ICE_ERROR_CLOSED, N_("The server ended the connection.") },
};

void
th_ice_error_translate (GError **to, const GError *error)
{
  for (guint i = 0; i < G_N_ELEMENTS (translations); i++)
    {
      if (!g_error_matches (error, G_IO_ERROR, translations[i].from))
        continue;
      g_set_error_literal (to, TH_ICE_ERROR, translations[i].to, _(translations[i].message));
      return;
    }
  g_set_error (to, TH_ICE_ERROR, TH_ICE_ERROR_SYSTEM, _("The system refused: %s"), error->message);
}
