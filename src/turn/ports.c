/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The relay ports of each host as two bitmaps over all port numbers: which are taken, under a lock,
 * and which are open, read without one. To pick, the candidates are counted by machine words and
 * one of them is drawn, so each is as likely as the others; that is a few microseconds for the
 * whole range, against the system calls that open a socket.
 */
#include "turn/ports.h"

#include "turn/random.h"

#define N_PORTS 65536
#define TAKEN_WORDS (N_PORTS / 64)
#define OPEN_WORDS (N_PORTS / 32)

/* The even ports of a word: a word starts at an even one. */
#define EVEN_BITS G_GUINT64_CONSTANT (0x5555555555555555)

typedef enum {
  WISH_ANY,
  WISH_EVEN,
  WISH_PAIR,
} Wish;

typedef struct {
  guint64 taken[TAKEN_WORDS]; /* those outside the range for ever */
  guint open[OPEN_WORDS];     /* atomic */
  guint n_free;
} Host;

struct _ThPorts {
  gatomicrefcount references;
  GMutex lock; /* for what is taken */
  guint16 min;
  guint16 max;
  guint n_hosts;
  Host hosts[];
};

static guint64
candidates (const Host *host, guint word, Wish wish)
{
  guint64 left = ~host->taken[word];

  switch (wish)
    {
    case WISH_EVEN:
      return left & EVEN_BITS;
    case WISH_PAIR:
      return left & left >> 1 & EVEN_BITS;
    case WISH_ANY:
    default:
      return left;
    }
}

static guint
count_bits (guint64 word)
{
  return (guint) __builtin_popcountll (word);
}

/* The number of the @nth lowest bit that is set, from 0. */
static guint
nth_bit (guint64 word, guint nth)
{
  while (nth-- > 0)
    word &= word - 1;
  return (guint) __builtin_ctzll (word);
}

static gboolean
is_taken (const Host *host, guint port)
{
  return (host->taken[port / 64] >> port % 64 & 1) != 0;
}

static void
mark_taken (Host *host, guint port)
{
  host->taken[port / 64] |= G_GUINT64_CONSTANT (1) << port % 64;
  host->n_free--;
}

static void
mark_free (Host *host, guint port)
{
  host->taken[port / 64] &= ~(G_GUINT64_CONSTANT (1) << port % 64);
  host->n_free++;
}

/* 0 if no port fits the wish. */
static guint
pick (const ThPorts *self, const Host *host, Wish wish)
{
  guint first = self->min / 64, last = self->max / 64;
  guint count = 0;
  guint nth;

  for (guint word = first; word <= last; word++)
    count += count_bits (candidates (host, word, wish));
  if (count == 0)
    return 0;

  nth = th_random_below (count);
  for (guint word = first; word <= last; word++)
    {
      guint64 bits = candidates (host, word, wish);

      if (nth < count_bits (bits))
        return word * 64 + nth_bit (bits, nth);
      nth -= count_bits (bits);
    }
  g_assert_not_reached ();
}

static guint16
take (ThPorts *self, guint index, Wish wish)
{
  Host *host;
  guint port;

  g_return_val_if_fail (index < self->n_hosts, 0);

  host = &self->hosts[index];
  g_mutex_lock (&self->lock);
  port = pick (self, host, wish);
  if (port != 0)
    {
      mark_taken (host, port);
      if (wish == WISH_PAIR)
        mark_taken (host, port + 1);
    }
  g_mutex_unlock (&self->lock);
  return (guint16) port;
}

ThPorts *
th_ports_new (guint n_hosts, guint16 min, guint16 max)
{
  ThPorts *self;

  g_return_val_if_fail (min > 0 && min <= max, NULL);

  self = g_malloc0 (sizeof *self + n_hosts * sizeof (Host));
  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->min = min;
  self->max = max;
  self->n_hosts = n_hosts;
  for (guint i = 0; i < n_hosts; i++)
    {
      for (guint word = 0; word < TAKEN_WORDS; word++)
        self->hosts[i].taken[word] = G_MAXUINT64;
      for (guint port = min; port <= max; port++)
        mark_free (&self->hosts[i], port);
    }
  return self;
}

ThPorts *
th_ports_ref (ThPorts *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_ports_unref (ThPorts *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint16
th_ports_take (ThPorts *self, guint host)
{
  return take (self, host, WISH_ANY);
}

guint16
th_ports_take_even (ThPorts *self, guint host)
{
  return take (self, host, WISH_EVEN);
}

guint16
th_ports_take_pair (ThPorts *self, guint host)
{
  return take (self, host, WISH_PAIR);
}

void
th_ports_give_back (ThPorts *self, guint host, guint16 port)
{
  gboolean was_taken;

  g_return_if_fail (host < self->n_hosts);
  g_return_if_fail (port >= self->min && port <= self->max);

  g_mutex_lock (&self->lock);
  was_taken = is_taken (&self->hosts[host], port);
  if (was_taken)
    {
      th_ports_mark_closed (self, host, port);
      mark_free (&self->hosts[host], port);
    }
  g_mutex_unlock (&self->lock);
  g_return_if_fail (was_taken);
}

guint
th_ports_count_free (ThPorts *self, guint host)
{
  guint count;

  g_return_val_if_fail (host < self->n_hosts, 0);

  g_mutex_lock (&self->lock);
  count = self->hosts[host].n_free;
  g_mutex_unlock (&self->lock);
  return count;
}

void
th_ports_mark_open (ThPorts *self, guint host, guint16 port)
{
  g_return_if_fail (host < self->n_hosts);

  g_atomic_int_or (&self->hosts[host].open[port / 32], 1u << port % 32);
}

void
th_ports_mark_closed (ThPorts *self, guint host, guint16 port)
{
  g_return_if_fail (host < self->n_hosts);

  g_atomic_int_and (&self->hosts[host].open[port / 32], ~(1u << port % 32));
}

gboolean
th_ports_is_open (ThPorts *self, guint host, guint16 port)
{
  g_return_val_if_fail (host < self->n_hosts, FALSE);

  return __atomic_load_n (&self->hosts[host].open[port / 32], __ATOMIC_RELAXED) >> port % 32 & 1;
}
