/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes lists of servers: each row is one thing, no label is long, and the URL of a server reads
 * as the same server again.
 */
#include <string.h>

#include "fuzz.h"
#include "ice/ice-server-list.h"

static void
check_row (const ThIceServerRow *row)
{
  g_autoptr (ThIceServer) again = NULL;

  g_assert_true ((row->server != NULL) + (row->endpoint != NULL) + (row->error != NULL) == 1);
  g_assert_true (g_utf8_validate (row->label, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (row->label, -1), <=, 100);
  if (row->server == NULL)
    return;
  g_assert_cmpuint (row->server->port, !=, 0);
  again = th_ice_server_new (row->server->url, NULL, NULL, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (again->url, ==, row->server->url);
  g_assert_cmpstr (again->host, ==, row->server->host);
  g_assert_cmpint (again->transport, ==, row->server->transport);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  ThIceLogin login = { .secret = "secret" };
  g_autoptr (GPtrArray) rows =
      th_ice_servers_parse (size > 0 ? (const char *) data : "", size, &login, 1700000000, NULL);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    check_row (g_ptr_array_index (rows, i));
  return 0;
}
