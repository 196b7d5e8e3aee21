/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mobility (RFC 8016): who has the ticket and the name takes the allocation along to another
 * address, and nobody else does.
 */
#include <string.h>

#include "addresses.h"
#include "world-client.h"

#define PEER "8.8.4.4"

typedef struct {
  World *world;
  WorldClient *ada; /* has a mobile allocation, a permission and a channel */
  ThAddress peer;
  guint8 ticket[TH_TICKET_SIZE];
} Fixture;

static void
take_ticket (Fixture *self)
{
  ThStunAttribute ticket = client_answer_get (self->ada, TH_STUN_MOBILITY_TICKET);

  g_assert_cmpuint (ticket.length, ==, TH_TICKET_SIZE);
  memcpy (self->ticket, ticket.value, TH_TICKET_SIZE);
}

static int
allocate_with_ticket (WorldClient *client, gconstpointer ticket, gsize length)
{
  client_begin_allocate (client);
  th_stun_builder_add_bytes (&client->builder, TH_STUN_MOBILITY_TICKET, ticket, length);
  return client_end (client);
}

static void
set_up_with (Fixture *self, const WorldSetup *setup)
{
  self->world = world_new (setup);
  self->ada = client_new (self->world, "ada");
  self->peer = address_and_port (PEER, 9000);
  g_assert_cmpint (allocate_with_ticket (self->ada, "", 0), ==, 0);
  take_ticket (self);
  self->ada->relayed = client_answer_address (self->ada, TH_STUN_XOR_RELAYED_ADDRESS);
  g_assert_cmpint (client_bind (self->ada, 0x4001, &self->peer), ==, 0);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  const WorldSetup setup = { .mobility = TRUE, .user_quota = 1 };

  set_up_with (self, &setup);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  client_free (self->ada);
  world_free (self->world);
}

/* Another client of the same user: the device at another address. */
static WorldClient *
arrive (Fixture *self, const char *user)
{
  WorldClient *client = client_new (self->world, user);

  client->relayed = self->ada->relayed;
  return client;
}

static int
refresh_with (WorldClient *client, const guint8 *ticket, gsize length)
{
  client_begin (client, TH_STUN_REFRESH);
  th_stun_builder_add_bytes (&client->builder, TH_STUN_MOBILITY_TICKET, ticket, length);
  return client_end (client);
}

static void
assert_talks (Fixture *self, WorldClient *client)
{
  client_send_channel (client, 0x4001, "up");
  world_assert_sent (self->world, &self->peer, "up");
  client_hear (client, &self->peer, "down");
  world_assert_heard (self->world, &self->peer, 0x4001, "down");
  g_assert_true (th_turn_client_equal (self->world->action.client, &client->tuple));
}

static void
test_moves_with_all_it_has (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive (self, "ada");

  assert_talks (self, self->ada);
  g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, 0);
  g_assert_cmpuint (client_answer_u32 (moved, TH_STUN_LIFETIME), ==, TH_TURN_LIFETIME_DEFAULT);
  g_assert_cmpuint (self->world->n_moved, ==, 1);
  g_assert_cmpuint (self->world->n_left, ==, 1);
  g_assert_true (th_turn_client_equal (&self->world->moved_to, &moved->tuple));
  g_assert_cmpuint (th_turn_server_count (self->world->server), ==, 1);
  assert_talks (self, moved);

  g_assert_cmpint (client_send_channel (self->ada, 0x4001, "from the former"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_refresh (self->ada, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
}

static void
test_each_move_has_another_ticket (Fixture *self, gconstpointer data)
{
  guint8 first[TH_TICKET_SIZE];
  WorldClient *moved = arrive (self, "ada");

  memcpy (first, self->ticket, TH_TICKET_SIZE);
  for (guint i = 0; i < 5; i++)
    {
      g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, 0);
      client_free (self->ada);
      self->ada = moved;
      take_ticket (self);
      g_assert_true (memcmp (first, self->ticket, TH_TICKET_SIZE) != 0);
      moved = arrive (self, "ada");
    }
  assert_talks (self, self->ada);
  g_assert_cmpint (refresh_with (moved, first, TH_TICKET_SIZE), ==, TH_STUN_BAD_REQUEST);
  client_free (moved);
}

static void
test_repeated_request_has_the_same_answer (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive (self, "ada");
  guint8 ticket[TH_TICKET_SIZE];

  g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, 0);
  memcpy (ticket, client_answer_get (moved, TH_STUN_MOBILITY_TICKET).value, TH_TICKET_SIZE);
  g_assert_cmpint (client_repeat (moved), ==, 0);
  g_assert_cmpmem (client_answer_get (moved, TH_STUN_MOBILITY_TICKET).value, TH_TICKET_SIZE, ticket,
                   TH_TICKET_SIZE);
  g_assert_cmpuint (self->world->n_moved, ==, 1);
}

/* The answer to the first move was lost, and then the device moved on. */
static void
test_former_ticket_lasts_for_half_a_minute (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) first = arrive (self, "ada");
  g_autoptr (WorldClient) second = arrive (self, "ada");
  g_autoptr (WorldClient) late = arrive (self, "ada");
  guint8 ticket[TH_TICKET_SIZE];

  g_assert_cmpint (refresh_with (first, self->ticket, TH_TICKET_SIZE), ==, 0);
  memcpy (ticket, client_answer_get (first, TH_STUN_MOBILITY_TICKET).value, TH_TICKET_SIZE);
  world_advance (self->world, SECONDS (29));
  g_assert_cmpint (refresh_with (second, self->ticket, TH_TICKET_SIZE), ==, 0);
  assert_talks (self, second);
  world_advance (self->world, SECONDS (30));
  g_assert_cmpint (refresh_with (late, self->ticket, TH_TICKET_SIZE), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (refresh_with (late, ticket, TH_TICKET_SIZE), ==, TH_STUN_BAD_REQUEST);
  assert_talks (self, second);
}

static void
test_ticket_stays_with_the_address (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (refresh_with (self->ada, self->ticket, TH_TICKET_SIZE), ==, 0);
  g_assert_cmpmem (client_answer_get (self->ada, TH_STUN_MOBILITY_TICKET).value, TH_TICKET_SIZE,
                   self->ticket, TH_TICKET_SIZE);
  g_assert_cmpuint (self->world->n_moved, ==, 0);
}

static void
test_another_user_does_not_get_it (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) bob = arrive (self, "bob");

  g_assert_cmpint (refresh_with (bob, self->ticket, TH_TICKET_SIZE), ==, TH_STUN_WRONG_CREDENTIALS);
  g_assert_cmpuint (self->world->n_moved, ==, 0);
  assert_talks (self, self->ada);
}

static void
test_wrong_password_does_not_get_it (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) thief = arrive (self, "ada");

  thief->password = "guess";
  g_assert_cmpint (refresh_with (thief, self->ticket, TH_TICKET_SIZE), ==, TH_STUN_UNAUTHENTICATED);
  g_assert_cmpuint (self->world->n_moved, ==, 0);
  assert_talks (self, self->ada);
}

static void
test_name_by_hash (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive (self, "ada");

  moved->by_hash = TRUE;
  moved->algorithm = TH_STUN_ALGORITHM_SHA256;
  g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, 0);
  assert_talks (self, moved);
}

/* As coturn's clients take them for C strings. */
static void
test_no_byte_is_zero (Fixture *self, gconstpointer data)
{
  ThTickets *tickets = self->world->config->tickets;
  const ThTicketHolder nobody = { .owner = self };
  guint8 ticket[TH_TICKET_SIZE];

  for (guint i = 0; i < 1000; i++)
    {
      th_tickets_issue (tickets, &nobody, ticket);
      g_assert_null (memchr (ticket, 0, sizeof ticket));
      th_tickets_withdraw (tickets, ticket);
    }
}

static void
test_bad_tickets (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive (self, "ada");
  g_autofree guint8 *longer = g_malloc0 (500);
  guint8 other[TH_TICKET_SIZE];

  memcpy (longer, self->ticket, TH_TICKET_SIZE);
  memcpy (other, self->ticket, TH_TICKET_SIZE);
  other[TH_TICKET_SIZE - 1] ^= 1;
  for (gsize length = 0; length <= 500; length++)
    if (length != TH_TICKET_SIZE)
      g_assert_cmpint (refresh_with (moved, longer, length), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (refresh_with (moved, other, TH_TICKET_SIZE), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpint (refresh_with (self->ada, other, TH_TICKET_SIZE), ==, TH_STUN_BAD_REQUEST);
  g_assert_cmpuint (self->world->n_moved, ==, 0);
  assert_talks (self, self->ada);
}

static void
test_allocate_with_a_ticket_is_a_mistake (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) bob = client_new (self->world, "bob");

  g_assert_cmpint (allocate_with_ticket (bob, self->ticket, TH_TICKET_SIZE), ==,
                   TH_STUN_BAD_REQUEST);
}

static void
test_ticket_ends_with_the_allocation (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive (self, "ada");

  g_assert_cmpint (client_refresh (self->ada, 0), ==, 0);
  g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, TH_STUN_BAD_REQUEST);
}

static void
test_move_and_end_in_one (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive (self, "ada");

  client_begin (moved, TH_STUN_REFRESH);
  th_stun_builder_add_u32 (&moved->builder, TH_STUN_LIFETIME, 0);
  th_stun_builder_add_bytes (&moved->builder, TH_STUN_MOBILITY_TICKET, self->ticket,
                             TH_TICKET_SIZE);
  g_assert_cmpint (client_end (moved), ==, 0);
  g_assert_false (client_answer_has (moved, TH_STUN_MOBILITY_TICKET));
  g_assert_cmpuint (self->world->n_ended, ==, 1);
}

static void
test_client_with_an_allocation_gets_no_other (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) bob = arrive (self, "bob");

  g_assert_cmpint (client_allocate (bob), ==, 0);
  g_assert_cmpint (refresh_with (bob, self->ticket, TH_TICKET_SIZE), ==, TH_STUN_BAD_REQUEST);
}

static void
test_former_connection_may_close (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive (self, "ada");

  g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, 0);
  th_turn_server_client_gone (self->world->server, &self->ada->tuple);
  assert_talks (self, moved);
}

/* Over TCP the former connection mostly ends before the client has another network. */
static void
test_waits_for_who_lost_the_connection (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive (self, "ada");
  ThTurnServer *server = self->world->server;

  self->ada->tuple.transport = TH_TRANSPORT_TCP;
  g_assert_cmpint (refresh_with (self->ada, self->ticket, TH_TICKET_SIZE), ==, 0);
  take_ticket (self);
  th_turn_server_client_gone (server, &self->ada->tuple);
  g_assert_cmpuint (th_turn_server_count (server), ==, 1);
  g_assert_cmpint (client_hear (moved, &self->peer, "nobody there"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_refresh (self->ada, 600), ==, TH_STUN_ALLOCATION_MISMATCH);
  g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, 0);
  assert_talks (self, moved);
}

static void
test_waits_no_longer_than_it_lives (Fixture *self, gconstpointer data)
{
  ThTurnServer *server = self->world->server;

  th_turn_server_client_gone (server, &self->ada->tuple);
  world_advance (self->world, SECONDS (599));
  g_assert_cmpuint (th_turn_server_count (server), ==, 1);
  world_advance (self->world, SECONDS (2));
  g_assert_cmpuint (th_turn_server_count (server), ==, 0);
}

static void
test_move_does_not_prolong_by_itself (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive (self, "ada");

  world_advance (self->world, SECONDS (500));
  g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, 0);
  world_advance (self->world, SECONDS (599));
  g_assert_cmpuint (th_turn_server_count (self->world->server), ==, 1);
  world_advance (self->world, SECONDS (2));
  g_assert_cmpuint (th_turn_server_count (self->world->server), ==, 0);
}

/* ---- between servers ---- */

/* Has the ticket lead elsewhere; the world then says that it was asked to hand over. */
static WorldClient *
arrive_at_another_server (Fixture *self)
{
  WorldClient *moved = arrive (self, "ada");

  th_tickets_update (self->world->config->tickets, self->ticket, self, 0);
  g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, SILENCE);
  g_assert_cmpuint (self->world->n_handed_over, ==, 1);
  return moved;
}

/* Returns: what the answer is */
static ThTurnVerb
adopt (Fixture *self, WorldClient *client, ThTurnAllocation *allocation)
{
  ThTurnAction *action = &self->world->action;

  action->head = self->world->head_room;
  th_turn_server_adopt (self->world->server, allocation, &client->tuple, client->request,
                        client->request_length, action);
  return action->verb;
}

static void
test_from_another_server (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive_at_another_server (self);
  ThTurnServer *server = self->world->server;
  ThTurnAllocation *allocation = th_turn_server_release (server, self->world->handed_over);

  g_assert_nonnull (allocation);
  g_assert_cmpuint (th_turn_server_count (server), ==, 0);
  g_assert_null (th_turn_server_release (server, self->world->handed_over));
  g_assert_cmpint (adopt (self, moved, allocation), ==, TH_TURN_TO_CLIENT);
  g_assert_cmpuint (self->world->n_moved, ==, 1);
  assert_talks (self, moved);
  world_advance (self->world, SECONDS (601));
  g_assert_cmpuint (th_turn_server_count (server), ==, 0);
}

/* Some clients use their first ticket again and again. */
static void
test_former_ticket_from_another_server (Fixture *self, gconstpointer data)
{
  ThTurnServer *server = self->world->server;
  g_autoptr (WorldClient) first = arrive (self, "ada");

  g_assert_cmpint (refresh_with (first, self->ticket, TH_TICKET_SIZE), ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (WorldClient) moved = arrive (self, "ada");

      th_tickets_update (self->world->config->tickets, self->ticket, self, 0);
      g_assert_cmpint (refresh_with (moved, self->ticket, TH_TICKET_SIZE), ==, SILENCE);
      g_assert_cmpint (adopt (self, moved,
                              th_turn_server_release (server, self->world->handed_over)),
                       ==, TH_TURN_TO_CLIENT);
      g_assert_cmpint (client_repeat (moved), ==, 0);
      assert_talks (self, moved);
      world_advance (self->world, SECONDS (20));
    }
}

static void
test_gone_at_the_other_server (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive_at_another_server (self);

  g_assert_cmpint (adopt (self, moved, NULL), ==, TH_TURN_TO_CLIENT);
  g_assert_cmpuint (self->world->n_handed_over, ==, 1);
  g_assert_cmpuint (self->world->last_refusal.code, ==, TH_STUN_ALLOCATION_MISMATCH);
}

static void
test_nobody_to_adopt_it (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive_at_another_server (self);
  ThTurnServer *server = self->world->server;

  th_turn_server_bury (server, th_turn_server_release (server, self->world->handed_over));
  g_assert_cmpuint (self->world->n_ended, ==, 1);
  g_assert_cmpint (self->world->last_end, ==, TH_SESSION_END_CLIENT_GONE);
}

static void
test_client_has_another_by_then (Fixture *self, gconstpointer data)
{
  g_autoptr (WorldClient) moved = arrive_at_another_server (self);
  ThTurnAllocation *allocation = th_turn_server_release (self->world->server,
                                                         self->world->handed_over);
  WorldClient asking = *moved;

  th_quota_set_limits (self->world->config->quota, 0, 0);
  g_assert_cmpint (client_allocate (moved), ==, 0);
  adopt (self, &asking, allocation);
  g_assert_cmpuint (th_turn_server_count (self->world->server), ==, 1);
  g_assert_cmpuint (self->world->n_moved, ==, 0);
}

/* ---- where it is off ---- */

static void
test_off_by_default (void)
{
  g_autoptr (World) world = world_new (NULL);
  g_autoptr (WorldClient) ada = client_new (world, "ada");
  g_autoptr (WorldClient) bob = client_new (world, "bob");

  g_assert_cmpint (allocate_with_ticket (ada, "", 0), ==, TH_STUN_MOBILITY_FORBIDDEN);
  g_assert_cmpuint (world->n_refused, ==, 0);
  g_assert_cmpint (client_allocate (ada), ==, 0);
  g_assert_false (client_answer_has (ada, TH_STUN_MOBILITY_TICKET));
  g_assert_cmpint (refresh_with (bob, (const guint8 *) "0123456789abcdef", TH_TICKET_SIZE), ==,
                   TH_STUN_MOBILITY_FORBIDDEN);
}

static void
test_strict_expiry_holds_for_moves (void)
{
  const WorldSetup setup = { .mobility = TRUE, .strict_expiry = TRUE };
  Fixture fixture;
  WorldUser users[] = { { "ada", "lovelace", NULL, 0, 0 } };
  WorldClient *moved;

  set_up_with (&fixture, &setup);
  moved = arrive (&fixture, "ada");
  users[0].expires_at = fixture.world->wall - 1;
  world_set_users (fixture.world, users, 1);
  g_assert_cmpint (refresh_with (moved, fixture.ticket, TH_TICKET_SIZE), ==,
                   TH_STUN_UNAUTHENTICATED);
  client_free (moved);
  tear_down (&fixture, NULL);
}

static void
test_lenient_expiry_holds_for_moves (void)
{
  const WorldSetup setup = { .mobility = TRUE };
  Fixture fixture;
  WorldUser users[] = { { "ada", "lovelace", NULL, 0, 0 } };
  WorldClient *moved;

  set_up_with (&fixture, &setup);
  moved = arrive (&fixture, "ada");
  users[0].expires_at = fixture.world->wall - 1;
  world_set_users (fixture.world, users, 1);
  g_assert_cmpint (refresh_with (moved, fixture.ticket, TH_TICKET_SIZE), ==, 0);
  client_free (moved);
  tear_down (&fixture, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define add(name, func)                                                                           \
  g_test_add ("/turn/mobility/" name, Fixture, NULL, set_up, (func), tear_down)
  add ("moves-with-all-it-has", test_moves_with_all_it_has);
  add ("each-move-has-another-ticket", test_each_move_has_another_ticket);
  add ("repeated-request-has-the-same-answer", test_repeated_request_has_the_same_answer);
  add ("former-ticket-lasts-for-half-a-minute", test_former_ticket_lasts_for_half_a_minute);
  add ("ticket-stays-with-the-address", test_ticket_stays_with_the_address);
  add ("another-user-does-not-get-it", test_another_user_does_not_get_it);
  add ("wrong-password-does-not-get-it", test_wrong_password_does_not_get_it);
  add ("name-by-hash", test_name_by_hash);
  add ("bad-tickets", test_bad_tickets);
  add ("no-byte-is-zero", test_no_byte_is_zero);
  add ("allocate-with-a-ticket-is-a-mistake", test_allocate_with_a_ticket_is_a_mistake);
  add ("ticket-ends-with-the-allocation", test_ticket_ends_with_the_allocation);
  add ("move-and-end-in-one", test_move_and_end_in_one);
  add ("client-with-an-allocation-gets-no-other", test_client_with_an_allocation_gets_no_other);
  add ("former-connection-may-close", test_former_connection_may_close);
  add ("waits-for-who-lost-the-connection", test_waits_for_who_lost_the_connection);
  add ("waits-no-longer-than-it-lives", test_waits_no_longer_than_it_lives);
  add ("move-does-not-prolong-by-itself", test_move_does_not_prolong_by_itself);
  add ("from-another-server", test_from_another_server);
  add ("former-ticket-from-another-server", test_former_ticket_from_another_server);
  add ("gone-at-the-other-server", test_gone_at_the_other_server);
  add ("nobody-to-adopt-it", test_nobody_to_adopt_it);
  add ("client-has-another-by-then", test_client_has_another_by_then);
#undef add
  g_test_add_func ("/turn/mobility/off-by-default", test_off_by_default);
  g_test_add_func ("/turn/mobility/strict-expiry-holds-for-moves",
                   test_strict_expiry_holds_for_moves);
  g_test_add_func ("/turn/mobility/lenient-expiry-holds-for-moves",
                   test_lenient_expiry_holds_for_moves);
  return g_test_run ();
}
