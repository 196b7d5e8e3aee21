/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text, and what endpoints answer; endpoints in these are not asked in turn.
 */
#include "ice/ice-list.h"

#include <gio/gio.h>
#include <string.h>

#include "credentials/secret.h"
#include "ice/ice-endpoint.h"

struct _ThIceList {
  char *username; /* nullable, as are these three */
  char *password;
  char *secret;
  char *token;
  guint timeout;
  const ThIceListEvents *events;
  gpointer data;
  GCancellable *cancellable;
  guint n_asked; /* and not answered yet */
};

typedef struct {
  ThIceList *list; /* not owned: gone once it is cancelled */
  char *label;
} Asking;

static GPtrArray *
parse (ThIceList *self, const char *text, GError **error)
{
  ThIceLogin login = { self->username, self->password, self->secret };

  return th_ice_servers_parse (text, strlen (text), &login, g_get_real_time () / G_USEC_PER_SEC,
                               error);
}

static void
take_row (ThIceList *self, const ThIceServerRow *row)
{
  if (row->server != NULL)
    self->events->server (row->server, self->data);
  else if (row->error != NULL)
    self->events->refused (row->label, row->error, self->data);
}

static void
take_answer (ThIceList *self, const char *label, const ThIceEndpointAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = parse (self, answer->text, &error);

  if (answer->clock_compared)
    self->events->clock (answer->clock_ahead, self->data);
  if (rows == NULL)
    self->events->refused (label, error, self->data);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    take_row (self, g_ptr_array_index (rows, i));
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer data)
{
  Asking *asking = data;
  ThIceList *self = asking->list;
  g_autofree char *label = asking->label;
  g_autoptr (GError) error = NULL;
  g_autoptr (ThIceEndpointAnswer) answer = th_ice_endpoint_fetch_finish (result, &error);

  g_free (asking);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (answer != NULL)
    take_answer (self, label, answer);
  else
    self->events->refused (label, error, self->data);
  if (--self->n_asked == 0)
    self->events->done (self->data);
}

static void
ask (ThIceList *self, const ThIceServerRow *row)
{
  Asking *asking = g_new0 (Asking, 1);

  asking->list = self;
  asking->label = g_strdup (row->label);
  self->n_asked++;
  self->events->asks (row->label, self->data);
  th_ice_endpoint_fetch_async (row->endpoint, self->token, self->timeout, self->cancellable,
                               on_fetched, asking);
}

ThIceList *
th_ice_list_new (const ThIceLogin *login,
                 const char *token,
                 guint timeout,
                 const ThIceListEvents *events,
                 gpointer data)
{
  ThIceList *self = g_new0 (ThIceList, 1);

  self->username = g_strdup (login->username);
  self->password = g_strdup (login->password);
  self->secret = g_strdup (login->secret);
  self->token = g_strdup (token);
  self->timeout = timeout;
  self->events = events;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  return self;
}

void
th_ice_list_free (ThIceList *self)
{
  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  g_free (self->username);
  th_secret_free (self->password);
  th_secret_free (self->secret);
  th_secret_free (self->token);
  g_free (self);
}

gboolean
th_ice_list_read (ThIceList *self, const char *text, GError **error)
{
  g_autoptr (GPtrArray) rows = parse (self, text, error);

  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      const ThIceServerRow *row = g_ptr_array_index (rows, i);

      if (row->endpoint != NULL)
        ask (self, row);
      else
        take_row (self, row);
    }
  if (rows != NULL && self->n_asked == 0)
    self->events->done (self->data);
  return rows != NULL;
}
