/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plain words first; numbers of the protocol where they help somebody who knows it.
 */
#include "panel/connection-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/display-text.h"
#include "panel/format.h"

guint64
th_connection_bytes (ThSession *session)
{
  guint64 up, down;
  g_object_get (session, "bytes-up", &up, "bytes-down", &down, NULL);
  return up + down;
}

char *
th_connection_user (ThSession *session)
{
  return th_display_text (th_session_get_user (session), -1);
}

char *
th_connection_age (ThSession *session)
{
  gint64 age = th_session_get_age (session);
  if (age < 60)
    /* Translators: a span of time in seconds, short */
    return g_strdup_printf (_("%u s"), (guint) age);
  return th_format_time_left (age);
}

char *
th_connection_state (ThSession *session)
{
  g_autofree char *age = th_connection_age (session);
  if (th_session_has_ended (session))
    /* Translators: %s is a span of time such as "12 min" */
    return g_strdup_printf (_("Ended, after %s"), age);
  if (th_session_get_rate_up (session) > 0 || th_session_get_rate_down (session) > 0)
    /* Translators: of a call; %s is a span of time such as "12 min" */
    return g_strdup_printf (_("Talking, for %s"), age);
  /* Translators: of a call in which nothing is said; %s is a span of time such as "12 min" */
  return g_strdup_printf (_("Quiet, there for %s"), age);
}

char *
th_connection_address (const ThAddress *address)
{
  char text[TH_ADDRESS_STRING_SIZE];
  return th_format_left_to_right (th_address_port (address) != 0
                                      ? th_address_format (address, text)
                                      : th_address_format_host (address, text));
}

char *
th_connection_network (const ThAddress *address, guint v4, guint v6)
{
  gsize length;
  const guint8 *bytes = th_address_bytes (address, &length);
  guint bits = length == 4 ? v4 : v6;
  guint8 masked[16] = { 0 };
  ThAddress network = *address;
  char text[TH_ADDRESS_STRING_SIZE];

  memcpy (masked, bytes, bits / 8);
  memcpy ((guint8 *) th_address_bytes (&network, &length), masked, length);
  th_address_format_host (&network, text);
  return g_strdup_printf ("%s/%u", text, bits);
}

static const char *
words_for_end (ThSessionEnd why)
{
  switch (why)
    {
    case TH_SESSION_END_REFRESH:
      return _("ended by the app");
    case TH_SESSION_END_EXPIRED:
      return _("ended: nothing was heard of the app in time");
    case TH_SESSION_END_CLIENT_GONE:
      return _("ended: the app’s connection was closed");
    case TH_SESSION_END_REVOKED:
      return _("ended from here");
    case TH_SESSION_END_SHUTDOWN:
    default:
      return _("ended with the relay");
    }
}

static char *
words_for_start (ThSession *session)
{
  const ThAddress *relayed = &th_session_get_record (session)->relayed[0];
  /* Translators: what happened to an app that asked for a session */
  return g_strdup_printf (_("allowed, got port %u"), th_address_port (relayed));
}

char *
th_connection_note (const ThSessionNote *note, ThSession *session, const char *peer)
{
  g_autofree char *address = th_connection_address (&note->peer);
  const char *name = peer ? peer : address;
  switch (note->kind)
    {
    case TH_NOTE_CHALLENGED:
      return g_strdup (_("asked without credentials, was challenged (401)"));
    case TH_NOTE_STARTED:
      return words_for_start (session);
    case TH_NOTE_PERMITTED:
      /* Translators: %s is a name or an address */
      return g_strdup_printf (_("may talk to %s"), name);
    case TH_NOTE_CHANNEL:
      /* Translators: a channel of TURN by its number; %s is a name or an address */
      return g_strdup_printf (_("channel 0x%04X to %s"), note->channel, name);
    case TH_NOTE_REFRESHED:
      if (note->count == 1)
        return g_strdup (_("asked to stay longer"));
      return g_strdup_printf (ngettext ("asked to stay longer, %u time",
                                        "asked to stay longer, %u times", note->count),
                              note->count);
    case TH_NOTE_MOVED:
      /* Translators: the app came from another network than before; %s is its new address */
      return g_strdup_printf (_("moved to %s"), name);
    case TH_NOTE_DROPPED:
      return g_strdup (_("a first packet was dropped"));
    case TH_NOTE_ENDED:
    default:
      return g_strdup (words_for_end (note->why));
    }
}

char *
th_connection_summary (ThSession *session)
{
  g_autofree char *user = th_connection_user (session);
  g_autofree char *relayed = NULL;
  g_autofree char *peers = NULL;
  g_autofree char *state = th_connection_state (session);
  g_autofree char *bytes = th_format_size (th_connection_bytes (session));

  g_object_get (session, "relayed", &relayed, "peers", &peers, NULL);
  /* Translators: text to copy: user, transport, client's address, relayed address, addresses of
   * peers, state, amount of data */
  return g_strdup_printf (_("%s\nClient: %s %s\nRelayed: %s\nPeers: %s\n%s, %s"),
                          user, th_session_get_transport (session),
                          th_session_get_client (session), relayed, peers, state, bytes);
}
