/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts on the way in; the way out is the base's own.
 */
#include "endpoint/budget-stream.h"

#define TH_TYPE_BUDGET_INPUT (th_budget_input_get_type ())
G_DECLARE_FINAL_TYPE (ThBudgetInput, th_budget_input, TH, BUDGET_INPUT, GFilterInputStream)

struct _ThBudgetInput
{
  GFilterInputStream parent_instance;
  gsize left;
};

struct _ThBudgetStream
{
  GIOStream parent_instance;
  GIOStream *base;
  GInputStream *input;
};

static void th_budget_input_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE (ThBudgetStream, th_budget_stream, G_TYPE_IO_STREAM)
G_DEFINE_FINAL_TYPE_WITH_CODE (ThBudgetInput,
                               th_budget_input,
                               G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      th_budget_input_pollable_init))

static GInputStream *
get_base (gpointer input)
{
  return g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (input));
}

static gboolean
is_spent (ThBudgetInput *self, GError **error)
{
  if (self->left > 0)
    return FALSE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "More came than may be read");
  return TRUE;
}

static gssize
count_read (ThBudgetInput *self, gssize n)
{
  if (n > 0)
    self->left -= (gsize) n;
  return n;
}

static gssize
th_budget_input_read (GInputStream *stream,
                      void *buffer,
                      gsize count,
                      GCancellable *cancellable,
                      GError **error)
{
  ThBudgetInput *self = TH_BUDGET_INPUT (stream);

  if (is_spent (self, error))
    return -1;
  return count_read (self, g_input_stream_read (get_base (self), buffer, MIN (count, self->left),
                                                cancellable, error));
}

static gssize
th_budget_input_read_nonblocking (GPollableInputStream *stream,
                                  void *buffer,
                                  gsize count,
                                  GError **error)
{
  ThBudgetInput *self = TH_BUDGET_INPUT (stream);
  GPollableInputStream *base = G_POLLABLE_INPUT_STREAM (get_base (self));

  if (is_spent (self, error))
    return -1;
  return count_read (self, g_pollable_input_stream_read_nonblocking (
                               base, buffer, MIN (count, self->left), NULL, error));
}

static gboolean
th_budget_input_is_readable (GPollableInputStream *stream)
{
  return g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (get_base (stream)));
}

static GSource *
th_budget_input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  GPollableInputStream *base = G_POLLABLE_INPUT_STREAM (get_base (stream));
  g_autoptr (GSource) child = g_pollable_input_stream_create_source (base, NULL);

  return g_pollable_source_new_full (stream, child, cancellable);
}

static void
th_budget_input_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = th_budget_input_is_readable;
  iface->create_source = th_budget_input_create_source;
  iface->read_nonblocking = th_budget_input_read_nonblocking;
}

static void
th_budget_input_class_init (ThBudgetInputClass *class)
{
  G_INPUT_STREAM_CLASS (class)->read_fn = th_budget_input_read;
}

static void
th_budget_input_init (ThBudgetInput *self)
{
}

static GInputStream *
th_budget_stream_get_input_stream (GIOStream *stream)
{
  return TH_BUDGET_STREAM (stream)->input;
}

static GOutputStream *
th_budget_stream_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (TH_BUDGET_STREAM (stream)->base);
}

static gboolean
th_budget_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  return g_io_stream_close (TH_BUDGET_STREAM (stream)->base, cancellable, error);
}

/* As it does not block, it needs no thread; GIO would take one. */
static void
th_budget_stream_close_async (GIOStream *stream,
                              int priority,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, data);
  g_autoptr (GError) error = NULL;

  g_task_set_priority (task, priority);
  if (th_budget_stream_close (stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
th_budget_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* GIOStream has closed it before. */
static void
th_budget_stream_finalize (GObject *object)
{
  ThBudgetStream *self = TH_BUDGET_STREAM (object);

  g_clear_object (&self->input);
  g_clear_object (&self->base);
  G_OBJECT_CLASS (th_budget_stream_parent_class)->finalize (object);
}

static void
th_budget_stream_class_init (ThBudgetStreamClass *class)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = th_budget_stream_finalize;
  stream_class->get_input_stream = th_budget_stream_get_input_stream;
  stream_class->get_output_stream = th_budget_stream_get_output_stream;
  stream_class->close_fn = th_budget_stream_close;
  stream_class->close_async = th_budget_stream_close_async;
  stream_class->close_finish = th_budget_stream_close_finish;
}

static void
th_budget_stream_init (ThBudgetStream *self)
{
}

ThBudgetStream *
th_budget_stream_new (GIOStream *base, gsize budget)
{
  ThBudgetStream *self = g_object_new (TH_TYPE_BUDGET_STREAM, NULL);

  self->base = g_object_ref (base);
  self->input =
      g_object_new (TH_TYPE_BUDGET_INPUT, "base-stream", g_io_stream_get_input_stream (base),
                    "close-base-stream", FALSE, NULL);
  TH_BUDGET_INPUT (self->input)->left = budget;
  return self;
}
