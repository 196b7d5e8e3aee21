/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares the relay's count of overflown receive buffers with what it was, and says what helps:
 * larger buffers where the system forbids them, else a processor that has time.
 */
#include "app/loss-watch.h"

#include <glib/gi18n.h>

#include "app/problems.h"

#define LOOK_EVERY_SECONDS 10

struct _ThLossWatch {
  ThRelay *relay;
  GListStore *problems;
  guint64 lost;
  guint timer;
};

static gboolean
on_time_to_look (gpointer data)
{
  th_loss_watch_look (data);
  return G_SOURCE_CONTINUE;
}

ThLossWatch *
th_loss_watch_new (ThRelay *relay, GListStore *problems)
{
  ThLossWatch *self = g_new0 (ThLossWatch, 1);

  self->relay = g_object_ref (relay);
  self->problems = g_object_ref (problems);
  self->timer = g_timeout_add_seconds (LOOK_EVERY_SECONDS, on_time_to_look, self);
  return self;
}

void
th_loss_watch_free (ThLossWatch *self)
{
  g_source_remove (self->timer);
  g_object_unref (self->relay);
  g_object_unref (self->problems);
  g_free (self);
}

void
th_loss_watch_look (ThLossWatch *self)
{
  ThRelayStatistics statistics;

  th_relay_get_statistics (self->relay, &statistics);
  if (statistics.dropped_receive_buffer == self->lost)
    return;
  self->lost = statistics.dropped_receive_buffer;

  g_autofree char *advice = th_loss_advice (th_loss_read_rmem_max ());
  th_problems_remove (self->problems, "packets-lost");
  th_problems_add_loss (self->problems, self->lost, advice);
}

guint64
th_loss_read_rmem_max (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/sys/net/core/rmem_max", &text, NULL, NULL))
    return 0;
  return g_ascii_strtoull (text, NULL, 10);
}

char *
th_loss_advice (guint64 rmem_max)
{
  if (rmem_max != 0 && rmem_max < TH_RECEIVE_BUFFER_WANTED)
    return g_strdup_printf (_("Allow larger buffers: sysctl -w net.core.rmem_max=%d"),
                            TH_RECEIVE_BUFFER_WANTED);
  return g_strdup (_("The processor could not keep up: give the relay more workers, or the machine "
                     "less else to do."));
}
