/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceAgent: one libnice agent with one stream of one component, the way this room uses it: ICE
 * over UDP, without UPnP, each candidate with the server it came from. Private to this room; lives
 * on the thread-default main context.
 */
#pragma once

#include <nice/agent.h>

#include "ice/ice-candidate.h"
#include "ice/ice-routes.h"

G_BEGIN_DECLS

typedef struct _ThIceAgent ThIceAgent;

/**
 * ThIceAgentEvents:
 * @candidate: a local candidate; @raw is libnice's, for another agent
 * @gathered: there will be no more
 * @state: of the component
 * @selected: the pair in use from now on
 * @received: a packet of the other side
 *
 * Any may be NULL. None comes before th_ice_agent_gather() or after th_ice_agent_free(), which any
 * may call.
 */
typedef struct {
  void (*candidate) (ThIceCandidate *candidate, const NiceCandidate *raw, gpointer user_data);
  void (*gathered) (gpointer user_data);
  void (*state) (NiceComponentState state, gpointer user_data);
  void (*selected) (const NiceCandidate *local, const NiceCandidate *remote, gpointer user_data);
  void (*received) (const guint8 *bytes, gsize length, gpointer user_data);
} ThIceAgentEvents;

typedef struct {
  gboolean relay_only;
  gboolean controlling;
  gint64 start;            /* monotonic microseconds: candidates' times count from here */
  GHashTable *foundations; /* (transfer none): th_ice_foundations_new(); of all agents of a test */
  gboolean servers_alone;  /* host candidates are of no interest, only what servers give */
} ThIceAgentSetup;

/* How many servers of a kind libnice takes for one agent. */
#define TH_ICE_AGENT_RELAYS_MAX NICE_CANDIDATE_MAX_TURN_SERVERS

/* Numbers foundations for as many agents as one likes (RFC 8445, section 5.1.1.3). */
GHashTable *th_ice_foundations_new (void);

ThIceAgent *th_ice_agent_new (const ThIceAgentSetup *setup,
                              const ThIceAgentEvents *events,
                              gpointer user_data);

/* Gives the relays their allocations back, which may go on for seconds after this returns. */
void th_ice_agent_free (ThIceAgent *self);

/* What STUN tells over a stream is no use for UDP. */
gboolean th_ice_agent_has_use_for (const ThIceServer *server);

/* Before gathering; FALSE if this agent has enough of that kind. */
gboolean th_ice_agent_add_route (ThIceAgent *self, const ThIceRoute *route);

/* FALSE if this machine has no address to gather on; then nothing will be told. */
gboolean th_ice_agent_gather (ThIceAgent *self);

/* How agents prove to each other who they are (RFC 8445, section 5.3). @name, @password: (out)
 * (transfer full) */
void th_ice_agent_get_login (ThIceAgent *self, char **name, char **password);

/* FALSE if the other's cannot be one. */
gboolean th_ice_agent_set_remote_login (ThIceAgent *self, const char *name, const char *password);

void th_ice_agent_add_remote (ThIceAgent *self, const NiceCandidate *raw);
void th_ice_agent_end_remote (ThIceAgent *self);

/* FALSE if it could not be sent. */
gboolean th_ice_agent_send (ThIceAgent *self, const guint8 *bytes, gsize length);

/* Agents that are freed but not yet gone, of this program: for tests. */
guint th_ice_agents_closing (void);

G_END_DECLS
