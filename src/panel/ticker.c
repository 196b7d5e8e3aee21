/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTicker: a timer that is there only while it is wanted.
 */
#include "panel/ticker.h"

struct _ThTicker {
  GObject parent_instance;
  guint timer;
};

G_DEFINE_FINAL_TYPE (ThTicker, th_ticker, G_TYPE_OBJECT)

enum {
  SIGNAL_TICK,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static gboolean
on_timer_second (gpointer data)
{
  g_signal_emit (data, signals[SIGNAL_TICK], 0);
  return G_SOURCE_CONTINUE;
}

static void
th_ticker_dispose (GObject *object)
{
  g_clear_handle_id (&TH_TICKER (object)->timer, g_source_remove);
  G_OBJECT_CLASS (th_ticker_parent_class)->dispose (object);
}

static void
th_ticker_class_init (ThTickerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = th_ticker_dispose;
  signals[SIGNAL_TICK] = g_signal_new ("tick", TH_TYPE_TICKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
}

static void
th_ticker_init (ThTicker *self)
{
}

ThTicker *
th_ticker_new (void)
{
  return g_object_new (TH_TYPE_TICKER, NULL);
}

void
th_ticker_set_active (ThTicker *self, gboolean active)
{
  g_return_if_fail (TH_IS_TICKER (self));
  if (active == (self->timer != 0))
    return;
  if (active)
    {
      self->timer = g_timeout_add_seconds (1, on_timer_second, self);
      g_signal_emit (self, signals[SIGNAL_TICK], 0);
    }
  else
    {
      g_clear_handle_id (&self->timer, g_source_remove);
    }
}
