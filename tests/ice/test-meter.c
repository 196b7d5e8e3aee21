/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Measuring, with a path that the test makes up: so long, so lossy, so narrow. What it is, the
 * figures say.
 */
#include "ice/ice-meter.h"

#include <string.h>

#define MILLISECOND 1000
#define STEP (1 * MILLISECOND)
#define START (1000 * G_USEC_PER_SEC)

typedef struct {
  guint side; /* to which it goes */
  gint64 arrives;
  guint8 bytes[1500];
  gsize length;
} Packet;

/* How the path is. */
typedef struct {
  gint64 delay;  /* microseconds, one way */
  gint64 jitter; /* every second packet takes so much longer */
  guint lose;    /* every so many-th packet; 0: none */
  double rate;   /* bits a second; 0: any */
} Path;

typedef struct {
  ThIceMeter *meter;
  Path path;
  gint64 now;
  GQueue packets;
  gint64 free[2]; /* when the path has sent what it has, each way */
  guint n_packets;
  guint64 n_bytes;
  gboolean broken; /* nothing can be sent */
  GArray *samples;
} World;

static gboolean
on_send (guint side, const guint8 *bytes, gsize length, gpointer data)
{
  World *self = data;
  Packet *packet;
  gint64 leaves;

  if (self->broken)
    return FALSE;
  self->n_packets++;
  self->n_bytes += length;
  if (self->path.lose != 0 && self->n_packets % self->path.lose == 0)
    return TRUE;
  leaves = MAX (self->now, self->free[side]);
  if (self->path.rate > 0)
    {
      if (leaves > self->now + 50 * MILLISECOND)
        return TRUE; /* its queue is full */
      leaves += (gint64) ((double) length * 8 / self->path.rate * G_USEC_PER_SEC);
      self->free[side] = leaves;
    }
  packet = g_new0 (Packet, 1);
  packet->side = !side;
  packet->arrives = leaves + self->path.delay + (self->n_packets % 2) * self->path.jitter;
  memcpy (packet->bytes, bytes, length);
  packet->length = length;
  g_queue_push_tail (&self->packets, packet);
  return TRUE;
}

static void
on_sample (const ThIceSampleValues *values, gpointer data)
{
  g_array_append_vals (((World *) data)->samples, values, 1);
}

static void
deliver (World *self)
{
  for (GList *l = self->packets.head, *next; l != NULL; l = next)
    {
      Packet *packet = l->data;

      next = l->next;
      if (packet->arrives > self->now)
        continue;
      g_queue_delete_link (&self->packets, l);
      th_ice_meter_received (self->meter, packet->side, packet->bytes, packet->length, self->now);
      next = self->packets.head; /* it may have been answered */
      g_free (packet);
    }
}

/* Returns: how long it took, in microseconds */
static gint64
run (World *self, const Path *path, const ThIceMeterPlan *plan)
{
  static const ThIceMeterEvents events = { on_send, on_sample };
  gboolean more = TRUE;

  *self = (World) { .path = *path, .now = START, .broken = self->broken };
  self->samples = g_array_new (FALSE, FALSE, sizeof (ThIceSampleValues));
  self->meter = th_ice_meter_new (plan, self->now, &events, self);
  while (more)
    {
      deliver (self);
      more = th_ice_meter_tick (self->meter, self->now);
      self->now += STEP;
      g_assert_cmpint (self->now, <, START + 10 * G_USEC_PER_SEC);
    }
  return self->now - START;
}

static void
clear (World *self)
{
  g_queue_clear_full (&self->packets, g_free);
  g_array_unref (self->samples);
  th_ice_meter_free (self->meter);
}

static void
test_round_trip (void)
{
  static const Path path = { .delay = 20 * MILLISECOND };
  World world = { 0 };
  ThIceFigures figures;

  run (&world, &path, &th_ice_meter_usual);
  figures = th_ice_meter_get_figures (world.meter);
  g_assert_cmpuint (figures.n_sent, ==, 100);
  g_assert_cmpuint (figures.n_returned, ==, 100);
  g_assert_cmpfloat (figures.loss, ==, 0);
  g_assert_cmpint (figures.rtt_p50, >=, 40 * MILLISECOND);
  g_assert_cmpint (figures.rtt_p50, <=, 42 * MILLISECOND);
  g_assert_cmpint (figures.rtt_p95, <=, 42 * MILLISECOND);
  g_assert_cmpint (figures.jitter, <=, MILLISECOND);
  clear (&world);
}

static void
test_jitter (void)
{
  static const Path path = { .delay = 20 * MILLISECOND, .jitter = 10 * MILLISECOND };
  World world = { 0 };
  ThIceFigures figures;

  run (&world, &path, &th_ice_meter_usual);
  figures = th_ice_meter_get_figures (world.meter);
  g_assert_cmpint (figures.jitter, >, MILLISECOND);
  g_assert_cmpint (figures.rtt_p95, >, 40 * MILLISECOND);
  clear (&world);
}

/* Each tenth packet is lost, on both ways. */
static void
test_loss (void)
{
  static const Path path = { .delay = 5 * MILLISECOND, .lose = 10 };
  World world = { 0 };
  ThIceFigures figures;
  const ThIceSampleValues *last;

  run (&world, &path, &th_ice_meter_usual);
  figures = th_ice_meter_get_figures (world.meter);
  g_assert_cmpfloat (figures.loss, >, 0.1);
  g_assert_cmpfloat (figures.loss, <, 0.3);
  last = &g_array_index (world.samples, ThIceSampleValues, world.samples->len - 1);
  g_assert_cmpfloat_with_epsilon (last->loss, figures.loss, 0.01);
  clear (&world);
}

/* Nothing comes back: the burst is tried all the same, and it ends. */
static void
test_dead_path (void)
{
  static const Path path = { .lose = 1 };
  World world = { 0 };
  ThIceFigures figures;
  gint64 took = run (&world, &path, &th_ice_meter_usual);

  figures = th_ice_meter_get_figures (world.meter);
  g_assert_cmpint (figures.rtt_p50, ==, -1);
  g_assert_cmpfloat (figures.loss, ==, 1);
  g_assert_cmpfloat (figures.throughput, ==, 0);
  g_assert_cmpint (took, <, 4 * G_USEC_PER_SEC);
  g_assert_cmpuint (world.n_bytes, <, 400000); /* nobody pours into the dark */
  clear (&world);
}

static void
test_socket_that_takes_nothing (void)
{
  static const Path path = { 0 };
  World world = { .broken = TRUE };
  ThIceFigures figures;

  run (&world, &path, &th_ice_meter_usual);
  figures = th_ice_meter_get_figures (world.meter);
  g_assert_cmpfloat (figures.loss, ==, 1);
  g_assert_cmpuint (world.n_packets, ==, 0);
  clear (&world);
}

/* A narrow path is found out, within a quarter. */
static void
test_throughput_of_a_narrow_path (void)
{
  static const Path path = { .delay = 10 * MILLISECOND, .rate = 3e6 };
  World world = { 0 };
  ThIceFigures figures;

  run (&world, &path, &th_ice_meter_usual);
  figures = th_ice_meter_get_figures (world.meter);
  g_assert_cmpfloat (figures.throughput, >, 2.25e6);
  g_assert_cmpfloat (figures.throughput, <, 3.75e6);
  clear (&world);
}

/* A wide one is not filled: the cap holds. */
static void
test_throughput_is_capped (void)
{
  static const Path path = { .delay = MILLISECOND };
  World world = { 0 };
  ThIceFigures figures;

  run (&world, &path, &th_ice_meter_usual);
  figures = th_ice_meter_get_figures (world.meter);
  g_assert_cmpfloat (figures.throughput, >, 0.7 * th_ice_meter_usual.max_rate);
  g_assert_cmpfloat (figures.throughput, <, 1.1 * th_ice_meter_usual.max_rate);
  g_assert_cmpuint (world.n_bytes, <, th_ice_meter_usual.max_rate / 8);
  clear (&world);
}

static void
test_series (void)
{
  static const Path path = { .delay = 5 * MILLISECOND };
  World world = { 0 };
  gint64 before = 0;
  gboolean any_rate = FALSE;

  run (&world, &path, &th_ice_meter_usual);
  g_assert_cmpuint (world.samples->len, >=, 20);
  for (guint i = 0; i < world.samples->len; i++)
    {
      const ThIceSampleValues *sample = &g_array_index (world.samples, ThIceSampleValues, i);

      g_assert_cmpint (sample->time - before, >=, th_ice_meter_usual.sampling);
      g_assert_cmpint (sample->time - before, <=, th_ice_meter_usual.sampling + STEP);
      g_assert_true (sample->rtt == -1 || (sample->rtt >= 10 * MILLISECOND));
      any_rate = any_rate || sample->throughput > 1e6;
      before = sample->time;
    }
  g_assert_cmpint (g_array_index (world.samples, ThIceSampleValues, 3).rtt, >, 0);
  g_assert_true (any_rate);
  clear (&world);
}

static void
test_without_a_burst (void)
{
  static const Path path = { .delay = 5 * MILLISECOND };
  ThIceMeterPlan plan = th_ice_meter_usual;
  World world = { 0 };
  ThIceFigures figures;
  gint64 took;

  plan.bursting = 0;
  plan.probing = G_USEC_PER_SEC / 2;
  took = run (&world, &path, &plan);
  figures = th_ice_meter_get_figures (world.meter);
  g_assert_cmpuint (figures.n_returned, ==, 25);
  g_assert_cmpfloat (figures.throughput, ==, 0);
  g_assert_cmpint (took, <, G_USEC_PER_SEC);
  clear (&world);
}

/* What strangers send, or comes twice, changes nothing. */
static void
test_foreign_packets (void)
{
  static const Path path = { .delay = 5 * MILLISECOND };
  static const guint8 noise[64] = { 0x90, 0x54, 0x4D, 0x31, 0, 0, 0, 2 };
  World world = { 0 };
  ThIceFigures before, after;

  run (&world, &path, &th_ice_meter_usual);
  before = th_ice_meter_get_figures (world.meter);
  for (gsize length = 0; length <= sizeof noise; length++)
    {
      g_autofree guint8 *exact = g_memdup2 (noise, length);

      th_ice_meter_received (world.meter, 0, exact, length, world.now);
      th_ice_meter_received (world.meter, 1, exact, length, world.now);
    }
  after = th_ice_meter_get_figures (world.meter);
  g_assert_cmpmem (&before, sizeof before, &after, sizeof after);
  clear (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ice/meter/round-trip", test_round_trip);
  g_test_add_func ("/ice/meter/jitter", test_jitter);
  g_test_add_func ("/ice/meter/loss", test_loss);
  g_test_add_func ("/ice/meter/dead-path", test_dead_path);
  g_test_add_func ("/ice/meter/socket-that-takes-nothing", test_socket_that_takes_nothing);
  g_test_add_func ("/ice/meter/throughput-of-a-narrow-path", test_throughput_of_a_narrow_path);
  g_test_add_func ("/ice/meter/throughput-is-capped", test_throughput_is_capped);
  g_test_add_func ("/ice/meter/series", test_series);
  g_test_add_func ("/ice/meter/without-a-burst", test_without_a_burst);
  g_test_add_func ("/ice/meter/foreign-packets", test_foreign_packets);
  return g_test_run ();
}
