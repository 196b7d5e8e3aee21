/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One lookup, which ends in time even if the resolver does not.
 */
#include "ice/ice-name.h"

#include <glib/gi18n.h>

typedef struct {
  ThStunFamily family;
  guint16 port;
  guint timer; /* source; 0: it is over */
} LookUp;

static void
look_up_free (gpointer data)
{
  LookUp *look_up = data;

  g_clear_handle_id (&look_up->timer, g_source_remove);
  g_free (look_up);
}

static GError *
make_error (const LookUp *look_up, const GError *trouble)
{
  if (trouble == NULL)
    return g_error_new (TH_ICE_ERROR, TH_ICE_ERROR_NO_FAMILY, _("The name has no %s address."),
                        look_up->family == TH_STUN_FAMILY_IPV6 ? "IPv6" : "IPv4");
  if (g_error_matches (trouble, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE))
    return g_error_new_literal (TH_ICE_ERROR, TH_ICE_ERROR_TIMEOUT,
                                _("The name server does not answer."));
  return g_error_new_literal (TH_ICE_ERROR, TH_ICE_ERROR_NAME, _("This name is not known."));
}

static void
on_resolved (GObject *resolver, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  LookUp *look_up = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (resolver), result, &error);
  ThAddress found;

  if (look_up->timer != 0)
    {
      g_clear_handle_id (&look_up->timer, g_source_remove);
      if (th_ice_name_pick (addresses, look_up->family, look_up->port, &found))
        g_task_return_pointer (task, g_memdup2 (&found, sizeof found), g_free);
      else
        g_task_return_error (task, make_error (look_up, error));
    }
  g_resolver_free_addresses (addresses);
}

static gboolean
on_timeout (gpointer data)
{
  GTask *task = data;
  LookUp *look_up = g_task_get_task_data (task);

  look_up->timer = 0;
  g_task_return_new_error (task, TH_ICE_ERROR, TH_ICE_ERROR_TIMEOUT, "%s",
                           _("The name server does not answer."));
  return G_SOURCE_REMOVE;
}

void
th_ice_name_look_up_async (const ThIceServer *server,
                           ThStunFamily family,
                           guint timeout,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  LookUp *look_up = g_new0 (LookUp, 1);

  look_up->family = family;
  look_up->port = server->port;
  g_task_set_task_data (task, look_up, look_up_free);
  look_up->timer = g_timeout_add (timeout, on_timeout, task);
  g_resolver_lookup_by_name_async (resolver, server->host, cancellable, on_resolved, task);
}

gboolean
th_ice_name_pick (GList *addresses, ThStunFamily family, guint16 port, ThAddress *found)
{
  for (GList *l = addresses; l != NULL; l = l->next)
    {
      g_autofree char *text = g_inet_address_to_string (l->data);

      if (th_address_parse (found, text, port) && th_address_family (found) == family)
        return TRUE;
    }
  return FALSE;
}

gboolean
th_ice_name_look_up_finish (GAsyncResult *result, ThAddress *address, GError **error)
{
  g_autofree ThAddress *found = g_task_propagate_pointer (G_TASK (result), error);

  if (found == NULL)
    return FALSE;
  *address = *found;
  return TRUE;
}
