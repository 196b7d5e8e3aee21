/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What libnice tells, in the terms of this room.
 */
#include "ice/ice-agent.h"

#include <nice/interfaces.h>
#include <string.h>

#define COMPONENT 1
#define PACING 5              /* milliseconds: RFC 8445, section 14.2, allows no less */
#define INITIAL_TIMEOUT 400   /* milliseconds; with this many tries UDP is given up after 3 s */
#define TRIES 4
#define STREAM_TIMEOUT 4000   /* milliseconds, where the transport repeats by itself */
#define LOCAL_ADDRESSES_MAX 16
#define PATIENCE 1000         /* milliseconds, for those that have been freed */
#define LINGER 5000           /* milliseconds; see on_closed() */
#define LIMIT 5000            /* milliseconds: where a stream ends, libnice never says so */

struct _ThIceAgent {
  NiceAgent *nice;
  guint stream;
  ThIceAgentSetup setup;
  ThIceAgentEvents events;
  gpointer user_data;
  GArray *relays; /* of ThIceRoute */
  ThIceRoute stun;  /* server NULL: none */
  guint n_routes, n_loopback; /* all of them, and those on loopback */
  GPtrArray *unclear; /* NiceCandidate: whose server the next event tells */
  gboolean gathering;
  gboolean freed; /* by its owner; it goes on until it has tidied up */
  guint n_local[2];  /* addresses of this machine: IPv4, IPv6 */
  guint limit; /* timeout source: it waits no longer for what it has asked for */
};

static guint n_closing;

static ThAddress
to_address (const NiceAddress *nice)
{
  ThAddress address = TH_ADDRESS_NONE;
  union {
    struct sockaddr any;
    struct sockaddr_storage storage;
  } raw;

  nice_address_copy_to_sockaddr (nice, &raw.any);
  th_address_from_sockaddr (&address, &raw.any, sizeof raw);
  return address;
}

static NiceAddress *
to_nice (const ThAddress *address)
{
  NiceAddress *nice = nice_address_new ();

  nice_address_set_from_sockaddr (nice, &address->any);
  return nice;
}

/* ---- where candidates come from ---- */

/* libnice lets the place of a relay in its list into three bits of the local preference, to make
 * priorities unique; that is all it tells. */
static const ThIceServer *
find_relay (ThIceAgent *self, const NiceCandidate *raw)
{
  guint place = raw->priority >> (8 + 6) & (TH_ICE_AGENT_RELAYS_MAX - 1);

  return place < self->relays->len ? g_array_index (self->relays, ThIceRoute, place).server : NULL;
}

/* What a relay told on the way, libnice marks with the relayed address in place of the server's. */
static const ThIceServer *
find_reflecting_server (ThIceAgent *self, const NiceCandidate *raw, const NiceCandidate *next)
{
  NiceAddress nice;
  ThAddress address;

  if (!nice_candidate_stun_server_address (raw, &nice))
    return NULL;
  address = to_address (&nice);
  if (self->stun.server != NULL && th_address_equal (&self->stun.address, &address))
    return self->stun.server;
  if (next != NULL && next->type == NICE_CANDIDATE_TYPE_RELAYED &&
      nice_address_equal (&next->addr, &nice))
    return find_relay (self, next);
  return NULL;
}

/* ---- candidates ---- */

static ThIceCandidateType
to_type (NiceCandidateType type)
{
  switch (type)
    {
    case NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE:
      return TH_ICE_CANDIDATE_SRFLX;
    case NICE_CANDIDATE_TYPE_PEER_REFLEXIVE:
      return TH_ICE_CANDIDATE_PRFLX;
    case NICE_CANDIDATE_TYPE_RELAYED:
      return TH_ICE_CANDIDATE_RELAY;
    case NICE_CANDIDATE_TYPE_HOST:
    default:
      return TH_ICE_CANDIDATE_HOST;
    }
}

/* The same for candidates of one type, base and server, whichever agent found them. */
static const char *
find_foundation (ThIceAgent *self, const NiceCandidate *raw, const ThIceServer *server)
{
  GHashTable *table = self->setup.foundations;
  ThAddress base = to_address (&raw->base_addr);
  char host[TH_ADDRESS_STRING_SIZE];
  g_autofree char *key =
      g_strdup_printf ("%d %s %s", raw->type, th_address_format_host (&base, host),
                       server != NULL ? server->url : "");
  char *foundation = g_hash_table_lookup (table, key);

  if (foundation == NULL)
    {
      foundation = g_strdup_printf ("%u", g_hash_table_size (table) + 1);
      g_hash_table_insert (table, g_steal_pointer (&key), foundation);
    }
  return foundation;
}

static const char *
relay_protocol (const ThIceServer *server)
{
  switch (server->transport)
    {
    case TH_ICE_TCP:
      return "tcp";
    case TH_ICE_TLS:
      return "tls";
    case TH_ICE_UDP:
    case TH_ICE_DTLS:
    default:
      return "udp";
    }
}

static ThIceCandidate *
make_candidate (ThIceAgent *self, const NiceCandidate *raw, const ThIceServer *server)
{
  ThAddress address = to_address (&raw->addr), base = to_address (&raw->base_addr);
  char text[TH_ADDRESS_STRING_SIZE], related[TH_ADDRESS_STRING_SIZE];
  ThIceCandidateValues values = {
    .time = g_get_monotonic_time () - self->setup.start,
    .type = to_type (raw->type),
    .foundation = find_foundation (self, raw, server),
    .component = raw->component_id,
    .address = th_address_format_host (&address, text),
    .port = th_address_port (&address),
    .priority = raw->priority,
    .server_url = server != NULL ? server->url : NULL,
  };

  if (values.type != TH_ICE_CANDIDATE_HOST)
    {
      values.related_address = th_address_format_host (&base, related);
      values.related_port = th_address_port (&base);
    }
  if (values.type == TH_ICE_CANDIDATE_RELAY && server != NULL)
    values.relay_protocol = relay_protocol (server);
  return th_ice_candidate_new (&values);
}

static void
tell_candidate (ThIceAgent *self, const NiceCandidate *raw, const ThIceServer *server)
{
  g_autoptr (ThIceCandidate) candidate = NULL;

  if (self->events.candidate == NULL)
    return; /* its owner may be gone, and the servers */
  candidate = make_candidate (self, raw, server);
  self->events.candidate (candidate, raw, self->user_data);
}

/* @next: (nullable): the candidate after those that wait */
static void
tell_unclear (ThIceAgent *self, const NiceCandidate *next)
{
  while (self->unclear->len > 0)
    {
      NiceCandidate *raw = g_ptr_array_steal_index (self->unclear, 0);

      tell_candidate (self, raw, find_reflecting_server (self, raw, next));
      nice_candidate_free (raw);
    }
}

static void
on_new_candidate (NiceAgent *nice, NiceCandidate *raw, gpointer data)
{
  ThIceAgent *self = data;
  const ThIceServer *server;

  switch (raw->type)
    {
    case NICE_CANDIDATE_TYPE_SERVER_REFLEXIVE:
      server = find_reflecting_server (self, raw, NULL);
      if (server != NULL)
        tell_candidate (self, raw, server);
      else
        g_ptr_array_add (self->unclear, nice_candidate_copy (raw));
      return;
    case NICE_CANDIDATE_TYPE_RELAYED:
      tell_unclear (self, raw);
      tell_candidate (self, raw, find_relay (self, raw));
      return;
    case NICE_CANDIDATE_TYPE_HOST:
    case NICE_CANDIDATE_TYPE_PEER_REFLEXIVE:
    default:
      tell_candidate (self, raw, NULL);
    }
}

static void
on_state_changed (NiceAgent *nice, guint stream, guint component, guint state, gpointer data)
{
  ThIceAgent *self = data;

  if (self->events.state != NULL)
    self->events.state (state, self->user_data);
}

static void
on_selected_pair (NiceAgent *nice,
                  guint stream,
                  guint component,
                  NiceCandidate *local,
                  NiceCandidate *remote,
                  gpointer data)
{
  ThIceAgent *self = data;

  if (self->events.selected != NULL)
    self->events.selected (local, remote, self->user_data);
}

static void
on_received (NiceAgent *nice,
             guint stream,
             guint component,
             guint length,
             gchar *bytes,
             gpointer data)
{
  ThIceAgent *self = data;

  if (self->events.received != NULL)
    self->events.received ((const guint8 *) bytes, length, self->user_data);
}

/* ---- the end ---- */

static void
on_all_closed (GObject *nice, GAsyncResult *result, gpointer data)
{
  ThIceAgent *self = data;

  n_closing--;
  g_object_unref (self->nice);
  g_hash_table_unref (self->setup.foundations);
  g_array_unref (self->relays);
  g_ptr_array_unref (self->unclear);
  g_free (self);
}

/* What came meanwhile is given back, too. Only now: once its stream is removed, an agent does not
 * hear relays' answers any more. */
static gboolean
remove_stream (gpointer data)
{
  ThIceAgent *self = data;

  self->limit = 0;
  nice_agent_remove_stream (self->nice, self->stream);
  nice_agent_close_async (self->nice, on_all_closed, self);
  return G_SOURCE_REMOVE;
}

/* Relays are asked from each address of their family. */
static guint
count_allocations (const ThIceAgent *self)
{
  guint n = 0;

  for (guint i = 0; i < self->relays->len; i++)
    n += self->n_local[th_address_is_ipv6 (&g_array_index (self->relays, ThIceRoute, i).address)];
  return n;
}

/* Of two relayed addresses on one host libnice gives one back at once, and says "closed" without
 * waiting for that; but it asks again through its socket until the relay answers or time is up, and
 * if the socket were gone by then it would crash. */
static void
on_closed (GObject *nice, GAsyncResult *result, gpointer data)
{
  ThIceAgent *self = data;

  if (count_allocations (self) > 1)
    self->limit = g_timeout_add (LINGER, remove_stream, self);
  else
    remove_stream (self);
}

static void
close_relays (ThIceAgent *self)
{
  g_clear_handle_id (&self->limit, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->nice, self);
  nice_agent_close_async (self->nice, on_closed, self);
}

static void
end_gathering (ThIceAgent *self)
{
  if (!self->gathering)
    return;
  self->gathering = FALSE;
  g_clear_handle_id (&self->limit, g_source_remove);
  if (self->freed)
    {
      close_relays (self);
      return;
    }
  tell_unclear (self, NULL);
  if (self->events.gathered != NULL)
    self->events.gathered (self->user_data);
}

static gboolean
on_limit (gpointer data)
{
  ThIceAgent *self = data;

  self->limit = 0;
  end_gathering (self);
  return G_SOURCE_REMOVE;
}

static void
on_gathering_done (NiceAgent *nice, guint stream, gpointer data)
{
  end_gathering (data);
}

/* ---- local addresses ---- */

static gboolean
is_link_local (const ThAddress *address)
{
  return th_address_is_ipv6 (address) && IN6_IS_ADDR_LINKLOCAL (&address->v6.sin6_addr);
}

/* As browsers do, without link-local addresses, which mean nothing elsewhere. */
static guint
add_local_addresses (ThIceAgent *self, gboolean loopback)
{
  GList *texts = nice_interfaces_get_local_ips (TRUE);
  guint n = 0;

  for (GList *l = texts; l != NULL && n < LOCAL_ADDRESSES_MAX; l = l->next)
    {
      NiceAddress *nice;
      ThAddress address;

      if (!th_address_parse (&address, l->data, 0) || is_link_local (&address) ||
          th_address_is_loopback (&address) != loopback)
        continue;
      nice = to_nice (&address);
      nice_agent_add_local_address (self->nice, nice);
      nice_address_free (nice);
      self->n_local[th_address_is_ipv6 (&address)]++;
      n++;
    }
  g_list_free_full (texts, g_free);
  return n;
}

/* libnice ties each socket to its interface, and from there loopback is out of reach: a server on
 * loopback wants a socket on loopback. */
static gboolean
choose_local_addresses (ThIceAgent *self)
{
  gboolean alone = self->setup.relay_only || self->setup.servers_alone;
  gboolean others = self->n_routes == 0 || self->n_loopback < self->n_routes || !alone;
  guint n = 0;

  if (others)
    n = add_local_addresses (self, FALSE);
  if (self->n_loopback > 0 || n == 0)
    n += add_local_addresses (self, TRUE);
  return n > 0;
}

GHashTable *
th_ice_foundations_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

ThIceAgent *
th_ice_agent_new (const ThIceAgentSetup *setup, const ThIceAgentEvents *events, gpointer user_data)
{
  ThIceAgent *self = g_new0 (ThIceAgent, 1);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->setup = *setup;
  g_hash_table_ref (self->setup.foundations);
  self->events = *events;
  self->user_data = user_data;
  self->relays = g_array_new (FALSE, FALSE, sizeof (ThIceRoute));
  self->unclear = g_ptr_array_new_with_free_func ((GDestroyNotify) nice_candidate_free);
  self->nice = nice_agent_new_full (context, NICE_COMPATIBILITY_RFC5245,
                                    NICE_AGENT_OPTION_REGULAR_NOMINATION |
                                        NICE_AGENT_OPTION_ICE_TRICKLE);
  g_object_set (self->nice, "upnp", FALSE, "ice-tcp", FALSE, "force-relay", setup->relay_only,
                "controlling-mode", setup->controlling, "stun-pacing-timer", PACING,
                "stun-initial-timeout", INITIAL_TIMEOUT, "stun-max-retransmissions", TRIES,
                "stun-reliable-timeout", STREAM_TIMEOUT, NULL);
  self->stream = nice_agent_add_stream (self->nice, 1);
  return self;
}

/* Who has just asked a relay for an address waits for it, to give it back: else the relay would
 * keep it for ten minutes. */
void
th_ice_agent_free (ThIceAgent *self)
{
  self->events = (ThIceAgentEvents) { NULL };
  self->freed = TRUE;
  n_closing++;
  if (!self->gathering)
    {
      close_relays (self);
      return;
    }
  g_clear_handle_id (&self->limit, g_source_remove);
  self->limit = g_timeout_add (PATIENCE, on_limit, self);
}

static NiceRelayType
to_relay_type (ThIceTransport transport)
{
  return transport == TH_ICE_UDP ? NICE_RELAY_TYPE_TURN_UDP : NICE_RELAY_TYPE_TURN_TCP;
}

static gboolean
add_relay (ThIceAgent *self, const ThIceRoute *route)
{
  const ThIceServer *server = route->server;
  char host[TH_ADDRESS_STRING_SIZE];

  if (self->relays->len >= TH_ICE_AGENT_RELAYS_MAX)
    return FALSE;
  g_array_append_val (self->relays, *route);
  nice_agent_set_relay_info (self->nice, self->stream, COMPONENT,
                             th_address_format_host (&route->address, host),
                             th_address_port (&route->address),
                             server->username != NULL ? server->username : "",
                             server->password != NULL ? server->password : "",
                             to_relay_type (server->transport));
  return TRUE;
}

static gboolean
add_stun (ThIceAgent *self, const ThIceRoute *route)
{
  char host[TH_ADDRESS_STRING_SIZE];

  if (self->stun.server != NULL)
    return FALSE;
  self->stun = *route;
  g_object_set (self->nice, "stun-server", th_address_format_host (&route->address, host),
                "stun-server-port", th_address_port (&route->address), NULL);
  return TRUE;
}

gboolean
th_ice_agent_has_use_for (const ThIceServer *server)
{
  return server->kind == TH_ICE_TURN || server->transport == TH_ICE_UDP;
}

gboolean
th_ice_agent_add_route (ThIceAgent *self, const ThIceRoute *route)
{
  gboolean turn = route->server->kind == TH_ICE_TURN;

  if (!th_ice_agent_has_use_for (route->server))
    return TRUE;
  if (!(turn ? add_relay (self, route) : add_stun (self, route)))
    return FALSE;
  self->n_routes++;
  self->n_loopback += route->loopback;
  return TRUE;
}

gboolean
th_ice_agent_gather (ThIceAgent *self)
{
  GMainContext *context = g_main_context_get_thread_default ();

  if (!choose_local_addresses (self))
    return FALSE;
  g_signal_connect (self->nice, "new-candidate-full", G_CALLBACK (on_new_candidate), self);
  g_signal_connect (self->nice, "candidate-gathering-done", G_CALLBACK (on_gathering_done), self);
  g_signal_connect (self->nice, "component-state-changed", G_CALLBACK (on_state_changed), self);
  g_signal_connect (self->nice, "new-selected-pair-full", G_CALLBACK (on_selected_pair), self);
  nice_agent_attach_recv (self->nice, self->stream, COMPONENT, context, on_received, self);
  self->gathering = TRUE;
  self->limit = g_timeout_add (LIMIT, on_limit, self);
  if (nice_agent_gather_candidates (self->nice, self->stream))
    return TRUE;
  self->gathering = FALSE;
  g_clear_handle_id (&self->limit, g_source_remove);
  return FALSE;
}

void
th_ice_agent_get_login (ThIceAgent *self, char **name, char **password)
{
  nice_agent_get_local_credentials (self->nice, self->stream, name, password);
}

gboolean
th_ice_agent_set_remote_login (ThIceAgent *self, const char *name, const char *password)
{
  return nice_agent_set_remote_credentials (self->nice, self->stream, name, password);
}

void
th_ice_agent_add_remote (ThIceAgent *self, const NiceCandidate *raw)
{
  NiceCandidate *copy = nice_candidate_copy (raw);
  GSList list = { .data = copy };

  copy->stream_id = self->stream;
  nice_agent_set_remote_candidates (self->nice, self->stream, COMPONENT, &list);
  nice_candidate_free (copy);
}

void
th_ice_agent_end_remote (ThIceAgent *self)
{
  nice_agent_peer_candidate_gathering_done (self->nice, self->stream);
}

gboolean
th_ice_agent_send (ThIceAgent *self, const guint8 *bytes, gsize length)
{
  return nice_agent_send (self->nice, self->stream, COMPONENT, (guint) length,
                          (const char *) bytes) == (gint) length;
}

guint
th_ice_agents_closing (void)
{
  return n_closing;
}
