/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A world around one ThTurnServer, for tests: a clock that the test moves, a driver whose sockets
 * are plain structures, users with passwords, and the outside from which packets come. Everything
 * the server says is checked for form; freeing the world checks that nothing was left behind.
 */
#pragma once

#include "turn/server.h"

G_BEGIN_DECLS

#define SECONDS(n) ((gint64) (n) * G_USEC_PER_SEC)

/* Where relays stand in a world that asks for no others, and the port that clients talk to. */
#define WORLD_IPV4 "198.51.100.1"
#define WORLD_IPV6 "2001:db8::1"
#define WORLD_PORT 3478
#define WORLD_OTHER_PORT 3479
#define WORLD_REALM "turnhouse"

/* How a world is to differ from an ordinary one; zero: as usual. */
typedef struct {
  const char *hosts[3];    /* "address" or "external/internal"; none: one of each family */
  const char *own_host;    /* an address of this machine that does not relay */
  const char *other_host;  /* the second one for RFC 5780, beside the first of hosts */
  guint16 port_min;        /* 49152 */
  guint16 port_max;        /* 65535 */
  guint user_quota;        /* no limit */
  guint capacity;          /* no limit */
  guint max_reservations;  /* 16 */
  guint max_permissions;   /* 8 */
  guint unauthorized_per_second; /* no limit */
  gboolean strict_expiry;
  gboolean mobility;
  gboolean tcp_relay;
  gboolean allow_lan;
  const char *allow[3]; /* peers */
  const char *deny[3];
  const char *software;
} WorldSetup;

typedef struct {
  const char *name;
  const char *password;
  const char *label; /* for quotas; NULL: the name */
  gint64 expires_at;
  guint secret;
} WorldUser;

/* One relay socket as the driver sees it. */
typedef struct {
  ThAddress address;
  ThRelayEnd *end; /* NULL until it is attached */
} WorldSocket;

/* What a client can be told about a peer. */
typedef enum {
  HEARD_NOTHING,
  HEARD_DATA,    /* a Data indication */
  HEARD_CHANNEL, /* ChannelData */
  HEARD_ICMP,    /* a Data indication with ICMP in place of DATA */
  HEARD_ANSWER,  /* a response */
} WorldHeardKind;

typedef struct {
  WorldHeardKind kind;
  ThAddress peer;
  guint16 channel;
  const guint8 *bytes;
  gsize length;
} WorldHeard;

typedef struct {
  ThTurnConfig *config;
  ThTurnServer *server;
  ThTurnDriver driver;
  gint64 monotonic; /* microseconds */
  gint64 wall;      /* seconds */

  GHashTable *sockets; /* a set of WorldSocket: those that are open */
  guint n_opened;      /* ever */
  int open_error;     /* what opening fails with, as often as @open_failures says */
  guint open_failures;
  gboolean odd_ports_fail; /* that only odd ports do */

  guint n_questions; /* asked of the authenticator */
  guint n_started, n_ended;
  ThSessionEnd last_end;
  guint n_refused; /* requests, and the last of them; of its texts only the user */
  ThTurnRefusal last_refusal;
  ThAddress refused_peer;
  char refused_user[TH_TURN_USER_SIZE];
  guint n_refreshed;
  guint n_moved, n_left; /* sessions to another client, and clients without theirs */
  ThTurnClient moved_to;
  gboolean connections_fail;
  ThTurnStream *connecting; /* nullable: the last one, to be told of */
  ThTurnStream *bound;      /* nullable: the last one */
  guint n_handed_over; /* that another server has, and the number of the last one */
  guint64 handed_over;
  guint n_told; /* peers that the driver was told of, and the last of them */
  ThAddress told_peer;
  guint16 told_channel;

  ThTurnAction action; /* the last one */
  GByteArray *output;  /* as it would leave: head, payload and tail */
  guint8 *input;
  guint8 *head_room;
  guint n_free_ports;
} World;

/* @setup: NULL: an ordinary world. Its users: "ada", password "lovelace"; "bob", "ross". */
World *world_new (const WorldSetup *setup);

/* Also ends the server, and fails if a socket, a port or a quota is not given back. */
void world_free (World *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/* Replaces the credentials, as a rotation does. Several entries of one name: several keys. */
void world_set_users (World *self, const WorldUser *users, guint n_users);
ThTurnAuthenticator *world_authenticator_new (World *self,
                                              const WorldUser *users,
                                              guint n_users);

/* Both clocks go on. */
void world_advance (World *self, gint64 microseconds);

/* Only the wall clock jumps. */
void world_set_wall (World *self, gint64 wall);

/* Brings bytes to the server, at an odd address and in a block of exactly their size. */
ThTurnVerb world_from_client (World *self,
                              const ThTurnClient *client,
                              gconstpointer bytes,
                              gsize length);
ThTurnVerb world_from_peer (World *self,
                            ThRelayEnd *end,
                            const ThAddress *peer,
                            gconstpointer bytes,
                            gsize length);
ThTurnVerb world_from_icmp (World *self,
                            ThRelayEnd *end,
                            const ThAddress *peer,
                            guint8 type,
                            guint8 code,
                            guint32 data);

/* How many sockets of streams were closed that nobody claimed, ever. */
guint world_count_released (void);

/* What the last action told the client, taken apart by the RFCs' rules. */
WorldHeard world_heard (World *self);

/* Fails unless the last action was to send that text to that peer. */
void world_assert_sent (World *self, const ThAddress *peer, const char *text);

/* Fails unless the last action told the client that text from that peer; @channel 0: as Data. */
void world_assert_heard (World *self, const ThAddress *peer, guint16 channel, const char *text);

/* The open socket at that address, or the one that peers see as @relayed; NULL if there is none. */
WorldSocket *world_socket_at (World *self, const ThAddress *address);
WorldSocket *world_socket_behind (World *self, const ThAddress *relayed);

/* COUNTED (world, bindings): one of ThTurnCounters */
#define COUNTED(world, name)                                                                       \
  (th_counter_read (&th_turn_server_get_counters ((world)->server)->name))

G_END_DECLS
