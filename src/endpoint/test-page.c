/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page with a ticket in it, for whoever may have one; to others the same page tells what is
 * wrong with their link.
 */
#include "endpoint/test-page.h"

#include <string.h>

#include "endpoint/guesses.h"
#include "endpoint/reply.h"
#include "endpoint/web-file.h"

/* Where the ticket stands in the page. */
#define PLACE "@TICKET@"

static const char *
get_header (const ThRequest *request, const char *name)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (request->message);

  return soup_message_headers_get_one (headers, name);
}

static void
set_header (const ThRequest *request, const char *name, const char *value)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);

  soup_message_headers_replace (headers, name, value);
}

/* (transfer full) (nullable): one that cannot be read is wrong, which is not the same as none */
static char *
find_link (const ThRequest *request)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (request->message));
  g_autoptr (GHashTable) fields = NULL;
  const char *link;

  if (query == NULL || strstr (query, "link") == NULL)
    return NULL;
  fields = soup_form_decode (query);
  link = g_hash_table_lookup (fields, "link");
  return g_strdup (link != NULL ? link : "");
}

/* Browsers that fetch what their user may want next say so, each in its own way. */
static gboolean
is_for_later (const ThRequest *request)
{
  const char *const names[] = { "Sec-Purpose", "Purpose", "X-Purpose", "X-Moz" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *purpose = get_header (request, names[i]);

      if (purpose != NULL && (strstr (purpose, "prefetch") != NULL ||
                              strstr (purpose, "prerender") != NULL ||
                              strstr (purpose, "preview") != NULL))
        return TRUE;
    }
  return FALSE;
}

/* A person on this machine who typed the address; no other page may open it for them. */
static gboolean
is_trusted_here (const ThRequest *request)
{
  const char *site = get_header (request, "Sec-Fetch-Site");
  ThCaller caller;
  gboolean local;

  th_caller_identify (&caller, request->message, request->config, request->backend,
                      request->backend_data);
  local = caller.kind == TH_CALLER_LOCAL;
  th_caller_clear (&caller);
  return local && (site == NULL || g_str_equal (site, "none") || g_str_equal (site, "same-origin"));
}

/* Only looking at the head uses nothing up. */
static gboolean
take_link (const ThRequest *request, const char *link)
{
  ThOneTime *links = request->backend->get_test_links (request->backend_data);
  gint64 now = g_get_monotonic_time ();

  if (links == NULL)
    return FALSE;
  if (g_str_equal (soup_server_message_get_method (request->message), "HEAD"))
    return th_one_time_get_time_left (links, link, now) > 0;
  return th_one_time_take (links, link, now);
}

/*
 * Nothing but the page's own files, and its own server to talk with. Not all browsers take 'self'
 * for WebSockets as well; those get the name that they asked for, where it is a plain one.
 */
static char *
make_policy (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  gboolean plain = host != NULL && *host != '\0' &&
                   strspn (host, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS ".-") == strlen (host);
  g_autofree char *port =
      g_uri_get_port (uri) > 0 ? g_strdup_printf (":%d", g_uri_get_port (uri)) : g_strdup ("");
  g_autofree char *sockets =
      plain ? g_strdup_printf (" ws://%s%s wss://%s%s", host, port, host, port) : g_strdup ("");

  return g_strdup_printf ("default-src 'none'; script-src 'self'; style-src 'self'; "
                          "connect-src 'self'%s; base-uri 'none'; form-action 'none'; "
                          "frame-ancestors 'none'",
                          sockets);
}

static void
add_page_headers (const ThRequest *request)
{
  g_autofree char *policy = make_policy (soup_server_message_get_uri (request->message));

  set_header (request, "Content-Security-Policy", policy);
  set_header (request, "Cross-Origin-Opener-Policy", "same-origin");
  set_header (request, "Referrer-Policy", "no-referrer");
  set_header (request, "X-Frame-Options", "DENY");
  set_header (request, "X-Robots-Tag", "noindex");
}

static void
answer_with_page (const ThRequest *request, guint status, const char *ticket)
{
  g_autoptr (GBytes) file = th_web_file_get ("test/page.html");
  gsize size;
  const char *bytes = g_bytes_get_data (file, &size);
  GString *page = g_string_new_len (bytes, (gssize) size);

  g_string_replace (page, PLACE, ticket, 0);
  add_page_headers (request);
  size = page->len;
  soup_server_message_set_status (request->message, status, NULL);
  soup_server_message_set_response (request->message, "text/html; charset=utf-8",
                                    SOUP_MEMORY_TAKE, g_string_free (page, FALSE), size);
}

/* A person gets to read why; a program gets what programs get everywhere. */
static void
refuse (const ThRequest *request, guint status, const char *text)
{
  const char *accept = get_header (request, "Accept");

  if (!th_guesses_count (request))
    return;
  if (accept != NULL && strstr (accept, "text/html") != NULL)
    answer_with_page (request, status, "");
  else
    th_reply_error (request->message, status, text);
}

void
th_answer_test_page (const ThRequest *request)
{
  g_autofree char *link = find_link (request);
  g_autofree char *ticket = NULL;

  if (is_for_later (request))
    th_reply_error (request->message, SOUP_STATUS_SERVICE_UNAVAILABLE, "Not ahead of time");
  else if (!th_guesses_allow (request))
    return;
  else if (link != NULL && !take_link (request, link))
    refuse (request, SOUP_STATUS_GONE, "This link was used, or is too old");
  else if (link == NULL && !is_trusted_here (request))
    refuse (request, SOUP_STATUS_FORBIDDEN, "This page is opened by a link");
  else
    {
      if (g_str_equal (soup_server_message_get_method (request->message), "GET"))
        ticket = th_one_time_make (request->test_tickets, g_get_monotonic_time ());
      answer_with_page (request, SOUP_STATUS_OK, ticket != NULL ? ticket : "");
    }
}

void
th_answer_test_file (const ThRequest *request)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (request->message));
  gboolean style = g_str_has_suffix (path, ".css");

  th_web_file_answer (request->message, path + 1,
                      style ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8");
}
