/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One look-up a host name, however many servers have it.
 */
#include "ice/ice-routes.h"

#include "ice/ice-name.h"
#include "ice/ice-tls-bridge.h"

struct _ThIceRoutes {
  GPtrArray *servers;
  GPtrArray *bridges;
  gboolean any_certificate;
  ThIceRoutesFound found;
  gpointer user_data;
  GCancellable *cancellable;
  guint n_waiting; /* look-ups */
};

/* What a look-up remembers; the routes may be gone when it ends, and then it has been cancelled. */
typedef struct {
  ThIceRoutes *routes;
  char *host;
} Lookup;

static void
lookup_free (Lookup *self)
{
  g_free (self->host);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Lookup, lookup_free)

static void
add_route (ThIceRoutes *self, GArray *routes, const ThIceServer *server, const ThAddress *host)
{
  ThIceRoute route = {
    .server = server,
    .address = *host,
    .loopback = th_address_is_loopback (host),
  };
  ThIceTlsBridge *bridge;

  th_address_set_port (&route.address, server->port);
  if (server->transport == TH_ICE_DTLS)
    return; /* libnice cannot speak it */
  if (server->transport == TH_ICE_TLS)
    {
      bridge = th_ice_tls_bridge_new (&route.address, server->host, self->any_certificate,
                                      &route.address);
      if (bridge == NULL)
        return;
      g_ptr_array_add (self->bridges, bridge);
    }
  g_array_append_val (routes, route);
}

static void
tell (ThIceRoutes *self, GArray *routes)
{
  self->found (routes, self->n_waiting == 0, self->user_data);
}

static void
add_host (ThIceRoutes *self, GArray *routes, const char *name, const ThAddress *host)
{
  for (guint i = 0; i < self->servers->len; i++)
    {
      const ThIceServer *server = self->servers->pdata[i];

      if (g_ascii_strcasecmp (server->host, name) == 0)
        add_route (self, routes, server, host);
    }
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  static const ThStunFamily families[] = { TH_STUN_FAMILY_IPV4, TH_STUN_FAMILY_IPV6 };
  g_autoptr (Lookup) lookup = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) routes = g_array_new (FALSE, FALSE, sizeof (ThIceRoute));
  GList *addresses =
      g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      for (guint i = 0; i < G_N_ELEMENTS (families); i++)
        {
          ThAddress address;

          if (th_ice_name_pick (addresses, families[i], 0, &address))
            add_host (lookup->routes, routes, lookup->host, &address);
        }
      lookup->routes->n_waiting--;
      tell (lookup->routes, routes);
    }
  g_resolver_free_addresses (addresses);
}

static void
look_up (ThIceRoutes *self, const char *host)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->routes = self;
  lookup->host = g_strdup (host);
  self->n_waiting++;
  g_resolver_lookup_by_name_async (resolver, host, self->cancellable, on_looked_up, lookup);
}

ThIceRoutes *
th_ice_routes_new (GPtrArray *servers,
                 gboolean any_certificate,
                 ThIceRoutesFound found,
                 gpointer user_data)
{
  ThIceRoutes *self = g_new0 (ThIceRoutes, 1);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GArray) routes = g_array_new (FALSE, FALSE, sizeof (ThIceRoute));

  self->servers = g_ptr_array_ref (servers);
  self->bridges = g_ptr_array_new_with_free_func ((GDestroyNotify) th_ice_tls_bridge_free);
  self->any_certificate = any_certificate;
  self->found = found;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < servers->len; i++)
    {
      const ThIceServer *server = servers->pdata[i];
      ThAddress address;

      if (th_address_parse (&address, server->host, 0))
        add_route (self, routes, server, &address);
      else if (g_hash_table_add (names, server->host))
        look_up (self, server->host);
    }
  tell (self, routes);
  return self;
}

void
th_ice_routes_free (ThIceRoutes *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->bridges);
  g_ptr_array_unref (self->servers);
  g_free (self);
}
