/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From settings to an order, from its outcome to the next time. Whoever looks after the certificate
 * calls th_acme_consider() each hour; only a failure sets a clock of its own.
 */
#include "app/acme.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/acme-schedule.h"
#include "app/acme-words.h"

#define FOLDER        "tls/acme"
#define FOLDER_MODE   0700
#define DIGEST_SHOWN  12           /* characters: tells authorities of one host apart */
#define RENEWAL_SPARE (6 * 3600)   /* seconds over which those who should renew now spread */
#define MISSING_AGAIN 60           /* seconds: it may be installed by then */
#define REST          G_TIME_SPAN_DAY /* from one that is of no use to the next */
#define GONE          " (deleted)" /* what Linux adds to the path of a program that was replaced */

struct _ThAcme
{
  GObject parent_instance;
  ThSettings *settings;
  char *state_directory;
  const ThAcmePort *port;
  gpointer port_data;
  ThAcmeChallenges *challenges;
  ThAcmeOrder *order;        /* nullable: being carried out */
  GCancellable *cancellable; /* nullable: the same */
  gboolean port_is_open;
  gboolean had_one;      /* a certificate, when the order began */
  gboolean asks;         /* an authority, when it is time */
  gboolean stopped;      /* nothing is to be begun */
  guint failures;        /* in a row */
  guint retry;           /* source: waits after a failure */
  char *wish;            /* nullable: what was to be got at the last look */
  gint64 spread;         /* seconds that a renewal is put off, chosen once */
  gint64 rest_until;     /* monotonic: one came, and is not known yet to have helped */
  ThAcmeTrouble trouble; /* id NULL: none */
};

G_DEFINE_FINAL_TYPE (ThAcme, th_acme, G_TYPE_OBJECT)

enum
{
  PROP_BUSY = 1,
  N_PROPERTIES
};
enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
clear_trouble (ThAcme *self)
{
  g_clear_pointer (&self->trouble.title, g_free);
  g_clear_pointer (&self->trouble.detail, g_free);
  self->trouble.id = NULL;
}

/* @title, @detail: (transfer full) */
static void
set_trouble (ThAcme *self, const char *id, char *title, char *detail)
{
  gboolean same =
      g_strcmp0 (self->trouble.id, id) == 0 && g_strcmp0 (self->trouble.detail, detail) == 0;

  clear_trouble (self);
  self->trouble = (ThAcmeTrouble){ .id = id, .title = title, .detail = detail };
  if (!same)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
add_name (GPtrArray *names, const char *name)
{
  if (*name != '\0' && !g_hostname_is_ip_address (name) && strchr (name, '.') != NULL &&
      !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

/* (transfer full): the DNS names that the settings give this machine, perhaps none */
static char **
list_names (ThAcme *self)
{
  GPtrArray *names = g_ptr_array_new ();

  add_name (names, th_settings_get_string (self->settings, TH_SETTING_RELAY_SERVER_NAME));
  add_name (names, th_settings_get_string (self->settings, TH_SETTING_ENDPOINT_HOST));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

/* An account is one authority's, and so is what it gave out. */
static char *
dup_folder (ThAcme *self, const char *directory)
{
  g_autoptr (GUri) uri = g_uri_parse (directory, G_URI_FLAGS_NONE, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, directory, -1);
  g_autofree char *host = g_strdup (uri != NULL ? g_uri_get_host (uri) : "authority");
  g_autofree char *name = NULL;

  g_strcanon (host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", '_');
  name = g_strdup_printf ("%s-%.*s", host, DIGEST_SHOWN, digest);
  return g_build_filename (self->state_directory, FOLDER, name, NULL);
}

/* The path of this program, which is the hook, too. After an update of its package the new one
 * stands in the same place. */
static char *
dup_own_path (void)
{
  char *path = g_file_read_link ("/proc/self/exe", NULL);

  if (path != NULL && g_str_has_suffix (path, GONE))
    path[strlen (path) - strlen (GONE)] = '\0';
  return path;
}

/* (transfer full) (nullable): NULL where there is no name to ask for; "program" may be missing */
static ThAcmeOrder *
make_order (ThAcme *self)
{
  g_auto (GStrv) names = list_names (self);
  const char *directory = th_settings_get_string (self->settings, TH_SETTING_TLS_ACME_DIRECTORY);
  ThAcmeOrder order = { .directory = (char *) directory, .names = names };
  g_autofree char *folder = dup_folder (self, directory);
  g_autofree char *program = th_acme_client_find ();
  g_autofree char *hook = dup_own_path ();

  if (names[0] == NULL)
    return NULL;
  order.folder = folder;
  order.program = program;
  order.hook = hook;
  order.method =
      th_settings_get_integer (self->settings, TH_SETTING_TLS_ACME) == TH_SETTING_ACME_TLS_ALPN_01
          ? TH_ACME_TLS_ALPN_01
          : TH_ACME_HTTP_01;
  return th_acme_order_copy (&order);
}

static gboolean
on_retry (gpointer data)
{
  ThAcme *self = data;

  self->retry = 0;
  th_acme_renew (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
set_missing (ThAcme *self)
{
  gboolean sandbox = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);

  set_trouble (self, "acme-missing",
               g_strdup (_("Certificates cannot be fetched: uacme is missing")),
               g_strdup (sandbox
                             ? _("This app’s sandbox does not have it. Turnhouse’s server from "
                                  "your system’s packages can use it, or choose files instead.")
                             : _("It is the program that speaks with the authority. Install it "
                                  "in a terminal: sudo apt install uacme")));
  self->trouble.by_command = !sandbox;
  if (self->retry == 0)
    self->retry = g_timeout_add_seconds (MISSING_AGAIN, on_retry, self);
}

static void
set_nameless (ThAcme *self)
{
  set_trouble (self, "acme-name", g_strdup (_("A certificate needs a name")),
               g_strdup (_("Authorities give out certificates for DNS names. Set the server name, "
                            "such as turn.example.org.")));
}

static void
close_port (ThAcme *self)
{
  if (self->port_is_open)
    self->port->close (self->port_data);
  self->port_is_open = FALSE;
}

/* The endpoint may be on that port already: it answers, too. */
static gboolean
open_port (ThAcme *self, GError **error)
{
  gint64 port = th_settings_get_integer (self->settings, TH_SETTING_TLS_ACME_PORT);
  gint64 endpoint = th_settings_get_integer (self->settings, TH_SETTING_ENDPOINT_PORT);

  if (self->order->method != TH_ACME_HTTP_01 || port == 0 || port == endpoint)
    return TRUE;
  self->port_is_open = self->port->open (self->port_data, (guint16) port, error);
  return self->port_is_open;
}

static void
end_order (ThAcme *self)
{
  close_port (self);
  g_clear_pointer (&self->order, th_acme_order_free);
  g_clear_object (&self->cancellable);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* @why: whole sentences */
static void
fail (ThAcme *self, const char *why, gboolean patient)
{
  gint64 delay = th_acme_schedule_delay (++self->failures, patient, g_random_double ());
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = g_date_time_add_seconds (now, (double) delay);
  /* Translators: a day and a time, for g_date_time_format() */
  g_autofree char *when = g_date_time_format (then, _("%x, %R"));

  self->retry = g_timeout_add_seconds ((guint) delay, on_retry, self);
  g_warning ("No certificate for %s: %s", self->order->names[0], why);
  /* Translators: %s is a DNS name */
  set_trouble (self, "acme-failed",
               g_strdup_printf (self->had_one ? _("The certificate of %s could not be renewed")
                                              : _("No certificate could be fetched for %s"),
                                self->order->names[0]),
               /* Translators: %1$s is whole sentences that say why, %2$s a day and a time */
               g_strdup_printf (_("%1$s The next try is on %2$s."), why, when));
}

static void
on_order_done (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThAcme) self = data;
  g_autoptr (ThAcmeReport) report = NULL;
  g_autoptr (GError) error = NULL;

  if (th_acme_order_run_finish (result, &report, &error))
    {
      g_message ("A new certificate for %s was issued", self->order->names[0]);
      self->failures = 0;
      if (!g_cancellable_is_cancelled (self->cancellable)) /* else another one is wanted */
        self->rest_until = g_get_monotonic_time () + REST;
      clear_trouble (self);
      end_order (self);
      g_signal_emit (self, signals[CHANGED], 0);
      return;
    }
  if (g_error_matches (error, TH_NETWORK_ERROR, TH_NETWORK_ERROR_SYSTEM))
    {
      g_autofree char *why = th_acme_explain (self->order, report);

      fail (self, why, th_acme_report_wants_patience (report));
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* Translators: %s is what the system says */
      g_autofree char *why = g_strdup_printf (_("uacme cannot be run: %s."), error->message);

      fail (self, why, FALSE);
    }
  end_order (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
make_parent (const char *folder, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  if (g_mkdir_with_parents (parent, FOLDER_MODE) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", parent, g_strerror (errno));
  return FALSE;
}

/* @order: (transfer full) */
static void
begin (ThAcme *self, ThAcmeOrder *order)
{
  g_autofree char *certificate = th_acme_order_dup_certificate (order);
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->retry, g_source_remove);
  self->order = order;
  self->had_one = g_file_test (certificate, G_FILE_TEST_EXISTS);
  if (!make_parent (order->folder, &error) || !open_port (self, &error))
    {
      g_autofree char *why = g_strdup_printf ("%s.", error->message);

      fail (self, why, FALSE);
      g_clear_pointer (&self->order, th_acme_order_free);
      return;
    }
  self->cancellable = g_cancellable_new ();
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
  g_message ("Asking %s for a certificate for %s", order->directory, order->names[0]);
  th_acme_order_run_async (order, self->challenges, self->cancellable, on_order_done,
                           g_object_ref (self));
}

static gboolean
covers_all (ThCertificate *certificate, char **names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (!th_certificate_covers (certificate, names[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_due (ThAcme *self, const ThAcmeOrder *order, ThCertificate *current)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 from, to, renewal;

  if (current == NULL || th_certificate_is_self_signed (current) ||
      !covers_all (current, order->names))
    return TRUE;
  from = th_certificate_get_not_before (current);
  to = th_certificate_get_not_after (current);
  renewal = th_acme_schedule_renewal (from, to);
  return now >= renewal + MIN (self->spread, (to - renewal) / 4);
}

static void
th_acme_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_BUSY)
    g_value_set_boolean (value, th_acme_is_busy (TH_ACME (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_acme_finalize (GObject *object)
{
  ThAcme *self = TH_ACME (object);

  g_clear_handle_id (&self->retry, g_source_remove);
  clear_trouble (self);
  g_free (self->wish);
  th_acme_challenges_free (self->challenges);
  g_object_unref (self->settings);
  g_free (self->state_directory);
  G_OBJECT_CLASS (th_acme_parent_class)->finalize (object);
}

static void
th_acme_class_init (ThAcmeClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = th_acme_get_property;
  object_class->finalize = th_acme_finalize;
  properties[PROP_BUSY] =
      g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
th_acme_init (ThAcme *self)
{
  self->challenges = th_acme_challenges_new ();
  self->spread = g_random_int_range (0, RENEWAL_SPARE);
  self->stopped = TRUE;
  self->asks = TRUE;
}

ThAcme *
th_acme_new (ThSettings *settings,
             const char *state_directory,
             const ThAcmePort *port,
             gpointer port_data)
{
  ThAcme *self = g_object_new (TH_TYPE_ACME, NULL);

  self->settings = g_object_ref (settings);
  self->state_directory = g_strdup (state_directory);
  self->port = port;
  self->port_data = port_data;
  return self;
}

void
th_acme_set_asks (ThAcme *self, gboolean asks)
{
  self->asks = asks;
}

gboolean
th_acme_is_on (ThAcme *self)
{
  return th_settings_get_integer (self->settings, TH_SETTING_TLS_ACME) != TH_SETTING_ACME_OFF;
}

gboolean
th_acme_get_files (ThAcme *self, char **certificate, char **private_key)
{
  g_autoptr (ThAcmeOrder) order = th_acme_is_on (self) ? make_order (self) : NULL;

  if (order == NULL)
    return FALSE;
  *certificate = th_acme_order_dup_certificate (order);
  *private_key = th_acme_order_dup_private_key (order);
  if (g_file_test (*certificate, G_FILE_TEST_EXISTS))
    return TRUE;
  g_clear_pointer (certificate, g_free);
  g_clear_pointer (private_key, g_free);
  return FALSE;
}

/* Who changes what is asked for does not have to wait for what has failed before. */
static void
note_wish (ThAcme *self, const ThAcmeOrder *order)
{
  g_autofree char *names = order != NULL ? g_strjoinv (" ", order->names) : g_strdup ("");
  g_autofree char *wish =
      g_strdup_printf ("%s %s %s %s", names,
                       th_settings_get_string (self->settings, TH_SETTING_TLS_ACME),
                       th_settings_get_string (self->settings, TH_SETTING_TLS_ACME_DIRECTORY),
                       th_settings_get_string (self->settings, TH_SETTING_TLS_ACME_PORT));

  if (g_strcmp0 (wish, self->wish) == 0)
    return;
  g_free (self->wish);
  self->wish = g_steal_pointer (&wish);
  self->failures = 0;
  self->rest_until = 0;
  g_clear_handle_id (&self->retry, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

/* With a clock that is wrong each new certificate is as useless as the one before, and after some
 * of them authorities refuse that name for a week. */
static gboolean
is_resting (ThAcme *self)
{
  return g_get_monotonic_time () < self->rest_until;
}

/* The certificate there is will do. */
static void
note_good (ThAcme *self)
{
  self->rest_until = 0;
  clear_trouble (self);
}

void
th_acme_consider (ThAcme *self, ThCertificate *current)
{
  g_autoptr (ThAcmeOrder) order = NULL;

  self->stopped = FALSE;
  if (!th_acme_is_on (self))
    {
      th_acme_stop (self);
      return;
    }
  order = make_order (self);
  note_wish (self, order);
  if (self->order != NULL || self->retry != 0)
    return;
  if (order == NULL)
    set_nameless (self);
  else if (!is_due (self, order, current))
    note_good (self);
  else if (order->program == NULL)
    set_missing (self);
  else if (self->asks && !is_resting (self))
    begin (self, g_steal_pointer (&order));
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, why);
  return FALSE;
}

gboolean
th_acme_renew (ThAcme *self, GError **error)
{
  g_autoptr (ThAcmeOrder) order = NULL;

  if (self->stopped || !th_acme_is_on (self))
    return refuse (error, "The configuration has no tls/acme");
  if (self->order != NULL)
    return refuse (error, "The authority is being asked already");
  order = make_order (self);
  if (order == NULL)
    {
      set_nameless (self);
      return refuse (error, "There is no server-name to ask a certificate for");
    }
  if (order->program == NULL)
    {
      set_missing (self);
      return refuse (error, "uacme is not installed");
    }
  begin (self, g_steal_pointer (&order));
  return self->order != NULL || refuse (error, self->trouble.detail);
}

void
th_acme_stop (ThAcme *self)
{
  self->stopped = TRUE;
  self->failures = 0;
  self->rest_until = 0;
  clear_trouble (self);
  g_clear_handle_id (&self->retry, g_source_remove);
  close_port (self);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

gboolean
th_acme_is_busy (ThAcme *self)
{
  return self->cancellable != NULL;
}

const ThAcmeTrouble *
th_acme_get_trouble (ThAcme *self)
{
  return self->trouble.id != NULL ? &self->trouble : NULL;
}

ThAcmeChallenges *
th_acme_get_challenges (ThAcme *self)
{
  return self->challenges;
}
