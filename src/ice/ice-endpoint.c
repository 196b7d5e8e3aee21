/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One request after the other, until a path answers well.
 */
#include "ice/ice-endpoint.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "credentials/secret.h"
#include "ice/ice-server-list.h"

/* Ours, LiveKit's, the TURN REST API's and PeerWave's. */
static const char *const paths[] = {
  "/api/ice-servers",
  "/api/livekit/ice-config",
  "/turn?service=turn",
  "/client/meta",
};

typedef struct {
  SoupSession *session;
  char *url;
  char *token; /* nullable */
  gboolean guesses; /* the URL has no path */
  guint attempt;
  SoupMessage *message;
  char *buffer;
  GCancellable *limit; /* of all attempts */
  gulong cancelled;
  guint timer;
  gboolean timed_out;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  g_clear_handle_id (&fetch->timer, g_source_remove);
  soup_session_abort (fetch->session);
  g_object_unref (fetch->session);
  g_clear_object (&fetch->message);
  g_object_unref (fetch->limit);
  g_free (fetch->url);
  th_secret_free (fetch->token);
  if (fetch->buffer != NULL)
    explicit_bzero (fetch->buffer, TH_ICE_TEXT_SIZE_MAX + 1);
  g_free (fetch->buffer);
  g_free (fetch);
}

static void attempt (GTask *task);

static void
on_caller_cancelled (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (data);
}

static gboolean
on_timeout (gpointer data)
{
  Fetch *fetch = data;

  fetch->timer = 0;
  fetch->timed_out = TRUE;
  g_cancellable_cancel (fetch->limit);
  return G_SOURCE_REMOVE;
}

static void
end (GTask *task, ThIceEndpointAnswer *answer, GError *error)
{
  Fetch *fetch = g_task_get_task_data (task);

  g_cancellable_disconnect (g_task_get_cancellable (task), fetch->cancelled);
  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify) th_ice_endpoint_answer_free);
  else
    g_task_return_error (task, error);
}

static void
fail (GTask *task, ThIceError code, const char *message)
{
  end (task, NULL, g_error_new_literal (TH_ICE_ERROR, code, message));
}

static void
fail_to_send (GTask *task, const GError *error)
{
  Fetch *fetch = g_task_get_task_data (task);

  if (fetch->timed_out)
    fail (task, TH_ICE_ERROR_TIMEOUT, _("The endpoint does not answer in time."));
  else
    end (task, NULL, g_error_new (TH_ICE_ERROR, TH_ICE_ERROR_FETCH,
                                  _("The endpoint cannot be reached: %s"), error->message));
}

static void
fail_by_status (GTask *task, guint status)
{
  if (status == 401 || status == 403)
    end (task, NULL, g_error_new (TH_ICE_ERROR, TH_ICE_ERROR_FETCH,
                                  _("The endpoint wants another token (%u)."), status));
  else if (status >= 300 && status < 400)
    end (task, NULL, g_error_new (TH_ICE_ERROR, TH_ICE_ERROR_FETCH,
                                  _("The endpoint is at another address (%u)."), status));
  else
    end (task, NULL, g_error_new (TH_ICE_ERROR, TH_ICE_ERROR_FETCH,
                                  _("The endpoint answers with an error (%u)."), status));
}

static void
compare_clocks (SoupMessage *message, ThIceEndpointAnswer *answer)
{
  const char *text =
      soup_message_headers_get_one (soup_message_get_response_headers (message), "Date");
  g_autoptr (GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  if (date == NULL)
    return;
  answer->clock_compared = TRUE;
  answer->clock_ahead = g_date_time_to_unix (date) - g_get_real_time () / G_USEC_PER_SEC;
}

static void
on_read (GObject *stream, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (ThIceEndpointAnswer) answer = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, &length, &error))
    fail_to_send (task, error);
  else if (length > TH_ICE_TEXT_SIZE_MAX)
    fail (task, TH_ICE_ERROR_TOO_MUCH, _("The endpoint’s answer is too long."));
  else if (!g_utf8_validate_len (fetch->buffer, length, NULL))
    fail (task, TH_ICE_ERROR_FETCH, _("The endpoint’s answer is no text."));
  else
    {
      answer = g_new0 (ThIceEndpointAnswer, 1);
      answer->text = g_strndup (fetch->buffer, length);
      compare_clocks (fetch->message, answer);
      end (task, g_steal_pointer (&answer), NULL);
    }
}

static gboolean
may_try_another (const Fetch *fetch, guint status)
{
  return fetch->guesses && fetch->attempt < G_N_ELEMENTS (paths) &&
         (status == 404 || status == 405);
}

static void
on_answered (GObject *session, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) body =
      soup_session_send_finish (SOUP_SESSION (session), result, &error);
  guint status = soup_message_get_status (fetch->message);

  if (body == NULL)
    fail_to_send (task, error);
  else if (may_try_another (fetch, status))
    attempt (task);
  else if (status != SOUP_STATUS_OK)
    fail_by_status (task, status);
  else
    {
      fetch->buffer = g_malloc (TH_ICE_TEXT_SIZE_MAX + 1);
      g_input_stream_read_all_async (body, fetch->buffer, TH_ICE_TEXT_SIZE_MAX + 1,
                                     G_PRIORITY_DEFAULT, fetch->limit, on_read,
                                     g_object_ref (task));
    }
}

static GUri *
make_uri (const Fetch *fetch)
{
  g_autoptr (GUri) base = g_uri_parse (fetch->url, SOUP_HTTP_URI_FLAGS, NULL);

  if (base == NULL || !fetch->guesses)
    return g_steal_pointer (&base);
  return g_uri_parse_relative (base, paths[fetch->attempt], SOUP_HTTP_URI_FLAGS, NULL);
}

static void
attempt (GTask *task)
{
  Fetch *fetch = g_task_get_task_data (task);
  g_autoptr (GUri) uri = make_uri (fetch);

  g_clear_object (&fetch->message);
  fetch->attempt++;
  fetch->message = soup_message_new_from_uri ("GET", uri);
  soup_message_add_flags (fetch->message, SOUP_MESSAGE_NO_REDIRECT);
  if (fetch->token != NULL)
    {
      g_autofree char *value = g_strconcat ("Bearer ", fetch->token, NULL);

      soup_message_headers_replace (soup_message_get_request_headers (fetch->message),
                                    "Authorization", value);
      explicit_bzero (value, strlen (value));
    }
  soup_session_send_async (fetch->session, fetch->message, G_PRIORITY_DEFAULT, fetch->limit,
                           on_answered, g_object_ref (task));
}

static gboolean
is_usable (const char *url, gboolean *guesses)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  const char *path = uri != NULL ? g_uri_get_path (uri) : NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      g_uri_get_userinfo (uri) != NULL)
    return FALSE;
  *guesses = (*path == '\0' || g_str_equal (path, "/")) && g_uri_get_query (uri) == NULL;
  return TRUE;
}

void
th_ice_endpoint_fetch_async (const char *url,
                             const char *token,
                             guint timeout,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  gboolean guesses;
  Fetch *fetch;

  if (!is_usable (url, &guesses))
    {
      g_task_return_new_error (task, TH_ICE_ERROR, TH_ICE_ERROR_INVALID,
                               _("This is no address of an endpoint."));
      return;
    }
  fetch = g_new0 (Fetch, 1);
  fetch->session = soup_session_new ();
  fetch->url = g_strdup (url);
  fetch->token = g_strdup (token);
  fetch->guesses = guesses;
  fetch->limit = g_cancellable_new ();
  fetch->timer = g_timeout_add (timeout, on_timeout, fetch);
  g_task_set_task_data (task, fetch, fetch_free);
  if (cancellable != NULL)
    fetch->cancelled = g_cancellable_connect (cancellable, G_CALLBACK (on_caller_cancelled),
                                              g_object_ref (fetch->limit), g_object_unref);
  attempt (task);
}

ThIceEndpointAnswer *
th_ice_endpoint_fetch_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
th_ice_endpoint_answer_free (ThIceEndpointAnswer *self)
{
  th_secret_free (self->text);
  g_free (self);
}
