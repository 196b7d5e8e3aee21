/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run is uacme twice: "new", which makes an account or finds the one there is, and "issue". What
 * it writes is read to its end before it is waited for. The hook speaks over a socket of packets,
 * one a challenge.
 */
#include "network/acme-client.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "network/acme-hook.h"
#include "network/certificate.h"

#define PROGRAM  "uacme"
#define CHANNEL  3   /* the descriptor in uacme and its hook */
#define PATIENCE 600 /* seconds: authorities look for a challenge for minutes */
#define CHUNK    4096

#define EXIT_DONE      0
#define ACCOUNT_EXISTS "uacme: Account already exists"

typedef struct
{
  ThAcmeOrder *order;
  ThAcmeChallenges *challenges;
  GSubprocess *process; /* nullable */
  GString *output;
  gboolean issuing; /* "new" is done */
  int channel;      /* ours; -1: none */
  guint watch;      /* source */
  guint deadline;   /* source */
  gulong cancelled; /* handler */
} Run;

static void start_step (GTask *task);

/* Whoever waited for the end may have gone with it, and the challenges too. */
static void
run_free (gpointer data)
{
  Run *self = data;

  g_clear_handle_id (&self->watch, g_source_remove);
  g_clear_handle_id (&self->deadline, g_source_remove);
  if (self->channel >= 0)
    close (self->channel);
  g_clear_object (&self->process);
  g_string_free (self->output, TRUE);
  th_acme_order_free (self->order);
  g_free (self);
}

static void
finish (GTask *task, GError *error)
{
  Run *self = g_task_get_task_data (task);

  g_cancellable_disconnect (g_task_get_cancellable (task), self->cancelled);
  g_clear_handle_id (&self->watch, g_source_remove);
  g_clear_handle_id (&self->deadline, g_source_remove);
  th_acme_challenges_end_all (self->challenges);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
stop_process (Run *self)
{
  if (self->process != NULL)
    g_subprocess_send_signal (self->process, SIGTERM);
}

static gboolean
find_method (const char *type, ThAcmeMethod *method)
{
  for (*method = TH_ACME_HTTP_01; *method <= TH_ACME_TLS_ALPN_01; ++*method)
    if (g_str_equal (type, th_acme_method_get_name (*method)))
      return TRUE;
  return FALSE;
}

/* @texts: as uacme gives them to its hook. Returns: whether that challenge is taken */
static gboolean
take_challenge (Run *self, const char *const *texts)
{
  const char *what = texts[0], *name = texts[2], *token = texts[3];
  g_autoptr (GError) error = NULL;
  ThAcmeMethod method;

  if (!find_method (texts[1], &method) || method != self->order->method)
    return FALSE;
  if (!g_str_equal (what, "begin"))
    {
      th_acme_challenges_end (self->challenges, method, name, token);
      return TRUE;
    }
  if (th_acme_challenges_begin (self->challenges, method, name, token, texts[4], &error))
    return TRUE;
  g_warning ("A challenge cannot be answered: %s", error->message);
  return FALSE;
}

/* Whether @message is as many texts as there should be, each with its NUL. */
static gboolean
split (const char *message, gsize length, const char **texts)
{
  const char *p = message;

  for (guint i = 0; i < TH_ACME_HOOK_ARGUMENTS; i++)
    {
      const char *end = memchr (p, '\0', (gsize) (message + length - p));

      if (end == NULL)
        return FALSE;
      texts[i] = p;
      p = end + 1;
    }
  return p == message + length;
}

static gboolean
on_channel_readable (int channel, GIOCondition condition, gpointer data)
{
  Run *self = data;
  char message[TH_ACME_HOOK_MESSAGE_MAX];
  const char *texts[TH_ACME_HOOK_ARGUMENTS];
  gssize n = recv (channel, message, sizeof message, MSG_DONTWAIT);
  char answer = '-';

  if (n <= 0)
    {
      self->watch = 0;
      return G_SOURCE_REMOVE; /* nobody holds the other end any more */
    }
  if (split (message, (gsize) n, texts) && take_challenge (self, texts))
    answer = '+';
  send (channel, &answer, 1, MSG_NOSIGNAL | MSG_DONTWAIT);
  return G_SOURCE_CONTINUE;
}

/* Returns: the end for uacme, or -1 */
static int
open_channel (Run *self, GError **error)
{
  int ends[2];

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
    {
      g_set_error_literal (error, TH_NETWORK_ERROR, TH_NETWORK_ERROR_SYSTEM, g_strerror (errno));
      return -1;
    }
  self->channel = ends[0];
  self->watch = g_unix_fd_add (self->channel, G_IO_IN | G_IO_HUP, on_channel_readable, self);
  return ends[1];
}

static void
add (GPtrArray *arguments, const char *argument)
{
  g_ptr_array_add (arguments, g_strdup (argument));
}

static GPtrArray *
list_arguments (Run *self)
{
  const ThAcmeOrder *order = self->order;
  GPtrArray *arguments = g_ptr_array_new_with_free_func (g_free);

  add (arguments, order->program);
  add (arguments, "-c");
  add (arguments, order->folder);
  add (arguments, "-a");
  add (arguments, order->directory);
  add (arguments, "-y");
  add (arguments, "-t");
  add (arguments, "EC");
  if (!self->issuing)
    add (arguments, "new");
  else
    {
      add (arguments, "-f");
      add (arguments, "-h");
      add (arguments, order->hook);
      add (arguments, "issue");
      for (guint i = 0; order->names[i] != NULL; i++)
        add (arguments, order->names[i]);
    }
  g_ptr_array_add (arguments, NULL);
  return arguments;
}

static GSubprocess *
spawn (Run *self, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GPtrArray) arguments = list_arguments (self);

  if (self->issuing)
    {
      int end = open_channel (self, error);

      if (end < 0)
        return NULL;
      g_subprocess_launcher_take_fd (launcher, end, CHANNEL);
      g_subprocess_launcher_setenv (launcher, TH_ACME_HOOK_VARIABLE, G_STRINGIFY (CHANNEL), TRUE);
    }
  return g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments->pdata, error);
}

/* An account that is there already is as good as a new one, though uacme calls it a failure. */
static gboolean
went_well (Run *self)
{
  if (g_subprocess_get_if_exited (self->process) &&
      g_subprocess_get_exit_status (self->process) == EXIT_DONE)
    return TRUE;
  return !self->issuing && strstr (self->output->str, ACCOUNT_EXISTS) != NULL;
}

static void
on_process_ended (GObject *process, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Run *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    finish (task, error);
  else if (self->deadline == 0)
    finish (task, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "uacme took longer than %d s",
                               PATIENCE));
  else if (!went_well (self))
    finish (task, g_error_new_literal (TH_NETWORK_ERROR, TH_NETWORK_ERROR_SYSTEM, "uacme failed"));
  else if (self->issuing)
    finish (task, NULL);
  else
    {
      self->issuing = TRUE;
      start_step (task);
    }
}

static void
on_output_read (GObject *stream, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Run *self = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (stream), result, NULL);
  gsize size = bytes != NULL ? g_bytes_get_size (bytes) : 0;

  if (size == 0)
    {
      g_subprocess_wait_async (self->process, NULL, on_process_ended, task);
      return;
    }
  if (self->output->len < TH_ACME_OUTPUT_MAX)
    g_string_append_len (self->output, g_bytes_get_data (bytes, NULL),
                         (gssize) MIN (size, TH_ACME_OUTPUT_MAX - self->output->len));
  g_input_stream_read_bytes_async (G_INPUT_STREAM (stream), CHUNK, G_PRIORITY_DEFAULT, NULL,
                                   on_output_read, task);
}

static void
start_step (GTask *task)
{
  Run *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_object (&self->process);
  g_string_truncate (self->output, 0);
  if (!g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    self->process = spawn (self, &error);
  if (self->process == NULL)
    finish (task, error);
  else
    g_input_stream_read_bytes_async (g_subprocess_get_stderr_pipe (self->process), CHUNK,
                                     G_PRIORITY_DEFAULT, NULL, on_output_read, task);
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  stop_process (data);
}

static gboolean
on_deadline (gpointer data)
{
  Run *self = data;

  self->deadline = 0;
  if (self->process != NULL)
    g_subprocess_force_exit (self->process); /* it has had its time to end by itself */
  return G_SOURCE_REMOVE;
}

ThAcmeOrder *
th_acme_order_copy (const ThAcmeOrder *self)
{
  ThAcmeOrder *copy = g_new (ThAcmeOrder, 1);

  *copy = (ThAcmeOrder){
    .program = g_strdup (self->program),
    .hook = g_strdup (self->hook),
    .directory = g_strdup (self->directory),
    .folder = g_strdup (self->folder),
    .names = g_strdupv (self->names),
    .method = self->method,
  };
  return copy;
}

void
th_acme_order_free (ThAcmeOrder *self)
{
  g_free (self->program);
  g_free (self->hook);
  g_free (self->directory);
  g_free (self->folder);
  g_strfreev (self->names);
  g_free (self);
}

char *
th_acme_client_find (void)
{
  return g_find_program_in_path (PROGRAM);
}

char *
th_acme_order_dup_certificate (const ThAcmeOrder *self)
{
  return g_build_filename (self->folder, self->names[0], "cert.pem", NULL);
}

char *
th_acme_order_dup_private_key (const ThAcmeOrder *self)
{
  return g_build_filename (self->folder, "private", self->names[0], "key.pem", NULL);
}

void
th_acme_order_run_async (const ThAcmeOrder *self,
                         ThAcmeChallenges *challenges,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Run *run = g_new0 (Run, 1);

  run->order = th_acme_order_copy (self);
  run->challenges = challenges;
  run->output = g_string_new (NULL);
  run->channel = -1;
  run->deadline = g_timeout_add_seconds (PATIENCE, on_deadline, run);
  g_task_set_task_data (task, run, run_free);
  g_task_set_check_cancellable (task, FALSE);
  if (cancellable != NULL)
    run->cancelled = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), run, NULL);
  start_step (task);
}

gboolean
th_acme_order_run_finish (GAsyncResult *result, ThAcmeReport **report, GError **error)
{
  GTask *task = G_TASK (result);
  Run *self = g_task_get_task_data (task);

  *report =
      g_task_had_error (task) ? th_acme_report_parse (self->output->str, self->output->len) : NULL;
  return g_task_propagate_boolean (task, error);
}
