/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Servers for tests.
 */
#include "world.h"

#include "ice/ice-agent.h"

ThIceServer *
server_of (const Fixture *relay, const char *transport)
{
  char text[TH_ADDRESS_STRING_SIZE];
  g_autofree char *url = g_strdup_printf (
      "turn:%s?transport=%s", th_address_format (&relay->address, text), transport);
  GError *error = NULL;
  ThIceServer *server = th_ice_server_new (url, "ada", "ada-secret", &error);

  g_assert_no_error (error);
  return server;
}

GPtrArray *
list_of (ThIceServer *a, ThIceServer *b, ThIceServer *c, ThIceServer *d)
{
  ThIceServer *servers[] = { a, b, c, d };
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) th_ice_server_free);

  for (guint i = 0; i < G_N_ELEMENTS (servers) && servers[i] != NULL; i++)
    g_ptr_array_add (list, servers[i]);
  return list;
}

ThIceServer *
foreign_server (const char *url)
{
  GError *error = NULL;
  ThIceServer *server = th_ice_server_new (url, "nobody", "nothing", &error);

  g_assert_no_error (error);
  return server;
}

ThIceServer *
silent_server (const Peer *peer, const char *scheme)
{
  char text[TH_ADDRESS_STRING_SIZE];
  g_autofree char *url =
      g_strdup_printf ("%s:%s", scheme, th_address_format (&peer->address, text));

  return foreign_server (url);
}

void
wait_until_closed (void)
{
  wait_until (th_ice_agents_closing () == 0);
  run_main_context ();
}
