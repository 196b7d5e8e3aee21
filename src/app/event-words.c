/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One table of what each reason means, and functions for those that have more to say than that.
 */
#include "app/event-words.h"

#include <glib/gi18n.h>

#include "app/display-text.h"

/* A client that is told of a stale nonce so often within a second does not take the new one. */
#define STALE_NONCE_LOOP 3

/* A credential that ended this many seconds ago may have been made by a clock that is behind. */
#define CLOCK_SKEW 300

/* A credential that lives longer than this, in seconds, was made with a wrong clock or unit. */
#define FAR_FUTURE (10 * 365 * 86400)

/* Times of today have ten digits in seconds, thirteen in milliseconds. */
#define DIGITS_OF_MILLISECONDS 13

/* Characters of a name that are told where it is not known whose. */
#define BEGINNING 3

typedef struct {
  const char *kind;
  ThEventSeverity severity;
  gboolean of_all; /* nothing of one client's */
  guint code;
  const char *what, *why, *crowd;
} Words;

/* clang-format off */
static const Words words[TH_REFUSAL_N_REASONS] = {
  [TH_REFUSAL_BAD_REQUEST] = {
    "bad-request", TH_EVENT_WARNING, FALSE, 400,
    N_("A request breaks the rules of the protocol (400)"),
    N_("The app is faulty, or something between it and the relay."),
    N_("Many requests break the rules of the protocol (400)"),
  },
  [TH_REFUSAL_UNKNOWN_NAME] = {
    "unknown-user", TH_EVENT_WARNING, FALSE, 401,
    N_("There is no user of this name (401)"),
    N_("Names of temporary credentials begin or end with a time in seconds; this one does not."),
    N_("Many apps come with unknown user names (401)"),
  },
  [TH_REFUSAL_WRONG_PASSWORD] = {
    "wrong-password", TH_EVENT_WARNING, FALSE, 401,
    N_("The password of this user does not match (401)"),
    NULL,
    N_("Many passwords do not match (401)"),
  },
  [TH_REFUSAL_EXPIRED] = {
    "expired", TH_EVENT_WARNING, FALSE, 401,
    N_("The credential has expired (401)"),
    N_("The app should ask for a new one in time."),
    N_("Many credentials have expired (401)"),
  },
  [TH_REFUSAL_WITHHELD] = {
    "rate-limit", TH_EVENT_WARNING, FALSE, 0,
    N_("Requests come too often from this network, and are not answered"),
    N_("Someone floods the relay, or an app asks again and again without a good credential."),
    N_("Requests come too often from many networks, and are not answered"),
  },
  [TH_REFUSAL_FORBIDDEN_PEER] = {
    "denied-peer", TH_EVENT_WARNING, FALSE, 403,
    N_("The app asked for an address that may not be reached (403)"),
    N_("The relay reaches public addresses. The rules for others are in Preferences."),
    N_("Many apps asked for addresses that may not be reached (403)"),
  },
  [TH_REFUSAL_OWN_PORT] = {
    "own-port", TH_EVENT_WARNING, FALSE, 403,
    N_("The app asked for a port of the relay itself (403)"),
    N_("The relay does not connect apps to its own services."),
    N_("Many apps asked for ports of the relay itself (403)"),
  },
  [TH_REFUSAL_UNKNOWN_ATTRIBUTE] = {
    "unknown-attribute", TH_EVENT_WARNING, FALSE, 420,
    N_("The app asked for something this relay does not know (420)"),
    NULL,
    N_("Many apps asked for something this relay does not know (420)"),
  },
  [TH_REFUSAL_NO_ALLOCATION] = {
    "no-session", TH_EVENT_INFO, FALSE, 437,
    N_("The app spoke of a call that is no longer there (437)"),
    N_("It ended meanwhile, or the relay was restarted."),
    N_("Many apps spoke of calls that are no longer there (437)"),
  },
  [TH_REFUSAL_SECOND_ALLOCATION] = {
    "second-session", TH_EVENT_WARNING, FALSE, 437,
    N_("The app asked for a second call over the same connection (437)"),
    NULL,
    N_("Many apps asked for a second call over the same connection (437)"),
  },
  [TH_REFUSAL_STALE_NONCE] = {
    "stale-nonce", TH_EVENT_WARNING, FALSE, 438,
    N_("The app goes on with a nonce that is no longer valid (438)"),
    N_("It does not take the new one it is given, or its address is another each time."),
    N_("Many apps go on with nonces that are no longer valid (438)"),
  },
  [TH_REFUSAL_FAMILY] = {
    "no-address", TH_EVENT_WARNING, FALSE, 440,
    N_("The app asked for an IP version in which this relay has no address (440)"),
    NULL,
    N_("Many apps asked for an IP version in which this relay has no address (440)"),
  },
  [TH_REFUSAL_OTHER_USER] = {
    "other-user", TH_EVENT_WARNING, FALSE, 441,
    N_("The app came with the credential of another user than it began with (441)"),
    NULL,
    N_("Many apps came with credentials of other users than they began with (441)"),
  },
  [TH_REFUSAL_TRANSPORT] = {
    "transport", TH_EVENT_WARNING, FALSE, 442,
    N_("The app asked to reach others over TCP; the relay does so over UDP alone (442)"),
    NULL,
    N_("Many apps asked to reach others over TCP (442)"),
  },
  [TH_REFUSAL_PEER_FAMILY] = {
    "peer-family", TH_EVENT_WARNING, FALSE, 443,
    N_("The app mixed IPv4 and IPv6: its relayed address and the other one differ (443)"),
    NULL,
    N_("Many apps mixed IPv4 and IPv6 (443)"),
  },
  [TH_REFUSAL_USER_QUOTA] = {
    "user-quota", TH_EVENT_WARNING, FALSE, 486,
    N_("This user has as many calls as one may have (486)"),
    N_("Calls of apps that vanished end after ten minutes. The limit is in Preferences."),
    N_("Many users have as many calls as one may have (486)"),
  },
  [TH_REFUSAL_TOTAL_QUOTA] = {
    "total-quota", TH_EVENT_WARNING, TRUE, 486,
    N_("All users together have as many calls as they may have (486)"),
    N_("The limit is in Preferences."),
    N_("All users together have as many calls as they may have (486)"),
  },
  [TH_REFUSAL_CAPACITY] = {
    "capacity", TH_EVENT_WARNING, TRUE, 508,
    N_("The relay has as many calls as it may have (508)"),
    N_("The limit is in Preferences."),
    N_("The relay has as many calls as it may have (508)"),
  },
  [TH_REFUSAL_NO_PORT] = {
    "no-port", TH_EVENT_ERROR, TRUE, 508,
    N_("No port of the relay is free for another call (508)"),
    N_("Give it a wider range of ports in Preferences."),
    N_("No port of the relay is free for another call (508)"),
  },
  [TH_REFUSAL_NO_SOCKET] = {
    "no-socket", TH_EVENT_ERROR, TRUE, 508,
    N_("The system gives the relay no more sockets (508)"),
    N_("Raise the limit of open files."),
    N_("The system gives the relay no more sockets (508)"),
  },
  [TH_REFUSAL_NO_RESERVATION] = {
    "no-reservation", TH_EVENT_WARNING, FALSE, 508,
    N_("The port that the app had reserved is not there for it (508)"),
    NULL,
    N_("Many ports that apps had reserved are not there for them (508)"),
  },
  [TH_REFUSAL_TOO_MANY_PEERS] = {
    "too-many-peers", TH_EVENT_WARNING, FALSE, 508,
    N_("The app named more addresses than one call may reach (508)"),
    N_("The limit is in Preferences."),
    N_("Many apps named more addresses than one call may reach (508)"),
  },
  [TH_REFUSAL_CONNECTION_EXISTS] = {
    "connection-exists", TH_EVENT_WARNING, FALSE, 446,
    N_("The app asked for a second TCP connection to the same address (446)"),
    NULL,
    N_("Many apps asked for second TCP connections to the same address (446)"),
  },
  [TH_REFUSAL_CONNECTION_FAILED] = {
    "connection-failed", TH_EVENT_WARNING, FALSE, 447,
    N_("No TCP connection to the other side could be made (447)"),
    NULL,
    N_("Many TCP connections to other sides could not be made (447)"),
  },
  [TH_REFUSAL_DRAINING] = {
    "draining", TH_EVENT_INFO, TRUE, 508,
    N_("A new call was turned away, as the relay is to empty itself (508)"),
    NULL,
    N_("New calls were turned away, as the relay is to empty itself (508)"),
  },
};
/* clang-format on */

static char *
span_words (gint64 seconds)
{
  gulong n = (gulong) MAX (seconds, 0);

  if (n < 120)
    return g_strdup_printf (ngettext ("%lu second", "%lu seconds", n), n);
  if (n < 2 * 3600)
    return g_strdup_printf (ngettext ("%lu minute", "%lu minutes", n / 60), n / 60);
  if (n < 2 * 86400)
    return g_strdup_printf (ngettext ("%lu hour", "%lu hours", n / 3600), n / 3600);
  return g_strdup_printf (ngettext ("%lu day", "%lu days", n / 86400), n / 86400);
}

static char *
host_text (const ThAddress *address)
{
  char text[TH_ADDRESS_STRING_SIZE];

  return g_strdup (th_address_format_host (address, text));
}

/* What the client calls itself: without the time that temporary credentials carry, if known. */
static char *
name_text (const ThRelayRefusal *refusal)
{
  if (refusal->user[0] != '\0')
    return th_display_text (refusal->user, -1);
  if (refusal->name_length > 0)
    return th_display_text (refusal->name, (gssize) refusal->name_length);
  return NULL;
}

/* Not of a user, nor in the form of a credential. What comes with a token may have any name. */
static gboolean
is_unknown_name (const ThRelayRefusal *refusal)
{
  return refusal->reason == TH_REFUSAL_UNKNOWN_NAME ||
         (refusal->reason == TH_REFUSAL_WRONG_PASSWORD && refusal->kind == TH_TURN_KEY_OF_TOKEN);
}

/* A name that is nobody's, or that was turned down before anyone was looked for, may be a secret in
 * the wrong field: only its beginning is told. */
static char *
user_text (const ThRelayRefusal *refusal)
{
  g_autofree char *name = name_text (refusal);
  g_autofree char *beginning = NULL;

  if (name == NULL || (refusal->user[0] != '\0' && !is_unknown_name (refusal)))
    return g_steal_pointer (&name);
  beginning = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), BEGINNING));
  return g_strconcat (beginning, "…", NULL);
}

/* ---- reasons with more to say ---- */

static gboolean
counts_in_milliseconds (const ThRelayRefusal *refusal)
{
  gsize n = 0;

  while (n < refusal->name_length && g_ascii_isdigit (refusal->name[n]))
    n++;
  return n == DIGITS_OF_MILLISECONDS;
}

static void
tell_expired (ThToldEvent *self, const ThRelayRefusal *refusal)
{
  gint64 age = MAX (refusal->time - refusal->expires_at, 1);
  g_autofree char *span = span_words (age);

  /* Translators: %s is a span of time such as "3 hours" */
  self->what = g_strdup_printf (_("The credential expired %s ago (401)"), span);
  if (age <= CLOCK_SKEW)
    self->why = g_strdup (_("If it was made just now, the clock of the machine that made it is "
                            "behind, or the clock here is ahead."));
}

static void
tell_wrong_secret (ThToldEvent *self, const ThRelayRefusal *refusal)
{
  gint64 left = refusal->expires_at - refusal->time;

  self->facts.kind = "unknown-secret";
  self->crowd = _("Many passwords do not match the secret of this relay (401)");
  self->what = g_strdup (_("The password does not match the secret of this relay (401)"));
  if (left > FAR_FUTURE)
    {
      g_autofree char *span = span_words (left);

      /* Translators: %s is a span of time such as "9000 days" */
      self->why = g_strdup_printf (_("The app has another secret. Its credential says it is good "
                                     "for %s: the clock that made it may be wrong, too."),
                                   span);
    }
  else if (left < 0)
    {
      g_autofree char *span = span_words (-left);

      /* Translators: %s is a span of time such as "3 hours" */
      self->why = g_strdup_printf (_("The app has another secret, or one that is accepted no "
                                     "longer. Its credential expired %s ago, too."),
                                   span);
    }
  else
    {
      self->why = g_strdup (_("The app has another secret, or one that is accepted no longer."));
    }
}

static void
tell_unknown_name (ThToldEvent *self, const ThRelayRefusal *refusal)
{
  self->facts.kind = words[TH_REFUSAL_UNKNOWN_NAME].kind;
  self->crowd = _(words[TH_REFUSAL_UNKNOWN_NAME].crowd);
  self->what = g_strdup (_(words[TH_REFUSAL_UNKNOWN_NAME].what));
  if (counts_in_milliseconds (refusal))
    self->why = g_strdup (_("Its name begins with a time in milliseconds; it must be in seconds."));
  else if (refusal->reason == TH_REFUSAL_WRONG_PASSWORD)
    self->why = g_strdup (_("Nor is the password a token that the relay accepts for it now. If it "
                            "was one, it has expired, or was made with another API secret."));
}

static void
tell_forbidden_peer (ThToldEvent *self, const ThRelayRefusal *refusal, const char *network)
{
  g_autofree char *peer = host_text (&refusal->peer);

  if (network != NULL)
    /* Translators: an address, and the network it is in, such as 10.0.0.0/8 */
    self->what = g_strdup_printf (_("%s may not be reached, as it is in %s (403)"), peer, network);
  else
    /* Translators: %s is an address */
    self->what = g_strdup_printf (_("%s may not be reached (403)"), peer);
}

static void
tell_more (ThToldEvent *self, const ThRelayRefusal *refusal, const char *network)
{
  switch (refusal->reason)
    {
    case TH_REFUSAL_EXPIRED:
      tell_expired (self, refusal);
      break;
    case TH_REFUSAL_UNKNOWN_NAME:
    case TH_REFUSAL_WRONG_PASSWORD:
      if (is_unknown_name (refusal))
        tell_unknown_name (self, refusal);
      else if (refusal->kind == TH_TURN_KEY_OF_SECRET)
        tell_wrong_secret (self, refusal);
      break;
    case TH_REFUSAL_FORBIDDEN_PEER:
      tell_forbidden_peer (self, refusal, network);
      break;
    default:
      break;
    }
}

static void
point_to_texts (ThToldEvent *self)
{
  self->facts.client = self->client;
  self->facts.user = self->user;
  self->facts.what = self->what;
  self->facts.why = self->why;
}

void
th_told_event_clear (ThToldEvent *self)
{
  g_clear_pointer (&self->client, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->what, g_free);
  g_clear_pointer (&self->why, g_free);
  g_clear_pointer (&self->same, g_free);
}

static void
tell_client (ThToldEvent *self, const ThRelayRefusal *refusal, gboolean of_all)
{
  char address[TH_ADDRESS_STRING_SIZE];
  g_autofree char *host = NULL;
  g_autofree char *name = name_text (refusal);

  if (!th_address_is_set (&refusal->client))
    {
      self->same = g_strdup ("");
      return;
    }
  host = host_text (&refusal->client);
  self->client = g_strdup (th_address_format (&refusal->client, address));
  self->user = user_text (refusal);
  self->facts.transport = th_transport_get_name (refusal->transport);
  self->facts.session = refusal->session;
  self->same = of_all ? g_strdup ("*")
                      : g_strdup_printf ("%s\n%s", host, name != NULL ? name : "");
}

gboolean
th_told_event_init_refusal (ThToldEvent *self, const ThRelayRefusal *refusal, const char *network)
{
  const Words *row = &words[refusal->reason];
  gboolean of_many = !th_address_is_set (&refusal->client);

  *self = (ThToldEvent) { 0 };
  if (row->kind == NULL ||
      (refusal->reason == TH_REFUSAL_STALE_NONCE && refusal->count < STALE_NONCE_LOOP))
    return FALSE;
  self->crowd = _(row->crowd);
  self->facts = (ThEventFacts) {
    .kind = row->kind,
    .topic = TH_EVENT_OF_CLIENT,
    .severity = row->severity,
    .time = refusal->time,
    .count = refusal->count,
    .code = row->code,
  };
  tell_client (self, refusal, row->of_all);
  if (!of_many)
    tell_more (self, refusal, network);
  if (self->what == NULL)
    self->what = g_strdup (of_many ? self->crowd : _(row->what));
  if (self->why == NULL && row->why != NULL)
    self->why = g_strdup (_(row->why));
  point_to_texts (self);
  return TRUE;
}

const char *
th_words_for_author (const char *by)
{
  static const struct {
    const char *by, *text;
  } known[] = {
    { "panel", N_("In this window") },         { "command-line", N_("From the command line") },
    { "desktop", N_("By the desktop") },       { "schedule", N_("By schedule") },
    { "configuration", N_("In the settings") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (g_str_equal (by, known[i].by))
        return _(known[i].text);
    }
  return by;
}

/* ---- sessions ---- */

static void
init_session (ThToldEvent *self, ThSession *session, const char *kind, gint64 time)
{
  *self = (ThToldEvent) {
    .facts = {
      .kind = kind,
      .topic = TH_EVENT_OF_SESSION,
      .severity = TH_EVENT_INFO,
      .time = time,
      .transport = th_session_get_transport (session),
      .session = th_session_get_id (session),
    },
    .client = g_strdup (th_session_get_client (session)),
    .user = th_display_text (th_session_get_user (session), -1),
  };
}

void
th_told_event_init_session_start (ThToldEvent *self, ThSession *session)
{
  g_autofree char *relayed = NULL;

  init_session (self, session, "session-started", th_session_get_record (session)->started_at);
  g_object_get (session, "relayed", &relayed, NULL);
  self->what = g_strdup (_("A call began"));
  /* Translators: %s are addresses */
  self->why = g_strdup_printf (_("Relayed at %s"), relayed);
  self->crowd = _("Many calls began");
  point_to_texts (self);
}

static ThSessionEnd
end_of (ThSession *session)
{
  const GArray *notes = th_session_get_log (session)->notes;

  for (guint i = notes != NULL ? notes->len : 0; i > 0; i--)
    {
      const ThSessionNote *note = &g_array_index (notes, ThSessionNote, i - 1);

      if (note->kind == TH_NOTE_ENDED)
        return note->why;
    }
  return TH_SESSION_END_SHUTDOWN;
}

static char *
end_words (ThSessionEnd why, const char *span)
{
  switch (why)
    {
    case TH_SESSION_END_EXPIRED:
      /* Translators: %s is a span of time such as "3 minutes" */
      return g_strdup_printf (_("A call ended after %s, as nothing more was heard of the app"),
                              span);
    case TH_SESSION_END_CLIENT_GONE:
      /* Translators: %s is a span of time such as "3 minutes" */
      return g_strdup_printf (_("A call ended after %s, as the app’s connection was closed"), span);
    case TH_SESSION_END_REVOKED:
      /* Translators: %s is a span of time such as "3 minutes" */
      return g_strdup_printf (_("A call was ended from here after %s"), span);
    case TH_SESSION_END_SHUTDOWN:
      /* Translators: %s is a span of time such as "3 minutes" */
      return g_strdup_printf (_("A call ended after %s, as the relay was stopped"), span);
    case TH_SESSION_END_REFRESH:
    default:
      /* Translators: %s is a span of time such as "3 minutes" */
      return g_strdup_printf (_("A call ended after %s"), span);
    }
}

void
th_told_event_init_session_end (ThToldEvent *self, ThSession *session, gint64 now)
{
  const ThTurnRecord *record = th_session_get_record (session);
  guint64 bytes = th_counter_read (&record->bytes_up) + th_counter_read (&record->bytes_down);
  g_autofree char *span = span_words (now - record->started_at);
  g_autofree char *size = g_format_size (bytes);

  init_session (self, session, "session-ended", now);
  self->what = end_words (end_of (session), span);
  /* Translators: %s is an amount of data such as "4.2 MB" */
  self->why = g_strdup_printf (_("Carried %s"), size);
  self->crowd = _("Many calls ended");
  point_to_texts (self);
}
