/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words for what can go wrong when relay and endpoint start.
 */
#include "app/problems.h"

#include <errno.h>
#include <glib/gi18n.h>

#include "app/free-port.h"
#include "app/low-ports.h"
#include "app/port-owner.h"
#include "endpoint/endpoint.h"
#include "relay/listener-info.h"
#include "relay/relay.h"

#define DAY 86400

/* The ports on which something failed in the same way, as one. */
typedef struct {
  guint port;
  int error_number;
  ThPortKind kinds;
  const char *address; /* the first; owned by the listener */
} Failure;

/* Worst first. Kinds have their order too, so that what is told anew keeps its place. */
static guint
place_of (GListStore *problems, const char *id, ThSeverity severity)
{
  GListModel *model = G_LIST_MODEL (problems);
  guint place = 0;

  for (; place < g_list_model_get_n_items (model); place++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (model, place);

      if (th_problem_get_severity (problem) > severity ||
          (th_problem_get_severity (problem) == severity &&
           strcmp (th_problem_get_id (problem), id) > 0))
        break;
    }
  return place;
}

static void
add (GListStore *problems,
     const char *id,
     ThSeverity severity,
     const char *title,
     const char *detail,
     guint other_port)
{
  /* Translators: a button; %u is a port */
  g_autofree char *action = other_port != 0 ? g_strdup_printf (_("Use Port %u"), other_port) : NULL;
  g_autoptr (ThProblem) problem = th_problem_new (id, severity, title, detail, action, other_port);

  g_list_store_insert (problems, place_of (problems, id, severity), problem);
}

/* @what: "Port 3478" */
static char *
taken_title (const char *what, guint port, ThPortKind kinds)
{
  g_autofree char *owner = th_port_owner_find (port, kinds);

  if (owner == NULL)
    /* Translators: %s is "Port 3478" or "The endpoint's port 8489" */
    return g_strdup_printf (_("%s is taken by another program"), what);
  /* Translators: %1$s is "Port 3478" or the like, %2$s the name of the program */
  return g_strdup_printf (_("%1$s is taken by another program (%2$s)"), what, owner);
}

static char *
taken_remedy (guint other_port)
{
  if (other_port == 0)
    return g_strdup (_("Stop that program, then start the relay again."));
  return g_strdup_printf (_("Stop that program, then start the relay again, or take another port, "
                            "such as %u."),
                          other_port);
}

static char *
reserved_title (const char *what)
{
  /* Translators: %s is "Port 443" or "The endpoint's port 443" */
  return g_strdup_printf (_("%s is reserved for the system"), what);
}

/* @what: "Port 443"; @meanwhile: (nullable): what does not work, a whole sentence */
static void
add_forbidden (GListStore *problems,
               const char *id,
               ThSeverity severity,
               const char *what,
               guint port,
               const char *meanwhile)
{
  g_autofree char *title = reserved_title (what);
  g_autofree char *command = NULL;
  g_autofree char *remedy = NULL;
  g_autofree char *detail = NULL;
  g_autoptr (ThProblem) problem = NULL;
  ThLowPorts low;

  th_low_ports_read (&low);
  if (th_low_ports_forbid (&low, port))
    {
      command = th_low_ports_dup_command (port);
      /* Translators: %s is a command */
      remedy = g_strdup_printf (_("Take a port from 1024 on, or allow this one in a terminal, then "
                                  "start the relay again: %s"),
                                command);
    }
  else
    remedy = g_strdup (_("Take another port, or have the system’s security policy allow this one."));
  detail = meanwhile != NULL ? g_strjoin (" ", meanwhile, remedy, NULL) : g_strdup (remedy);
  problem = th_problem_new (id, severity, title, detail, NULL, command != NULL ? port : 0);
  g_list_store_insert (problems, place_of (problems, id, severity), problem);
}

static char *
port_name (const Failure *failure)
{
  switch (failure->kinds)
    {
    case TH_PORT_UDP:
      return g_strdup_printf (_("Port %u (UDP)"), failure->port);
    case TH_PORT_TCP:
      return g_strdup_printf (_("Port %u (TCP)"), failure->port);
    default:
      return g_strdup_printf (_("Port %u"), failure->port);
    }
}

static void
add_failed_listener (GListStore *problems,
                     const Failure *failure,
                     ThSeverity severity,
                     const ThRelayConfig *config)
{
  gboolean main_port = failure->port == config->port;
  g_autofree char *name = port_name (failure);
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;
  guint other = 0;

  switch (failure->error_number)
    {
    case EADDRINUSE:
      if (main_port)
        other = th_free_port_find (config->listen, config->n_listen, TRUE, failure->port + 1);
      title = taken_title (name, failure->port, failure->kinds);
      detail = taken_remedy (other);
      add (problems, "port-in-use", severity, title, detail, other);
      break;
    case EACCES:
    case EPERM:
      add_forbidden (problems, "port-forbidden", severity, name, failure->port, NULL);
      break;
    case EADDRNOTAVAIL:
      title = g_strdup_printf (_("%s is no address of this machine"), failure->address);
      add (problems, "address-gone", severity, title,
           _("Bring up the network that has it, or take it out of the addresses to listen on."), 0);
      break;
    default:
      /* Translators: %s is "Port 3478" or the like */
      title = g_strdup_printf (_("%s cannot be opened"), name);
      /* Translators: %s is an error of the operating system */
      detail = g_strdup_printf (_("The system says: %s."), g_strerror (failure->error_number));
      add (problems, "listener-failed", severity, title, detail, 0);
      break;
    }
}

static Failure *
find_failure (GArray *failures, ThListenerInfo *info)
{
  for (guint i = 0; i < failures->len; i++)
    {
      Failure *failure = &g_array_index (failures, Failure, i);
      gboolean of_address = failure->error_number == EADDRNOTAVAIL;

      if (failure->error_number == th_listener_info_get_error_number (info) &&
          (of_address ? g_str_equal (failure->address, th_listener_info_get_address (info))
                      : failure->port == th_listener_info_get_port (info)))
        return failure;
    }
  return NULL;
}

static void
note_failure (GArray *failures, ThListenerInfo *info)
{
  const char *transport = th_listener_info_get_transport (info);
  gboolean udp = g_str_equal (transport, "UDP") || g_str_equal (transport, "DTLS");
  ThPortKind kind = udp ? TH_PORT_UDP : TH_PORT_TCP;
  Failure *known = find_failure (failures, info);
  Failure failure = {
    .port = th_listener_info_get_port (info),
    .error_number = th_listener_info_get_error_number (info),
    .kinds = kind,
    .address = th_listener_info_get_address (info),
  };

  if (known != NULL)
    known->kinds |= kind;
  else
    g_array_append_val (failures, failure);
}

/* Calls still go through over UDP where only TCP is missing, and where another port is open. */
static gboolean
has_bound_udp (GListModel *listeners)
{
  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);

      if (th_listener_info_is_bound (info) &&
          g_str_equal (th_listener_info_get_transport (info), "UDP"))
        return TRUE;
    }
  return FALSE;
}

void
th_problems_add_listeners (GListStore *problems, GListModel *listeners, const ThRelayConfig *config)
{
  g_autoptr (GArray) failures = g_array_new (FALSE, FALSE, sizeof (Failure));
  ThSeverity severity = has_bound_udp (listeners) ? TH_SEVERITY_WARNING : TH_SEVERITY_ERROR;

  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);

      if (!th_listener_info_is_bound (info))
        note_failure (failures, info);
    }
  for (guint i = 0; i < failures->len; i++)
    add_failed_listener (problems, &g_array_index (failures, Failure, i), severity, config);
}

void
th_problems_add_relay (GListStore *problems, const GError *error, const ThRelayConfig *config)
{
  if (g_error_matches (error, TH_RELAY_ERROR, TH_RELAY_ERROR_NO_ADDRESS))
    add (problems, "no-address", TH_SEVERITY_ERROR, _("This machine has no network address"),
         _("Connect it to a network, then start the relay again."), 0);
  else if (!g_error_matches (error, TH_RELAY_ERROR, TH_RELAY_ERROR_NO_LISTENER))
    add (problems, "relay-failed", TH_SEVERITY_ERROR, _("The relay cannot start"), error->message,
         0);
  else if (config->port == 0 && config->n_extra_udp_ports == 0 && config->tls_port == 0 &&
           config->n_extra_tls_ports == 0)
    add (problems, "no-port", TH_SEVERITY_ERROR, _("The relay has no port to listen on"),
         _("Its port is set to 0, which turns it off."), TH_STUN_DEFAULT_PORT);
}

void
th_problems_add_addresses (GListStore *problems, const char *const *unusable)
{
  for (guint i = 0; unusable[i] != NULL; i++)
    {
      g_autofree char *title =
          g_strdup_printf (_("The external address %s does not fit this machine"), unusable[i]);

      add (problems, "external-address", TH_SEVERITY_WARNING, title,
           _("No address of this machine goes with it, so it is left out. Correct it in the "
             "settings, or bring up the network it belongs to and start the relay again."),
           0);
    }
}

static guint
find_endpoint_port (const char *const *listen, guint first)
{
  g_autoptr (GArray) hosts = g_array_new (FALSE, FALSE, sizeof (ThAddress));
  ThAddress host;

  for (guint i = 0; listen[i] != NULL; i++)
    if (th_address_parse (&host, listen[i], 0))
      g_array_append_val (hosts, host);
  return th_free_port_find ((ThAddress *) (gpointer) hosts->data, hosts->len, FALSE, first);
}

/* What happens meanwhile, then what to do. Both whole sentences. */
static char *
without_endpoint (const char *remedy)
{
  return g_strjoin (" ", _("Apps cannot fetch credentials."), remedy, NULL);
}

void
th_problems_add_endpoint (GListStore *problems,
                          const GError *error,
                          const char *const *listen,
                          guint16 port)
{
  /* Translators: the subject of "… is taken by another program" */
  g_autofree char *name = g_strdup_printf (_("The endpoint’s port %u"), port);
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;
  g_autofree char *remedy = NULL;
  guint other = 0;

  if (g_error_matches (error, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_PORT_IN_USE))
    {
      other = find_endpoint_port (listen, port + 1);
      remedy = taken_remedy (other);
      title = taken_title (name, port, TH_PORT_TCP);
      detail = without_endpoint (remedy);
      add (problems, "endpoint-port-in-use", TH_SEVERITY_WARNING, title, detail, other);
    }
  else if (g_error_matches (error, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_PORT_FORBIDDEN))
    add_forbidden (problems, "endpoint-port-forbidden", TH_SEVERITY_WARNING, name, port,
                   _("Apps cannot fetch credentials."));
  else
    add (problems, "endpoint-failed", TH_SEVERITY_WARNING, _("Apps cannot fetch credentials"),
         error->message, 0);
}

void
th_problems_add_users (GListStore *problems, const GError *error)
{
  add (problems, "users", TH_SEVERITY_WARNING, _("The static users cannot be read"), error->message,
       0);
}

void
th_problems_add_certificate (GListStore *problems, const GError *error, gboolean in_use)
{
  /* Translators: %s is what is wrong with it, a sentence without its full stop */
  g_autofree char *detail = g_strdup_printf (
      in_use ? _("%s. The one before stays in use. Files that change are looked at again.")
             : _("%s. Until there is a good one, HTTPS is off. Files that change are looked at "
                 "again."),
      error->message);

  add (problems, "certificate", TH_SEVERITY_WARNING,
       in_use ? _("The new certificate cannot be used") : _("The certificate cannot be used"),
       detail, 0);
}

static char *
format_day (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time);
  /* Translators: how to write a date such as "21 November 2026", for g_date_time_format() */
  const char *form = _("%-d %B %Y");

  return date != NULL ? g_date_time_format (date, form) : g_strdup ("?");
}

static char *
expiry_title (const char *name, gint64 left)
{
  guint days = left < 0 ? 0 : (guint) (left / DAY);

  if (left < 0)
    /* Translators: %s is a DNS name */
    return g_strdup_printf (_("The certificate of %s has expired"), name);
  if (days == 0)
    /* Translators: %s is a DNS name */
    return g_strdup_printf (_("The certificate of %s expires within a day"), name);
  /* Translators: %1$s is a DNS name */
  return g_strdup_printf (ngettext ("The certificate of %1$s expires in %2$u day",
                                    "The certificate of %1$s expires in %2$u days", days),
                          name, days);
}

/* What happens then, and what to do. */
static char *
expiry_detail (gboolean over, gboolean renews, const char *day)
{
  if (renews)
    /* Translators: %s is a date */
    return g_strdup_printf (over ? _("It ended on %s. Clients refuse it, and it was not renewed.")
                                 : _("It ends on %s, and was not renewed yet."),
                            day);
  /* Translators: %s is a date */
  return g_strdup_printf (over ? _("It ended on %s. Clients refuse it. Renew it: it is taken as "
                                   "soon as its file changes.")
                               : _("It ends on %s. Clients will refuse it then. Renew it: it is "
                                   "taken as soon as its file changes."),
                          day);
}

void
th_problems_add_expiry (GListStore *problems,
                        const char *name,
                        gint64 not_after,
                        gint64 now,
                        gboolean renews)
{
  g_autofree char *day = format_day (not_after);
  g_autofree char *title = expiry_title (name, not_after - now);
  g_autofree char *detail = expiry_detail (now > not_after, renews, day);

  add (problems, renews ? "certificate-renewal" : "certificate-expiry", TH_SEVERITY_WARNING, title,
       detail, 0);
}

void
th_problems_add_certificate_name (GListStore *problems,
                                  const char *host,
                                  const char *const *names)
{
  g_autofree char *list = g_strjoinv (", ", (char **) names);
  /* Translators: %s is a DNS name */
  g_autofree char *title = g_strdup_printf (_("The certificate does not name %s"), host);
  /* Translators: DNS names: %1$s those of the certificate, %2$s the one that apps use */
  g_autofree char *detail =
      g_strdup_printf (_("It is for %1$s. Apps that are given %2$s refuse it. Choose a certificate "
                         "for that name."),
                       list, host);

  add (problems, "certificate-name", TH_SEVERITY_WARNING, title, detail, 0);
}

void
th_problems_add_acme (GListStore *problems, const ThAcmeTrouble *trouble)
{
  g_autoptr (ThProblem) problem =
      th_problem_new (trouble->id, TH_SEVERITY_WARNING, trouble->title, trouble->detail, NULL,
                      trouble->by_command);

  g_list_store_insert (problems, place_of (problems, trouble->id, TH_SEVERITY_WARNING), problem);
}

void
th_problems_add_loss (GListStore *problems, guint64 lost, const char *advice)
{
  g_autofree char *number = g_strdup_printf ("%'" G_GUINT64_FORMAT, lost);
  /* Translators: %s is a number */
  g_autofree char *title =
      g_strdup_printf (ngettext ("%s packet was lost: it came while the buffer was full",
                                 "%s packets were lost: they came faster than they could be read",
                                 lost),
                       number);

  add (problems, "packets-lost", TH_SEVERITY_WARNING, title, advice, 0);
}

/* "850 GB", "20 TB" */
static char *
format_amount (guint64 bytes)
{
  gboolean tera = bytes >= G_GUINT64_CONSTANT (999500000000);
  g_autofree char *number = g_strdup_printf ("%.3g", (double) bytes / (tera ? 1e12 : 1e9));

  /* Translators: an amount of data */
  return g_strdup_printf (tera ? _("%s TB") : _("%s GB"), number);
}

void
th_problems_add_plan (GListStore *problems, const ThTrafficTotals *totals, guint64 plan)
{
  guint percent = th_traffic_totals_get_percent (totals, plan);
  g_autofree char *sent = format_amount (totals->month);
  g_autofree char *allowed = format_amount (plan);
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;

  if (percent >= 100)
    {
      title = g_strdup (_("This month’s traffic plan is used up"));
      /* Translators: amounts of data: what was sent, what may be sent */
      detail = g_strdup_printf (_("%1$s of %2$s were sent. The relay goes on; your provider may "
                                  "slow it down or charge for more."),
                                sent, allowed);
    }
  else
    {
      title = g_strdup_printf (_("%u %% of this month’s traffic plan is used"), percent);
      /* Translators: amounts of data: what was sent, what may be sent */
      detail = g_strdup_printf (_("%1$s of %2$s were sent."), sent, allowed);
    }
  add (problems, "traffic-plan", TH_SEVERITY_WARNING, title, detail, 0);
}

void
th_problems_remove (GListStore *problems, const char *id_prefix)
{
  GListModel *model = G_LIST_MODEL (problems);

  for (guint i = g_list_model_get_n_items (model); i-- > 0;)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (model, i);

      if (g_str_has_prefix (th_problem_get_id (problem), id_prefix))
        g_list_store_remove (problems, i);
    }
}
