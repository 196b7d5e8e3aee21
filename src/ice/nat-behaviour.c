/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * First one socket asks all servers. If one of them has another address, the same socket asks there
 * (mapping), while two fresh ones have themselves answered from there (filtering): a fresh one,
 * because whoever has asked an address may hear from it.
 */
#include "ice/nat-behaviour.h"

#include <glib/gi18n.h>
#include <unistd.h>

#include "ice/ice-routes.h"
#include "ice/nat-socket.h"

#define SERVERS_MAX 4
#define LOOKUP_PATIENCE 3000 /* milliseconds */

/* The five questions of the second round. */
typedef enum {
  ASK_OTHER_HOST, /* from the first socket, at the ordinary port */
  ASK_OTHER_BOTH, /* at the other port as well */
  HEAR_OTHER_BOTH,
  HEAR_OTHER_PORT,
  N_QUESTIONS,
} QuestionKind;

typedef struct _Discovery Discovery;

typedef struct {
  Discovery *discovery;
  ThAddress server;
  ThNatAnswer answer;
} Asked;

struct _Discovery {
  GTask *task;
  GPtrArray *servers; /* those that speak UDP */
  ThIceRoutes *routes;
  GArray *addresses;  /* of ThAddress: of servers */
  guint limit;        /* of looking up */
  ThNatSocket *socket;
  ThNatSocket *fresh[2];
  Asked asked[SERVERS_MAX];
  guint n_asked, n_waiting;
  const Asked *chosen; /* the server with another address */
  Asked second[N_QUESTIONS];
  ThNatBehaviour behaviour;
  gulong cancelled;
  guint cancelling; /* idle source */
};

static void
discovery_free (gpointer data)
{
  Discovery *self = data;

  g_clear_handle_id (&self->limit, g_source_remove);
  g_clear_handle_id (&self->cancelling, g_source_remove);
  g_clear_pointer (&self->routes, th_ice_routes_free);
  g_clear_pointer (&self->socket, th_nat_socket_free);
  for (guint i = 0; i < G_N_ELEMENTS (self->fresh); i++)
    g_clear_pointer (&self->fresh[i], th_nat_socket_free);
  g_ptr_array_unref (self->servers);
  g_array_unref (self->addresses);
  g_free (self);
}

/* Returning ends the discovery, and @self with it. */
static void
finish (Discovery *self)
{
  g_autoptr (GTask) task = self->task;

  if (self->cancelled != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), self->cancelled);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_memdup2 (&self->behaviour, sizeof self->behaviour), g_free);
  discovery_free (self);
}

/* ---- what it means ---- */

/* The address that this machine would send from; unset if it has none for that. Nothing is sent. */
static ThAddress
find_local (const ThAddress *server, guint16 port)
{
  ThAddress address = TH_ADDRESS_NONE;
  socklen_t size = sizeof address;
  int fd = socket (server->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  if (fd >= 0 && connect (fd, &server->any, th_address_size (server)) == 0 &&
      getsockname (fd, &address.any, &size) == 0)
    th_address_set_port (&address, port);
  else
    address = TH_ADDRESS_NONE;
  if (fd >= 0)
    close (fd);
  return address;
}

static const Asked *
first_answered (const Discovery *self)
{
  for (guint i = 0; i < self->n_asked; i++)
    {
      if (self->asked[i].answer.answered)
        return &self->asked[i];
    }
  return NULL;
}

static gboolean
is_mapped_alike (const Asked *a, const Asked *b)
{
  return th_address_equal (&a->answer.mapped, &b->answer.mapped);
}

/* Two servers tell whether the mapping depends on the destination; that it does not, only if they
 * are two hosts. */
static ThIceNatKind
compare_servers (const Discovery *self)
{
  ThIceNatKind found = TH_ICE_NAT_UNKNOWN;

  for (guint i = 0; i < self->n_asked; i++)
    {
      for (guint j = 0; j < i; j++)
        {
          const Asked *a = &self->asked[i], *b = &self->asked[j];
          gboolean same_host = th_address_same_host (&a->server, &b->server);

          if (!a->answer.answered || !b->answer.answered)
            continue;
          if (!is_mapped_alike (a, b))
            return same_host ? TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT : TH_ICE_NAT_ADDRESS_DEPENDENT;
          if (!same_host)
            found = TH_ICE_NAT_ENDPOINT_INDEPENDENT;
        }
    }
  return found;
}

/* RFC 5780, section 4.3 */
static ThIceNatKind
judge_mapping (const Discovery *self)
{
  const Asked *host = &self->second[ASK_OTHER_HOST], *both = &self->second[ASK_OTHER_BOTH];

  if (!host->answer.answered)
    return compare_servers (self);
  if (is_mapped_alike (self->chosen, host))
    return TH_ICE_NAT_ENDPOINT_INDEPENDENT;
  if (both->answer.answered && is_mapped_alike (host, both))
    return TH_ICE_NAT_ADDRESS_DEPENDENT;
  return TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT;
}

/* RFC 5780, section 4.4: silence says something only where the other address is known to answer. */
static ThIceNatKind
judge_filtering (const Discovery *self)
{
  if (self->second[HEAR_OTHER_BOTH].answer.answered)
    return TH_ICE_NAT_ENDPOINT_INDEPENDENT;
  if (!self->second[ASK_OTHER_BOTH].answer.answered)
    return TH_ICE_NAT_UNKNOWN;
  return self->second[HEAR_OTHER_PORT].answer.answered ? TH_ICE_NAT_ADDRESS_DEPENDENT
                                                       : TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT;
}

static void
judge (Discovery *self)
{
  ThNatBehaviour *behaviour = &self->behaviour;
  const Asked *first = self->chosen != NULL ? self->chosen : first_answered (self);

  if (first == NULL)
    return;
  behaviour->answered = TRUE;
  behaviour->rfc5780 = self->chosen != NULL;
  behaviour->local = find_local (&first->server, th_nat_socket_get_port (self->socket));
  behaviour->mapped = first->answer.mapped;
  if (self->chosen != NULL)
    behaviour->filtering = judge_filtering (self);
  if (th_address_equal (&behaviour->local, &behaviour->mapped))
    behaviour->mapping = TH_ICE_NAT_NONE;
  else
    behaviour->mapping = self->chosen != NULL ? judge_mapping (self) : compare_servers (self);
}

/* ---- asking ---- */

static void
on_second_answered (const ThNatAnswer *answer, gpointer data)
{
  Asked *asked = data;
  Discovery *self = asked->discovery;

  asked->answer = *answer;
  if (--self->n_waiting > 0)
    return;
  judge (self);
  finish (self);
}

/* What does not come from where it was wished is no proof. */
static void
on_heard (const ThNatAnswer *answer, gpointer data)
{
  Asked *asked = data;
  ThNatAnswer heard = *answer;

  heard.answered = heard.answered && th_address_equal (&heard.from, &asked->server);
  on_second_answered (&heard, data);
}

/* @expected: where the answer is to come from */
static void
ask_second (Discovery *self,
            QuestionKind kind,
            ThNatSocket *socket,
            const ThAddress *expected,
            guint32 change)
{
  Asked *asked = &self->second[kind];

  asked->discovery = self;
  asked->server = *expected;
  if (socket == NULL)
    return;
  self->n_waiting++;
  th_nat_socket_ask (socket, change != 0 ? &self->chosen->server : expected, change,
                     change != 0 ? on_heard : on_second_answered, asked);
}

static void
ask_the_other (Discovery *self)
{
  const ThAddress *server = &self->chosen->server;
  ThAddress both = self->chosen->answer.other;
  ThAddress host = both, port = *server;

  th_address_set_port (&host, th_address_port (server));
  th_address_set_port (&port, th_address_port (&both));
  for (guint i = 0; i < G_N_ELEMENTS (self->fresh); i++)
    self->fresh[i] = th_nat_socket_new (th_address_family (server));
  ask_second (self, ASK_OTHER_HOST, self->socket, &host, 0);
  ask_second (self, ASK_OTHER_BOTH, self->socket, &both, 0);
  ask_second (self, HEAR_OTHER_BOTH, self->fresh[0], &both,
              TH_NAT_CHANGE_HOST | TH_NAT_CHANGE_PORT);
  ask_second (self, HEAR_OTHER_PORT, self->fresh[1], &port, TH_NAT_CHANGE_PORT);
}

/* Of what a server claims to be its other address, only what can be one is believed. */
static gboolean
has_other (const Asked *asked)
{
  const ThAddress *other = &asked->answer.other;

  return asked->answer.answered && th_address_is_set (other) &&
         th_address_family (other) == th_address_family (&asked->server) &&
         !th_address_same_host (other, &asked->server) && th_address_port (other) != 0 &&
         th_address_port (other) != th_address_port (&asked->server) &&
         !th_address_is_wildcard (other) &&
         th_address_is_loopback (other) == th_address_is_loopback (&asked->server);
}

static void
on_first_answered (const ThNatAnswer *answer, gpointer data)
{
  Asked *asked = data;
  Discovery *self = asked->discovery;

  asked->answer = *answer;
  if (--self->n_waiting > 0)
    return;
  for (guint i = 0; i < self->n_asked && self->chosen == NULL; i++)
    {
      if (has_other (&self->asked[i]))
        self->chosen = &self->asked[i];
    }
  if (self->chosen != NULL)
    {
      ask_the_other (self);
      return;
    }
  judge (self);
  finish (self);
}

/* NULL if this machine has no way to any of them. */
static const ThAddress *
first_with_route (const Discovery *self)
{
  for (guint i = 0; i < self->addresses->len; i++)
    {
      const ThAddress *address = &g_array_index (self->addresses, ThAddress, i);
      ThAddress local = find_local (address, 0);

      if (th_address_is_set (&local))
        return address;
    }
  return NULL;
}

static void
ask_servers (Discovery *self)
{
  const ThAddress *first = first_with_route (self);

  if (first != NULL)
    self->socket = th_nat_socket_new (th_address_family (first));
  if (self->socket == NULL)
    {
      finish (self);
      return;
    }
  for (guint i = 0; i < self->addresses->len && self->n_asked < SERVERS_MAX; i++)
    {
      Asked *asked = &self->asked[self->n_asked];
      const ThAddress *address = &g_array_index (self->addresses, ThAddress, i);

      if (th_address_family (address) != th_address_family (first))
        continue;
      *asked = (Asked) { .discovery = self, .server = *address };
      self->n_asked++;
      self->n_waiting++;
      th_nat_socket_ask (self->socket, address, 0, on_first_answered, asked);
    }
}

/* ---- where the servers are ---- */

static gboolean
on_looked_up_enough (gpointer data)
{
  Discovery *self = data;

  self->limit = 0;
  g_clear_pointer (&self->routes, th_ice_routes_free);
  ask_servers (self);
  return G_SOURCE_REMOVE;
}

/* IPv4 first: there are the NATs. */
static void
add_address (GArray *addresses, const ThAddress *address)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      if (th_address_equal (&g_array_index (addresses, ThAddress, i), address))
        return;
    }
  if (th_address_is_ipv4 (address))
    {
      guint place = 0;

      while (place < addresses->len &&
             th_address_is_ipv4 (&g_array_index (addresses, ThAddress, place)))
        place++;
      g_array_insert_val (addresses, place, *address);
    }
  else
    g_array_append_vals (addresses, address, 1);
}

static void
on_routes_found (const GArray *routes, gboolean complete, gpointer data)
{
  Discovery *self = data;

  for (guint i = 0; i < routes->len; i++)
    add_address (self->addresses, &g_array_index (routes, ThIceRoute, i).address);
  if (!complete)
    return;
  g_clear_handle_id (&self->limit, g_source_remove);
  self->limit = g_idle_add (on_looked_up_enough, self);
}

static gboolean
on_cancelling (gpointer data)
{
  Discovery *self = data;

  self->cancelling = 0;
  finish (self);
  return G_SOURCE_REMOVE;
}

/* Perhaps from within one of our own calls. */
static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  Discovery *self = data;

  if (self->cancelling == 0)
    self->cancelling = g_idle_add (on_cancelling, self);
}

static GPtrArray *
keep_udp (GPtrArray *servers)
{
  GPtrArray *kept = g_ptr_array_new_with_free_func ((GDestroyNotify) th_ice_server_free);

  for (guint i = 0; i < servers->len; i++)
    {
      const ThIceServer *server = servers->pdata[i];

      if (server->transport == TH_ICE_UDP)
        g_ptr_array_add (kept, th_ice_server_copy (server));
    }
  return kept;
}

void
th_nat_behaviour_discover_async (GPtrArray *servers,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Discovery *self = g_new0 (Discovery, 1);

  self->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, th_nat_behaviour_discover_async);
  self->servers = keep_udp (servers);
  self->addresses = g_array_new (FALSE, FALSE, sizeof (ThAddress));
  self->behaviour.local = self->behaviour.mapped = TH_ADDRESS_NONE;
  self->limit = g_timeout_add (LOOKUP_PATIENCE, on_looked_up_enough, self);
  self->routes = th_ice_routes_new (self->servers, FALSE, on_routes_found, self);
  if (cancellable != NULL)
    self->cancelled =
        g_signal_connect (cancellable, "cancelled", G_CALLBACK (on_cancelled), self);
  if (g_cancellable_is_cancelled (cancellable))
    on_cancelled (cancellable, self);
}

ThNatBehaviour *
th_nat_behaviour_discover_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- in words ---- */

static const char *
describe_no_nat (ThIceNatKind filtering)
{
  switch (filtering)
    {
    case TH_ICE_NAT_ENDPOINT_INDEPENDENT:
      return _("No router changes this machine’s address on the way to the server, and anyone may "
               "send to it. Direct calls work.");
    case TH_ICE_NAT_ADDRESS_DEPENDENT:
    case TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT:
      return _("No router changes this machine’s address on the way to the server, but a firewall "
               "lets in only answers. Direct calls work with most others.");
    case TH_ICE_NAT_UNKNOWN:
    case TH_ICE_NAT_NONE:
    default:
      return _("No router changes this machine’s address on the way to the server.");
    }
}

const char *
th_nat_behaviour_describe (const ThNatBehaviour *self)
{
  if (!self->answered)
    return _("No server answered over UDP, so it is probably blocked here. Calls need a relay over "
             "TCP or TLS.");
  switch (self->mapping)
    {
    case TH_ICE_NAT_NONE:
      return describe_no_nat (self->filtering);
    case TH_ICE_NAT_ENDPOINT_INDEPENDENT:
      return self->filtering == TH_ICE_NAT_ENDPOINT_INDEPENDENT
                 ? _("Your router keeps one port for all destinations, and anyone may send to it. "
                     "Direct calls work with almost everyone.")
                 : _("Your router keeps one port for all destinations. Direct calls work with most "
                     "others.");
    case TH_ICE_NAT_ADDRESS_DEPENDENT:
    case TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT:
      return _("Your router gives each destination a new port; direct calls to others like it will "
               "need the relay.");
    case TH_ICE_NAT_UNKNOWN:
    default:
      return _("Only one server answered, and from one address: what your router does with other "
               "destinations cannot be seen.");
    }
}
