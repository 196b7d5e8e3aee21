/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time: allocations, permissions and channels end when they are due and not before, whatever
 * traffic there is, over years of comings and goings.
 */
#include "addresses.h"
#include "world-client.h"

typedef struct {
  World *world;
  WorldClient *ada; /* has an allocation */
  ThAddress peer, other;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer setup)
{
  fixture->world = world_new (setup);
  fixture->ada = client_new (fixture->world, "ada");
  fixture->peer = address ("8.8.4.4");
  fixture->other = address ("8.8.8.8");
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
  g_assert_cmpint (client_refresh (fixture->ada, 3600), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer setup)
{
  client_free (fixture->ada);
  world_free (fixture->world);
}

static guint
count (Fixture *fixture)
{
  return th_turn_server_count (fixture->world->server);
}

static void
test_allocation_ends_when_due (Fixture *fixture, gconstpointer data)
{
  world_advance (fixture->world, SECONDS (3600) - 1);
  g_assert_cmpuint (count (fixture), ==, 1);
  world_advance (fixture->world, 1);
  g_assert_cmpuint (count (fixture), ==, 0);
  g_assert_cmpint (fixture->world->last_end, ==, TH_SESSION_END_EXPIRED);
  g_assert_cmpuint (g_hash_table_size (fixture->world->sockets), ==, 0);
}

/* The wheel counts whole seconds: it may be late by a part of one, never early. */
static void
test_never_early_between_the_seconds (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 50; i++)
    {
      gint64 due;

      world_advance (fixture->world, g_test_rand_int_range (1, 400 * G_USEC_PER_SEC));
      g_assert_cmpint (client_refresh (fixture->ada, 600), ==, 0);
      due = fixture->world->monotonic + SECONDS (600);
      world_advance (fixture->world, SECONDS (600) - 1);
      g_assert_cmpuint (count (fixture), ==, 1);
      world_advance (fixture->world, due + G_USEC_PER_SEC - 1 - fixture->world->monotonic);
      g_assert_cmpuint (count (fixture), ==, 0);
      g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
    }
}

static void
test_refresh_may_shorten (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_refresh (fixture->ada, 600), ==, 0);
  world_advance (fixture->world, SECONDS (600));
  g_assert_cmpuint (count (fixture), ==, 0);
}

static void
test_data_does_not_lengthen_life (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  for (guint i = 0; i < 299; i++)
    {
      world_advance (fixture->world, SECONDS (1));
      g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_TO_PEER);
      g_assert_cmpint (client_hear (fixture->ada, &fixture->peer, "y"), ==, TH_TURN_TO_CLIENT);
    }
  world_advance (fixture->world, SECONDS (1));
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_hear (fixture->ada, &fixture->peer, "y"), ==, TH_TURN_NOTHING);
}

static void
test_permission_lasts_five_minutes (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_permit (fixture->ada, &fixture->peer), ==, 0);
  world_advance (fixture->world, SECONDS (300) - 1);
  g_assert_cmpint (client_send (fixture->ada, &fixture->peer, "x"), ==, TH_TURN_TO_PEER);
  g_assert_cmpint (client_hear (fixture->ada, &fixture->peer, "y"), ==, TH_TURN_TO_CLIENT);
  world_advance (fixture->world, 1);
  g_assert_cmpint (client_send (fixture->ada, &fixture->peer, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_hear (fixture->ada, &fixture->peer, "y"), ==, TH_TURN_NOTHING);
  g_assert_cmpuint (COUNTED (fixture->world, dropped_no_permission), ==, 2);

  g_assert_cmpint (client_permit (fixture->ada, &fixture->peer), ==, 0);
  world_advance (fixture->world, SECONDS (299));
  g_assert_cmpint (client_permit (fixture->ada, &fixture->peer), ==, 0);
  world_advance (fixture->world, SECONDS (299));
  g_assert_cmpint (client_send (fixture->ada, &fixture->peer, "x"), ==, TH_TURN_TO_PEER);
}

static void
test_channel_lasts_ten_minutes (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  world_advance (fixture->world, SECONDS (299));
  g_assert_cmpint (client_permit (fixture->ada, &fixture->peer), ==, 0);
  world_advance (fixture->world, SECONDS (299));
  g_assert_cmpint (client_permit (fixture->ada, &fixture->peer), ==, 0);

  world_advance (fixture->world, SECONDS (2) - 1);
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_TO_PEER);
  g_assert_cmpint (client_hear (fixture->ada, &fixture->peer, "y"), ==, TH_TURN_TO_CLIENT);
  world_assert_heard (fixture->world, &fixture->peer, 0x4000, "y");

  /* In the middle of traffic the channel ends; the permission lets Data through. */
  world_advance (fixture->world, 1);
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_hear (fixture->ada, &fixture->peer, "y"), ==, TH_TURN_TO_CLIENT);
  world_assert_heard (fixture->world, &fixture->peer, 0, "y");
}

static void
test_rebinding_renews_channel_and_permission (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    {
      g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
      g_assert_cmpint (client_refresh (fixture->ada, 3600), ==, 0);
      world_advance (fixture->world, SECONDS (299));
      g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_TO_PEER);
      g_assert_cmpint (client_send (fixture->ada, &fixture->peer, "x"), ==, TH_TURN_TO_PEER);
    }
}

/* A channel outlives its permission, but carries nothing until that is renewed. */
static void
test_channel_past_its_permission (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  world_advance (fixture->world, SECONDS (300));
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_hear (fixture->ada, &fixture->peer, "y"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->other), ==, TH_STUN_BAD_REQUEST);

  g_assert_cmpint (client_permit (fixture->ada, &fixture->peer), ==, 0);
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_TO_PEER);
  g_assert_cmpint (client_hear (fixture->ada, &fixture->peer, "y"), ==, TH_TURN_TO_CLIENT);
  world_assert_heard (fixture->world, &fixture->peer, 0x4000, "y");
}

static void
test_expired_channel_can_be_bound_anew (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  world_advance (fixture->world, SECONDS (600));
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->other), ==, 0);
  g_assert_cmpint (client_bind (fixture->ada, 0x4001, &fixture->peer), ==, 0);
  client_send_channel (fixture->ada, 0x4000, "to other");
  world_assert_sent (fixture->world, &fixture->other, "to other");
  client_send_channel (fixture->ada, 0x4001, "to peer");
  world_assert_sent (fixture->world, &fixture->peer, "to peer");
}

/*
 * Another host takes the place of an expired permission, to which a channel still clings: the
 * channel must not lead to that host.
 */
static void
test_channel_whose_permission_was_replaced (Fixture *fixture, gconstpointer data)
{
  WorldClient *ada = fixture->ada;

  g_assert_cmpint (client_bind (ada, 0x4000, &fixture->peer), ==, 0);
  world_advance (fixture->world, SECONDS (250));
  g_assert_cmpint (client_permit (ada, &fixture->other), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  world_advance (fixture->world, SECONDS (50));
  g_assert_cmpint (client_permit (ada, &fixture->other), ==, 0);
  g_assert_cmpint (client_send_channel (ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_hear (ada, &fixture->peer, "y"), ==, TH_TURN_NOTHING);

  g_assert_cmpint (client_permit (ada, &fixture->peer), ==, TH_STUN_INSUFFICIENT_CAPACITY);
  world_advance (fixture->world, SECONDS (300) - 1);
  g_assert_cmpint (client_send_channel (ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_permit (ada, &fixture->peer), ==, TH_STUN_INSUFFICIENT_CAPACITY);
}

/* While a third host sits in its old place, the channel's own host gets another one. */
static void
test_channel_regains_its_permission (Fixture *fixture, gconstpointer data)
{
  ThAddress third = address ("9.9.9.9");

  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  g_assert_cmpint (client_permit (fixture->ada, &fixture->other), ==, 0);
  world_advance (fixture->world, SECONDS (300));
  g_assert_cmpint (client_permit (fixture->ada, &third), ==, 0);
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_NOTHING);

  g_assert_cmpint (client_permit (fixture->ada, &fixture->peer), ==, 0);
  client_send_channel (fixture->ada, 0x4000, "x");
  world_assert_sent (fixture->world, &fixture->peer, "x");
  client_hear (fixture->ada, &fixture->peer, "y");
  world_assert_heard (fixture->world, &fixture->peer, 0x4000, "y");
}

static void
test_all_times_end_with_the_allocation (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (client_refresh (fixture->ada, 600), ==, 0);
  world_advance (fixture->world, SECONDS (599));
  g_assert_cmpint (client_bind (fixture->ada, 0x4000, &fixture->peer), ==, 0);
  world_advance (fixture->world, SECONDS (1));
  g_assert_cmpint (client_allocate (fixture->ada), ==, 0);
  g_assert_cmpint (client_send_channel (fixture->ada, 0x4000, "x"), ==, TH_TURN_NOTHING);
  g_assert_cmpint (client_send (fixture->ada, &fixture->peer, "x"), ==, TH_TURN_NOTHING);
}

/* ---- years ---- */

#define N_CLIENTS 2500
#define N_STEPS 4000 /* in each of some eras, with months of quiet between them */
#define N_ERAS 6

/* The plain model: when each client's allocation ends; 0: it has none. */
typedef struct {
  World *world;
  WorldClient *clients[N_CLIENTS];
  gint64 ends[N_CLIENTS];
} Years;

static void
expect_times (Years *years)
{
  guint alive = 0;

  for (guint i = 0; i < N_CLIENTS; i++)
    {
      if (years->ends[i] / G_USEC_PER_SEC <= years->world->monotonic / G_USEC_PER_SEC)
        years->ends[i] = 0;
      alive += years->ends[i] != 0;
    }
  g_assert_cmpuint (th_turn_server_count (years->world->server), ==, alive);
  g_assert_cmpuint (g_hash_table_size (years->world->sockets), ==, alive);
  g_assert_cmpuint (years->world->n_started - years->world->n_ended, ==, alive);
}

static void
act (Years *years, guint i)
{
  WorldClient *client = years->clients[i];
  guint lifetime = (guint) g_test_rand_int_range (0, 4000);
  gboolean alive = years->ends[i] / G_USEC_PER_SEC > years->world->monotonic / G_USEC_PER_SEC;
  int expected = alive ? 0 : TH_STUN_ALLOCATION_MISMATCH;

  if (g_test_rand_int_range (0, 4) > 0)
    {
      g_assert_cmpint (client_allocate (client), ==, alive ? TH_STUN_ALLOCATION_MISMATCH : 0);
      lifetime = alive ? G_MAXUINT : 600;
    }
  else
    {
      lifetime = lifetime < 400 ? 0 : lifetime;
      g_assert_cmpint (client_refresh (client, lifetime), ==, expected);
      if (!alive)
        lifetime = G_MAXUINT;
    }
  if (lifetime == 0)
    years->ends[i] = 0;
  else if (lifetime != G_MAXUINT)
    /* The end of the second in which it is due. */
    years->ends[i] = years->world->monotonic + SECONDS (CLAMP (lifetime, 600, 3600)) +
                     G_USEC_PER_SEC - 1;
}

static void
test_years (void)
{
  static Years years;

  years.world = world_new (NULL);
  for (guint i = 0; i < N_CLIENTS; i++)
    years.clients[i] = client_new (years.world, i % 2 == 0 ? "ada" : "bob");

  for (guint era = 0; era < N_ERAS; era++)
    {
      for (guint step = 0; step < N_STEPS; step++)
        {
          world_advance (years.world, g_test_rand_int_range (0, G_USEC_PER_SEC));
          act (&years, (guint) g_test_rand_int_range (0, N_CLIENTS));
          if (step % 50 == 0)
            expect_times (&years);
        }
      world_advance (years.world, SECONDS (g_test_rand_int_range (0, 300 * 24 * 3600)));
      expect_times (&years);
    }
  g_assert_cmpuint (COUNTED (years.world, allocations), >, 5000);
  g_test_message ("%u allocations in %.1f years", years.world->n_started,
                  (double) years.world->monotonic / G_USEC_PER_SEC / 86400 / 365);

  for (guint i = 0; i < N_CLIENTS; i++)
    client_free (years.clients[i]);
  world_free (years.world);
}

int
main (int argc, char **argv)
{
  static const WorldSetup one_permission = { .max_permissions = 1 };
  static const WorldSetup two_permissions = { .max_permissions = 2 };
#define ADD(name, setup, test)                                                                     \
  g_test_add ("/turn/expiry/" name, Fixture, setup, set_up, test, tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("allocation-ends-when-due", NULL, test_allocation_ends_when_due);
  ADD ("never-early-between-the-seconds", NULL, test_never_early_between_the_seconds);
  ADD ("refresh-may-shorten", NULL, test_refresh_may_shorten);
  ADD ("data-does-not-lengthen-life", NULL, test_data_does_not_lengthen_life);
  ADD ("permission-lasts-five-minutes", NULL, test_permission_lasts_five_minutes);
  ADD ("channel-lasts-ten-minutes", NULL, test_channel_lasts_ten_minutes);
  ADD ("rebinding-renews-channel-and-permission", NULL,
       test_rebinding_renews_channel_and_permission);
  ADD ("channel-past-its-permission", NULL, test_channel_past_its_permission);
  ADD ("expired-channel-can-be-bound-anew", NULL, test_expired_channel_can_be_bound_anew);
  ADD ("channel-whose-permission-was-replaced", &one_permission,
       test_channel_whose_permission_was_replaced);
  ADD ("channel-regains-its-permission", &two_permissions, test_channel_regains_its_permission);
  ADD ("all-times-end-with-the-allocation", NULL, test_all_times_end_with_the_allocation);
  g_test_add_func ("/turn/expiry/years", test_years);
  return g_test_run ();
}
