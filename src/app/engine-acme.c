/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where authorities look for HTTP-01: an endpoint of its own that answers nothing else, open for as
 * long as one is being asked.
 */
#include <glib/gi18n.h>

#include "app/engine-private.h"
#include "app/low-ports.h"
#include "app/port-owner.h"

/* Sentences without the last full stop. */
static char *
explain_taken (guint16 port)
{
  g_autofree char *owner = th_port_owner_find (port, TH_PORT_TCP);

  if (owner == NULL)
    return g_strdup_printf (
        _("Port %u is taken by another program. If it is a web server, have it "
           "pass on /.well-known/acme-challenge/ to the endpoint, and set the "
           "port for the check to 0"),
        port);
  /* Translators: %2$s is the name of a program */
  return g_strdup_printf (
      _("Port %1$u is taken by another program (%2$s). If it is a web server, "
         "have it pass on /.well-known/acme-challenge/ to the endpoint, and set "
         "the port for the check to 0"),
      port, owner);
}

static char *
explain (const GError *error, guint16 port)
{
  if (g_error_matches (error, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_PORT_IN_USE))
    return explain_taken (port);
  if (g_error_matches (error, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_PORT_FORBIDDEN))
    {
      g_autofree char *command = th_low_ports_dup_command (port);

      /* Translators: %2$s is a command for a terminal */
      return g_strdup_printf (_("Port %1$u is reserved for the system. This allows it: %2$s"),
                              port, command);
    }
  return g_strdup (error->message);
}

static gboolean
open_port (gpointer data, guint16 port, GError **error)
{
  ThEngine *self = data;
  g_autoptr (ThEndpointConfig) config = th_endpoint_config_new ();
  g_autoptr (ThEndpoint) endpoint = NULL;
  g_autoptr (GError) cause = NULL;

  g_clear_pointer (&config->listen, g_strfreev);
  config->listen = g_new0 (char *, 1);
  config->port = port;
  config->challenges_only = TRUE;
  endpoint = th_endpoint_new (config, th_engine_get_backend (), self);
  if (th_endpoint_start (endpoint, &cause))
    {
      self->challenge_endpoint = g_steal_pointer (&endpoint);
      return TRUE;
    }
  g_autofree char *why = explain (cause, port);
  g_set_error_literal (error, cause->domain, cause->code, why);
  return FALSE;
}

static void
close_port (gpointer data)
{
  g_clear_object (&((ThEngine *) data)->challenge_endpoint);
}

const ThAcmePort *
th_engine_get_acme_port (void)
{
  static const ThAcmePort port = { .open = open_port, .close = close_port };

  return &port;
}

const char *
th_engine_find_challenge (gpointer data, const char *token)
{
  return th_acme_challenges_find (th_acme_get_challenges (((ThEngine *) data)->acme), token);
}

ThCertificateOrigin
th_engine_get_certificate_origin (ThEngine *self)
{
  return th_certificates_get_origin (self->certificates);
}

ThAcme *
th_engine_get_acme (ThEngine *self)
{
  return self->acme;
}
