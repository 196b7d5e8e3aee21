/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the certificate comes from, and when it is looked at again. Looking is a pure function of
 * a Source, so that it can be done on any thread.
 */
#include "network/certificate-store.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#include "credentials/ring.h"
#include "credentials/store.h"
#include "network/certificate-maker.h"

#define KEPT_FOLDER "tls" /* its own: where secrets are kept may be a keyring, or locked */
#define KEPT_FILE   "certificate.pem"
#define SETTLE      300  /* milliseconds: certificate and key are written one after the other */
#define INTERVAL    3600 /* seconds: for folders that cannot be watched, and for dates */

typedef struct
{
  char *directory;   /* where a self-signed one is kept */
  char *certificate; /* nullable, like private_key: self-signed */
  char *private_key;
  char **names;
} Source;

typedef struct
{
  ThCertificate *certificate; /* nullable, then with an error */
  char *digest;               /* of all it was made from */
  GError *error;
} Outcome;

struct _ThCertificateStore
{
  GObject parent_instance;
  Source source;
  ThCertificate *certificate; /* nullable */
  char *digest;               /* nullable: of the certificate */
  GError *error;              /* nullable */
  GFileMonitor *monitors[2];  /* nullable */
  guint settle;               /* source */
  guint interval;             /* source */
  guint look;                 /* counts them: only the last one's outcome is taken */
};

G_DEFINE_FINAL_TYPE (ThCertificateStore, th_certificate_store, G_TYPE_OBJECT)

enum
{
  PROP_CERTIFICATE = 1,
  N_PROPERTIES
};
enum
{
  CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static Source *
source_copy (const Source *source)
{
  Source *copy = g_new (Source, 1);

  *copy = (Source){
    .directory = g_strdup (source->directory),
    .certificate = g_strdup (source->certificate),
    .private_key = g_strdup (source->private_key),
    .names = g_strdupv (source->names),
  };
  return copy;
}

static void
source_clear (Source *source)
{
  g_free (source->directory);
  g_free (source->certificate);
  g_free (source->private_key);
  g_strfreev (source->names);
}

static void
source_free (gpointer data)
{
  source_clear (data);
  g_free (data);
}

static void
outcome_free (gpointer data)
{
  Outcome *outcome = data;

  g_clear_object (&outcome->certificate);
  g_free (outcome->digest);
  g_clear_error (&outcome->error);
  g_free (outcome);
}

static void
take (Outcome *outcome, const ThPem *chain, const ThPem *key, gint64 now)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  outcome->certificate = th_certificate_new (chain, key, now, &outcome->error);
  g_checksum_update (checksum, (const guchar *) chain->bytes, (gssize) chain->length);
  g_checksum_update (checksum, (const guchar *) key->bytes, (gssize) key->length);
  outcome->digest = g_strdup (g_checksum_get_string (checksum));
}

static void
look_at_files (const Source *source, gint64 now, Outcome *outcome)
{
  g_autoptr (ThPem) chain = NULL;
  g_autoptr (ThPem) key = NULL;

  if (source->certificate == NULL || source->private_key == NULL)
    {
      g_set_error_literal (
          &outcome->error, TH_NETWORK_ERROR, TH_NETWORK_ERROR_READ,
          source->certificate == NULL
              ? _("A private key is given, but no certificate; both are needed, or neither")
              : _("A certificate is given, but no private key; both are needed, or neither"));
      return;
    }
  chain = th_pem_read (TH_PEM_CERTIFICATE, source->certificate, &outcome->error);
  if (chain != NULL)
    key = th_pem_read (TH_PEM_PRIVATE_KEY, source->private_key, &outcome->error);
  if (key != NULL)
    take (outcome, chain, key, now);
}

static gboolean
covers_all (ThCertificate *certificate, char **names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (!th_certificate_covers (certificate, names[i]))
      return FALSE;
  return TRUE;
}

/* Nobody but this program writes the file; if it makes no sense, somebody may want to see why. */
static void
set_aside (ThStore *store, const GError *why)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = th_store_set_aside (store, KEPT_FILE, &error);

  if (aside != NULL)
    g_warning ("%s. It is kept as %s, and a new one is made.", why->message, aside);
  else
    g_warning ("%s. %s", why->message, error->message);
}

/* (transfer full) (nullable): what is kept, if it is of any use; its key at least */
static ThPem *
read_kept (ThStore *store, gint64 now, Outcome *outcome)
{
  g_autoptr (ThPem) pem = NULL;
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;
  gsize length = 0;

  if (th_store_read (store, KEPT_FILE, &bytes, &length, &error) && bytes == NULL)
    return NULL;
  if (bytes != NULL)
    {
      pem = th_pem_new_take (KEPT_FILE, bytes, length);
      take (outcome, pem, pem, now);
      error = g_steal_pointer (&outcome->error);
    }
  if (error == NULL || g_error_matches (error, TH_NETWORK_ERROR, TH_NETWORK_ERROR_TIME))
    return g_steal_pointer (&pem);
  set_aside (store, error);
  return NULL;
}

static void
make (ThStore *store, const Source *source, const ThPem *earlier, gint64 now, Outcome *outcome)
{
  g_autoptr (ThPem) pem = th_certificate_make (KEPT_FILE, (const char *const *) source->names,
                                               earlier, now, &outcome->error);

  if (pem == NULL || !th_store_write (store, KEPT_FILE, pem->bytes, pem->length, &outcome->error))
    return;
  g_clear_object (&outcome->certificate);
  g_clear_pointer (&outcome->digest, g_free);
  take (outcome, pem, pem, now);
}

/*
 * For other names the key stays: whoever knows the server by it is not alarmed. At the end of its
 * time both are new. Where a new one cannot be kept, the one there is goes on as long as it can.
 */
static void
look_at_kept (const Source *source, gint64 now, Outcome *outcome)
{
  g_autoptr (ThStore) store = th_store_open (source->directory, &outcome->error);
  g_autoptr (ThPem) kept = NULL;
  gboolean lasts;

  if (store == NULL)
    return;
  kept = read_kept (store, now, outcome);
  lasts = outcome->certificate != NULL &&
          th_certificate_get_not_after (outcome->certificate) - now > TH_CERTIFICATE_REMAKE_BEFORE;
  if (!lasts || !covers_all (outcome->certificate, source->names))
    make (store, source, lasts ? kept : NULL, now, outcome);
}

static Outcome *
look (const Source *source)
{
  Outcome *outcome = g_new0 (Outcome, 1);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (source->certificate != NULL || source->private_key != NULL)
    look_at_files (source, now, outcome);
  else
    look_at_kept (source, now, outcome);
  return outcome;
}

static void
look_in_thread (GTask *task, gpointer object, gpointer source, GCancellable *cancellable)
{
  g_task_return_pointer (task, look (source), outcome_free);
}

/* What is as it was stays the same object: sessions of it can still be resumed. */
static void
take_outcome (ThCertificateStore *self, Outcome *outcome)
{
  g_clear_error (&self->error);
  self->error = g_steal_pointer (&outcome->error);
  if (outcome->certificate != NULL && g_strcmp0 (outcome->digest, self->digest) != 0)
    {
      g_set_object (&self->certificate, outcome->certificate);
      g_free (self->digest);
      self->digest = g_steal_pointer (&outcome->digest);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CERTIFICATE]);
    }
  g_signal_emit (self, signals[CHANGED], 0);
  outcome_free (outcome);
}

static void
on_look_finished (GObject *object, GAsyncResult *result, gpointer data)
{
  ThCertificateStore *self = TH_CERTIFICATE_STORE (object);
  Outcome *outcome = g_task_propagate_pointer (G_TASK (result), NULL);

  if (GPOINTER_TO_UINT (data) == self->look)
    take_outcome (self, outcome);
  else
    outcome_free (outcome);
}

static gboolean
on_settled (gpointer data)
{
  ThCertificateStore *self = data;

  self->settle = 0;
  th_certificate_store_reload (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_interval (gpointer data)
{
  th_certificate_store_reload (data);
  return G_SOURCE_CONTINUE;
}

/* The first of many events starts the clock, so that a file that never rests is looked at too. */
static void
on_monitor_changed (GFileMonitor *monitor,
                    GFile *file,
                    GFile *other,
                    GFileMonitorEvent event,
                    gpointer data)
{
  ThCertificateStore *self = data;

  if (self->settle == 0)
    self->settle = g_timeout_add (SETTLE, on_settled, self);
}

static void
stop_watching (ThCertificateStore *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->monitors); i++)
    if (self->monitors[i] != NULL)
      g_file_monitor_cancel (self->monitors[i]);
  g_clear_object (&self->monitors[0]);
  g_clear_object (&self->monitors[1]);
}

static GFileMonitor *
watch (ThCertificateStore *self, const char *path)
{
  g_autoptr (GFile) file = path != NULL ? g_file_new_for_path (path) : NULL;
  GFileMonitor *monitor =
      file != NULL ? g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL) : NULL;

  if (monitor != NULL)
    g_signal_connect_object (monitor, "changed", G_CALLBACK (on_monitor_changed), self, 0);
  return monitor;
}

static void
th_certificate_store_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThCertificateStore *self = TH_CERTIFICATE_STORE (object);

  if (id == PROP_CERTIFICATE)
    g_value_set_object (value, self->certificate);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_certificate_store_finalize (GObject *object)
{
  ThCertificateStore *self = TH_CERTIFICATE_STORE (object);

  stop_watching (self);
  g_clear_handle_id (&self->settle, g_source_remove);
  g_clear_handle_id (&self->interval, g_source_remove);
  source_clear (&self->source);
  g_clear_object (&self->certificate);
  g_free (self->digest);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (th_certificate_store_parent_class)->finalize (object);
}

static void
th_certificate_store_class_init (ThCertificateStoreClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = th_certificate_store_get_property;
  object_class->finalize = th_certificate_store_finalize;
  properties[PROP_CERTIFICATE] =
      g_param_spec_object ("certificate", NULL, NULL, TH_TYPE_CERTIFICATE,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
th_certificate_store_init (ThCertificateStore *self)
{
  self->interval = g_timeout_add_seconds (INTERVAL, on_interval, self);
}

ThCertificateStore *
th_certificate_store_new (const char *state_directory)
{
  ThCertificateStore *self = g_object_new (TH_TYPE_CERTIFICATE_STORE, NULL);

  self->source.directory = g_build_filename (state_directory, KEPT_FOLDER, NULL);
  self->source.names = g_strsplit ("localhost", " ", -1);
  return self;
}

void
th_certificate_store_set_files (ThCertificateStore *self,
                                const char *certificate,
                                const char *private_key)
{
  if (g_strcmp0 (self->source.certificate, certificate) == 0 &&
      g_strcmp0 (self->source.private_key, private_key) == 0)
    return;
  g_free (self->source.certificate);
  g_free (self->source.private_key);
  self->source.certificate = g_strdup (certificate);
  self->source.private_key = g_strdup (private_key);
  stop_watching (self);
  self->monitors[0] = watch (self, certificate);
  self->monitors[1] = watch (self, private_key);
}

void
th_certificate_store_set_names (ThCertificateStore *self, const char *const *names)
{
  g_return_if_fail (names[0] != NULL);

  g_strfreev (self->source.names);
  self->source.names = g_strdupv ((char **) names);
}

void
th_certificate_store_load (ThCertificateStore *self)
{
  self->look++;
  take_outcome (self, look (&self->source));
}

void
th_certificate_store_reload (ThCertificateStore *self)
{
  g_autoptr (GTask) task =
      g_task_new (self, NULL, on_look_finished, GUINT_TO_POINTER (++self->look));

  g_task_set_task_data (task, source_copy (&self->source), source_free);
  g_task_run_in_thread (task, look_in_thread);
}

ThCertificate *
th_certificate_store_get_certificate (ThCertificateStore *self)
{
  return self->certificate;
}

const GError *
th_certificate_store_get_error (ThCertificateStore *self)
{
  return self->error;
}
