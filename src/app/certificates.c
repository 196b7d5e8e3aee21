/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From [tls] to what listeners speak, and from what went wrong to problems.
 */
#include "app/certificates.h"

#include "app/problems.h"
#include "relay/machine-addresses.h"

#define NAMES_MAX   32 /* of a self-signed certificate; some machines have hundreds of addresses */
#define WARN_BEFORE (21 * 86400) /* seconds before the end */

struct _ThCertificates
{
  GObject parent_instance;
  ThSettings *settings;
  ThCertificateStore *store;
  ThTlsContext *context; /* nullable */
  GError *error;         /* nullable: why there is no context for the certificate */
  GListStore *problems;
  char *told;      /* nullable: the problems that are there, as text */
  gboolean active; /* tells problems */
};

G_DEFINE_FINAL_TYPE (ThCertificates, th_certificates, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
add_name (GPtrArray *names, const char *name)
{
  if (*name != '\0' && names->len < NAMES_MAX &&
      !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

static void
add_machine (GPtrArray *names)
{
  g_autoptr (GArray) addresses = th_machine_addresses ();
  char text[TH_ADDRESS_STRING_SIZE];

  for (guint i = 0; i < addresses->len; i++)
    add_name (names, th_address_format_host (&g_array_index (addresses, ThAddress, i), text));
}

/* Everything a client may call this machine by. What it always has comes before its addresses. */
static void
set_names (ThCertificates *self, const char *const *hosts)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  add_name (names, th_settings_get_string (self->settings, TH_SETTING_ENDPOINT_HOST));
  add_name (names, th_settings_get_string (self->settings, TH_SETTING_RELAY_SERVER_NAME));
  for (guint i = 0; hosts[i] != NULL; i++)
    add_name (names, hosts[i]);
  add_name (names, "localhost");
  add_name (names, "127.0.0.1");
  add_name (names, "::1");
  add_machine (names);
  g_ptr_array_add (names, NULL);
  th_certificate_store_set_names (self->store, (const char *const *) names->pdata);
}

static void
set_source (ThCertificates *self, const char *const *hosts)
{
  g_autofree char *certificate = th_settings_dup_path (self->settings, TH_SETTING_TLS_CERTIFICATE);
  g_autofree char *key = th_settings_dup_path (self->settings, TH_SETTING_TLS_PRIVATE_KEY);

  th_certificate_store_set_files (self->store, certificate, key);
  set_names (self, hosts);
}

static void
add_problems (ThCertificates *self, GListStore *problems)
{
  ThCertificate *certificate = th_certificate_store_get_certificate (self->store);
  const GError *error = th_certificate_store_get_error (self->store);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (error == NULL)
    error = self->error;
  if (error != NULL)
    th_problems_add_certificate (problems, error, self->context != NULL);
  if (certificate != NULL && th_certificate_get_not_after (certificate) - now < WARN_BEFORE)
    th_problems_add_expiry (problems, th_certificate_get_names (certificate)[0],
                            th_certificate_get_not_after (certificate), now);
}

static char *
describe (GListModel *problems)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (problems, i);

      g_string_append_printf (text, "%s %s\n", th_problem_get_title (problem),
                              th_problem_get_detail (problem));
    }
  return g_string_free (text, FALSE);
}

/* What is told already is not told again: the server logs each row that comes. */
static void
update_problems (ThCertificates *self)
{
  g_autoptr (GListStore) now = g_list_store_new (TH_TYPE_PROBLEM);
  g_autofree char *text = NULL;

  if (!self->active)
    return;
  add_problems (self, now);
  text = describe (G_LIST_MODEL (now));
  if (g_strcmp0 (text, self->told) == 0)
    return;
  th_problems_remove (self->problems, "certificate");
  add_problems (self, self->problems);
  g_free (self->told);
  self->told = g_steal_pointer (&text);
}

static ThTlsVersion
get_minimum (ThCertificates *self)
{
  gint64 choice = th_settings_get_integer (self->settings, TH_SETTING_TLS_MIN_VERSION);

  return choice == TH_SETTING_TLS_1_3 ? TH_TLS_1_3 : TH_TLS_1_2;
}

static void
log_change (ThCertificate *certificate)
{
  g_message ("The certificate in use is now that of %s, SHA-256 fingerprint %s%s",
             th_certificate_get_subject (certificate), th_certificate_get_fingerprint (certificate),
             th_certificate_is_self_signed (certificate) ? ", self-signed" : "");
}

/* Returns: whether there is another one now */
static gboolean
update_context (ThCertificates *self)
{
  ThCertificate *certificate = th_certificate_store_get_certificate (self->store);
  ThCertificate *before =
      self->context != NULL ? th_certificate_of_context (self->context) : NULL;
  ThTlsVersion minimum = get_minimum (self);
  g_autoptr (ThTlsContext) context = NULL;

  if (certificate == NULL ||
      (certificate == before && minimum == th_tls_context_get_minimum (self->context)))
    return FALSE;
  g_clear_error (&self->error);
  context = th_certificate_new_context (certificate, minimum, &self->error);
  if (context == NULL)
    return FALSE;
  if (before != NULL && certificate != before)
    log_change (certificate);
  g_clear_pointer (&self->context, th_tls_context_unref);
  self->context = g_steal_pointer (&context);
  return TRUE;
}

static void
on_store_changed (ThCertificateStore *store, gpointer data)
{
  ThCertificates *self = data;
  gboolean another = update_context (self);

  update_problems (self);
  if (another)
    g_signal_emit (self, signals[CHANGED], 0);
}

static void
th_certificates_finalize (GObject *object)
{
  ThCertificates *self = TH_CERTIFICATES (object);

  g_clear_object (&self->store);
  g_clear_object (&self->settings);
  g_clear_object (&self->problems);
  g_clear_pointer (&self->context, th_tls_context_unref);
  g_clear_error (&self->error);
  g_free (self->told);
  G_OBJECT_CLASS (th_certificates_parent_class)->finalize (object);
}

static void
th_certificates_class_init (ThCertificatesClass *class)
{
  G_OBJECT_CLASS (class)->finalize = th_certificates_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
th_certificates_init (ThCertificates *self)
{
}

ThCertificates *
th_certificates_new (ThSettings *settings, const char *state_directory, GListStore *problems)
{
  ThCertificates *self = g_object_new (TH_TYPE_CERTIFICATES, NULL);

  self->settings = g_object_ref (settings);
  self->problems = g_object_ref (problems);
  self->store = th_certificate_store_new (state_directory);
  g_signal_connect_object (self->store, "changed", G_CALLBACK (on_store_changed), self, 0);
  return self;
}

void
th_certificates_load (ThCertificates *self, const char *const *hosts)
{
  g_clear_pointer (&self->told, g_free);
  self->active = TRUE;
  set_source (self, hosts);
  if (self->context == NULL)
    th_certificate_store_load (self->store);
  else
    th_certificate_store_reload (self->store);
}

void
th_certificates_refresh (ThCertificates *self, const char *const *hosts)
{
  set_source (self, hosts);
  th_certificate_store_reload (self->store);
}

void
th_certificates_stop (ThCertificates *self)
{
  self->active = FALSE;
  th_problems_remove (self->problems, "certificate");
}

ThTlsContext *
th_certificates_get_context (ThCertificates *self)
{
  return self->context;
}

/* One that clients can look up; nothing stands for all that a wildcard covers. */
static gboolean
is_plain_name (const char *name)
{
  return *name != '\0' && strchr (name, '*') == NULL && !g_hostname_is_ip_address (name);
}

const char *
th_certificates_get_name (ThCertificates *self)
{
  ThSetting given[] = { TH_SETTING_ENDPOINT_HOST, TH_SETTING_RELAY_SERVER_NAME };
  ThCertificate *certificate =
      self->context != NULL ? th_certificate_of_context (self->context) : NULL;

  if (certificate == NULL || th_certificate_is_self_signed (certificate))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      const char *name = th_settings_get_string (self->settings, given[i]);

      if (*name != '\0' && th_certificate_covers (certificate, name))
        return name;
    }
  for (const char *const *name = th_certificate_get_names (certificate); *name != NULL; name++)
    if (is_plain_name (*name))
      return *name;
  return NULL;
}

ThCertificateStore *
th_certificates_get_store (ThCertificates *self)
{
  return self->store;
}
