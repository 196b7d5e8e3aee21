/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSession reads its record's counters when it is told to, and notifies only what has changed.
 */
#include "relay/session.h"

#include "relay/session-private.h"

/* As many peers as a row can say; the latest ones. */
#define PEERS_MAX 8

struct _ThSession
{
  GObject parent_instance;
  ThTurnRecord *record;
  ThAddress address; /* the client's, which may move */
  ThTransport transport;
  char *client;  /* NULL until somebody asks */
  GArray *peers; /* of ThSessionPeer; NULL: none yet */
  ThSessionLog log;
  guint n_noted;
  gboolean dropped, ended;
  gint64 started; /* monotonic */
  gint64 refreshed;
  gint64 age;
  guint64 bytes_up, bytes_down;
  double rate_up, rate_down;
};

G_DEFINE_FINAL_TYPE (ThSession, th_session, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_USER,
  PROP_CLIENT,
  PROP_TRANSPORT,
  PROP_RELAYED,
  PROP_PEERS,
  PROP_STARTED_AT,
  PROP_AGE,
  PROP_BYTES_UP,
  PROP_BYTES_DOWN,
  PROP_RATE_UP,
  PROP_RATE_DOWN,
  PROP_GENERATION,
  PROP_NOTES,
  PROP_ENDED,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static char *
join_addresses (const ThAddress *addresses, guint n)
{
  GString *joined = g_string_new (NULL);
  char text[TH_ADDRESS_STRING_SIZE];

  for (guint i = 0; i < n; i++)
    {
      if (!th_address_is_set (&addresses[i]))
        continue;
      if (joined->len > 0)
        g_string_append (joined, ", ");
      g_string_append (joined, th_address_port (&addresses[i]) != 0
                                   ? th_address_format (&addresses[i], text)
                                   : th_address_format_host (&addresses[i], text));
    }
  return g_string_free (joined, FALSE);
}

static char *
join_peers (const ThSession *self)
{
  ThAddress addresses[PEERS_MAX];
  guint n = self->peers == NULL ? 0 : self->peers->len;

  for (guint i = 0; i < n; i++)
    addresses[i] = g_array_index (self->peers, ThSessionPeer, i).address;
  return join_addresses (addresses, n);
}

static ThSessionPeer *
find_peer (const ThSession *self, const ThAddress *peer)
{
  for (guint i = 0; i < self->peers->len; i++)
    {
      ThSessionPeer *known = &g_array_index (self->peers, ThSessionPeer, i);

      if (th_address_equal (&known->address, peer))
        return known;
    }
  return NULL;
}

static void
note (ThSession *self, ThSessionNote what)
{
  if (what.time == 0)
    what.time = g_get_real_time () / G_USEC_PER_SEC;
  th_session_log_add (&self->log, &what);
  self->n_noted++;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTES]);
}

static void
note_peer (ThSession *self, const ThSessionPeer *peer)
{
  note (self, (ThSessionNote){
                  .kind = peer->channel != 0 ? TH_NOTE_CHANNEL : TH_NOTE_PERMITTED,
                  .peer = peer->address,
                  .channel = peer->channel,
              });
}

/* Each says bit/s since the last look, and takes over the new count. */
static gboolean
take_count (guint64 *bytes, double *rate, const guint64 *counter, gint64 elapsed)
{
  guint64 now = th_counter_read (counter);
  double fresh = elapsed > 0 ? (double) (now - *bytes) * 8 * G_USEC_PER_SEC / (double) elapsed : 0;
  gboolean changed = now != *bytes || fresh < *rate || fresh > *rate;

  *bytes = now;
  *rate = fresh;
  return changed;
}

static void
th_session_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThSession *self = TH_SESSION (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_uint64 (value, self->record->id);
      break;
    case PROP_USER:
      g_value_set_string (value, self->record->user);
      break;
    case PROP_CLIENT:
      g_value_set_string (value, th_session_get_client (self));
      break;
    case PROP_TRANSPORT:
      g_value_set_string (value, th_session_get_transport (self));
      break;
    case PROP_RELAYED:
      g_value_take_string (value, join_addresses (self->record->relayed,
                                                  G_N_ELEMENTS (self->record->relayed)));
      break;
    case PROP_PEERS:
      g_value_take_string (value, join_peers (self));
      break;
    case PROP_STARTED_AT:
      g_value_set_int64 (value, self->record->started_at);
      break;
    case PROP_AGE:
      g_value_set_int64 (value, self->age);
      break;
    case PROP_BYTES_UP:
      g_value_set_uint64 (value, self->bytes_up);
      break;
    case PROP_BYTES_DOWN:
      g_value_set_uint64 (value, self->bytes_down);
      break;
    case PROP_RATE_UP:
      g_value_set_double (value, self->rate_up);
      break;
    case PROP_RATE_DOWN:
      g_value_set_double (value, self->rate_down);
      break;
    case PROP_GENERATION:
      g_value_set_uint (value, self->record->secret);
      break;
    case PROP_NOTES:
      g_value_set_uint (value, self->n_noted);
      break;
    case PROP_ENDED:
      g_value_set_boolean (value, self->ended);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_session_finalize (GObject *object)
{
  ThSession *self = TH_SESSION (object);

  g_clear_pointer (&self->record, th_turn_record_unref);
  g_free (self->client);
  g_clear_pointer (&self->peers, g_array_unref);
  th_session_log_clear (&self->log);
  G_OBJECT_CLASS (th_session_parent_class)->finalize (object);
}

static void
th_session_class_init (ThSessionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  static const char *const texts[] = { "user", "client", "transport", "relayed", "peers" };

  object_class->get_property = th_session_get_property;
  object_class->finalize = th_session_finalize;

  properties[PROP_ID] = g_param_spec_uint64 ("id", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    properties[PROP_USER + i] = g_param_spec_string (texts[i], NULL, NULL, NULL, flags);
  properties[PROP_STARTED_AT] =
      g_param_spec_int64 ("started-at", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_AGE] = g_param_spec_int64 ("age", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_BYTES_UP] =
      g_param_spec_uint64 ("bytes-up", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_BYTES_DOWN] =
      g_param_spec_uint64 ("bytes-down", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_RATE_UP] = g_param_spec_double ("rate-up", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_RATE_DOWN] =
      g_param_spec_double ("rate-down", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  properties[PROP_GENERATION] =
      g_param_spec_uint ("generation", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_NOTES] = g_param_spec_uint ("notes", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_ENDED] = g_param_spec_boolean ("ended", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_session_init (ThSession *self)
{
  self->started = self->refreshed = g_get_monotonic_time ();
}

ThSession *
th_session_new (ThTurnRecord *record)
{
  ThSession *self = g_object_new (TH_TYPE_SESSION, NULL);

  self->record = th_turn_record_ref (record);
  self->address = record->client;
  self->transport = record->transport;
  if (record->challenged_at != 0)
    note (self, (ThSessionNote){ .kind = TH_NOTE_CHALLENGED, .time = record->challenged_at });
  note (self, (ThSessionNote){ .kind = TH_NOTE_STARTED, .time = record->started_at });
  return self;
}

void
th_session_add_peer (ThSession *self, const ThAddress *peer, guint16 channel)
{
  gint64 lifetime = channel != 0 ? TH_CHANNEL_LIFETIME : TH_PERMISSION_LIFETIME;
  ThSessionPeer named = { *peer, channel, g_get_monotonic_time () + lifetime };
  ThSessionPeer *known;

  if (self->peers == NULL)
    self->peers = g_array_new (FALSE, FALSE, sizeof (ThSessionPeer));
  known = find_peer (self, peer);
  if (known != NULL && known->channel == channel)
    {
      known->expires = named.expires;
      return;
    }
  if (known != NULL)
    {
      *known = named;
    }
  else
    {
      if (self->peers->len == PEERS_MAX)
        g_array_remove_index (self->peers, 0);
      g_array_append_val (self->peers, named);
    }
  note_peer (self, &named);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PEERS]);
}

void
th_session_move (ThSession *self, const ThAddress *client, ThTransport transport)
{
  self->address = *client;
  self->transport = transport;
  g_clear_pointer (&self->client, g_free);
  note (self, (ThSessionNote){ .kind = TH_NOTE_MOVED, .peer = *client });
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIENT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TRANSPORT]);
}

void
th_session_note_refresh (ThSession *self)
{
  note (self, (ThSessionNote){ .kind = TH_NOTE_REFRESHED, .count = 1 });
}

void
th_session_note_end (ThSession *self, ThSessionEnd why)
{
  self->ended = TRUE;
  note (self, (ThSessionNote){ .kind = TH_NOTE_ENDED, .why = why });
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENDED]);
}

void
th_session_refresh (ThSession *self, gint64 now)
{
  GObject *object = G_OBJECT (self);
  gint64 elapsed = now - self->refreshed;
  gint64 age = (now - self->started) / G_USEC_PER_SEC;

  self->refreshed = now;
  g_object_freeze_notify (object);
  if (take_count (&self->bytes_up, &self->rate_up, &self->record->bytes_up, elapsed))
    {
      g_object_notify_by_pspec (object, properties[PROP_BYTES_UP]);
      g_object_notify_by_pspec (object, properties[PROP_RATE_UP]);
    }
  if (take_count (&self->bytes_down, &self->rate_down, &self->record->bytes_down, elapsed))
    {
      g_object_notify_by_pspec (object, properties[PROP_BYTES_DOWN]);
      g_object_notify_by_pspec (object, properties[PROP_RATE_DOWN]);
    }
  if (!self->dropped && th_counter_read (&self->record->dropped) > 0)
    {
      self->dropped = TRUE;
      note (self, (ThSessionNote){ .kind = TH_NOTE_DROPPED });
    }
  if (age != self->age)
    {
      self->age = age;
      g_object_notify_by_pspec (object, properties[PROP_AGE]);
    }
  g_object_thaw_notify (object);
}

guint64
th_session_get_id (ThSession *self)
{
  return self->record->id;
}

const char *
th_session_get_user (ThSession *self)
{
  return self->record->user;
}

const char *
th_session_get_client (ThSession *self)
{
  char text[TH_ADDRESS_STRING_SIZE];

  if (self->client == NULL)
    self->client = g_strdup (th_address_format (&self->address, text));
  return self->client;
}

const ThAddress *
th_session_get_address (ThSession *self)
{
  return &self->address;
}

const char *
th_session_get_transport (ThSession *self)
{
  return th_transport_get_name (self->transport);
}

guint
th_session_get_generation (ThSession *self)
{
  return self->record->secret;
}

double
th_session_get_rate_up (ThSession *self)
{
  return self->rate_up;
}

double
th_session_get_rate_down (ThSession *self)
{
  return self->rate_down;
}

gint64
th_session_get_age (ThSession *self)
{
  return self->age;
}

gboolean
th_session_has_ended (ThSession *self)
{
  return self->ended;
}

const ThTurnRecord *
th_session_get_record (ThSession *self)
{
  return self->record;
}

const ThSessionPeer *
th_session_get_peers (ThSession *self, guint *n)
{
  *n = self->peers == NULL ? 0 : self->peers->len;
  return *n == 0 ? NULL : (const ThSessionPeer *) (gpointer) self->peers->data;
}

const ThSessionLog *
th_session_get_log (ThSession *self)
{
  return &self->log;
}
