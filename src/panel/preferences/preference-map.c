/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The words of the preferences. Who adds a row to the settings table adds it here, too: a test
 * asks for it.
 */
#include "panel/preferences/preference-map.h"

#include <glib/gi18n.h>

static const ThPreferencePageInfo pages[TH_N_PREFERENCE_PAGES] = {
  [TH_PREFERENCE_PAGE_RELAY] = { N_("Relay"), "turnhouse-server-symbolic" },
  [TH_PREFERENCE_PAGE_LIMITS] = { N_("Limits"), "turnhouse-limits-symbolic" },
  [TH_PREFERENCE_PAGE_ENDPOINT] = { N_("Endpoint"), "turnhouse-endpoint-symbolic" },
  [TH_PREFERENCE_PAGE_CREDENTIALS] = { N_("Credentials"), "turnhouse-credentials-symbolic" },
};

static const char *const tls_labels[] = {
  [TH_SETTING_TLS_1_2] = "TLS 1.2",
  [TH_SETTING_TLS_1_3] = "TLS 1.3",
  NULL,
};

static const char *const rotate_labels[] = {
  [TH_SETTING_ROTATE_NEVER] = N_("Never"),
  [TH_SETTING_ROTATE_DAILY] = N_("Every day"),
  [TH_SETTING_ROTATE_WEEKLY] = N_("Every week"),
  [TH_SETTING_ROTATE_MONTHLY] = N_("Every month"),
  NULL,
};

/* clang-format off */
static const ThPreference preferences[] = {
  {
    TH_SETTING_RELAY_PORT, TH_PREFERENCE_PAGE_RELAY, N_("Ports and Addresses"),
    .title = N_("Port"),
    .help = N_("Apps reach the relay here, over UDP and TCP. 0 turns it off."),
  },
  {
    TH_SETTING_RELAY_EXTRA_UDP_PORTS, TH_PREFERENCE_PAGE_RELAY, N_("Ports and Addresses"),
    .title = N_("More UDP ports"),
    .help = N_("For networks that block the usual one"),
    .example = "443",
    .nothing = N_("None"),
  },
  {
    TH_SETTING_RELAY_TLS_PORT, TH_PREFERENCE_PAGE_RELAY, N_("Ports and Addresses"),
    .title = N_("Port for TLS"),
    .help = N_("For networks that let only encrypted connections out. 0 turns it off."),
  },
  {
    TH_SETTING_RELAY_EXTRA_TLS_PORTS, TH_PREFERENCE_PAGE_RELAY, N_("Ports and Addresses"),
    .title = N_("More TLS ports"),
    .help = N_("443 looks like a website to strict networks"),
    .example = "443",
    .nothing = N_("None"),
  },
  {
    TH_SETTING_RELAY_RELAY_PORTS, TH_PREFERENCE_PAGE_RELAY, N_("Ports and Addresses"),
    .title = N_("Ports for calls"),
    .help = N_("UDP ports that carry calls, first and last. Open all of them in the firewall."),
  },
  {
    TH_SETTING_RELAY_LISTEN, TH_PREFERENCE_PAGE_RELAY, N_("Ports and Addresses"),
    .title = N_("Listen on"),
    .help = N_("Addresses of this machine on which apps reach the relay"),
    .example = "192.0.2.1",
    .nothing = N_("All addresses of this machine"),
  },
  {
    TH_SETTING_RELAY_EXTERNAL_ADDRESS, TH_PREFERENCE_PAGE_RELAY, N_("Ports and Addresses"),
    .title = N_("Address seen from outside"),
    .help = N_("Behind a router, the router’s address. Where this machine has several addresses, "
               "write the outer one, a slash and the inner one."),
    .example = "203.0.113.7",
    .nothing = N_("Found by the relay itself"),
  },
  {
    TH_SETTING_RELAY_SERVER_NAME, TH_PREFERENCE_PAGE_RELAY, N_("Names"),
    .title = N_("Server name"),
    .help = N_("DNS name of this machine. Apps are given it in place of an address."),
    .example = "turn.example.org",
  },
  {
    TH_SETTING_RELAY_REALM, TH_PREFERENCE_PAGE_RELAY, N_("Names"),
    .title = N_("Realm"),
    .help = N_("Apps are told it when they sign in. After a change, users need new passwords."),
  },
  {
    TH_SETTING_RELAY_ALLOW_LAN_PEERS, TH_PREFERENCE_PAGE_RELAY, N_("Where Calls May Lead"),
    .title = N_("Devices in private networks"),
    .help = N_("Let calls reach private addresses, such as other machines at home"),
  },
  {
    TH_SETTING_RELAY_ALLOW_PEERS, TH_PREFERENCE_PAGE_RELAY, N_("Where Calls May Lead"),
    .title = N_("Open networks"),
    .help = N_("Calls may reach these, although they are closed by default."),
    .example = "192.168.1.0/24",
    .nothing = N_("No more than the public internet"),
  },
  {
    TH_SETTING_RELAY_DENY_PEERS, TH_PREFERENCE_PAGE_RELAY, N_("Where Calls May Lead"),
    .title = N_("Closed networks"),
    .help = N_("Calls may never reach these, even if they are open as well."),
    .example = "198.51.100.0/24",
    .nothing = N_("None but those that are closed by default"),
  },
  {
    TH_SETTING_RELAY_WORKERS, TH_PREFERENCE_PAGE_RELAY, N_("Performance"),
    .title = N_("Threads"),
    .help = N_("How many move packets. Automatic: one for each processor; 0: the window’s own."),
  },
  {
    TH_SETTING_ICE_TEST_HOURLY, TH_PREFERENCE_PAGE_RELAY, N_("Self-Test"),
    .title = N_("Test every hour"),
    .help = N_("Finds out by itself whether calls get through, and tells when they stop to"),
  },

  {
    TH_SETTING_LIMITS_ALLOCATIONS, TH_PREFERENCE_PAGE_LIMITS, N_("Calls"),
    .title = N_("At one time"),
    .help = N_("How many calls there can be. 0: as many as there are ports for calls."),
  },
  {
    TH_SETTING_LIMITS_USER_QUOTA, TH_PREFERENCE_PAGE_LIMITS, N_("Calls"),
    .title = N_("Of one user"),
    .help = N_("How many a user may have at one time. 0: no limit."),
  },
  {
    TH_SETTING_LIMITS_TOTAL_QUOTA, TH_PREFERENCE_PAGE_LIMITS, N_("Calls"),
    .title = N_("Of all users"),
    .help = N_("Apps are told when this quota is reached. 0: no limit."),
  },
  {
    TH_SETTING_LIMITS_PERMISSIONS, TH_PREFERENCE_PAGE_LIMITS, N_("Calls"),
    .title = N_("Addresses in one call"),
    .help = N_("With how many others a call may exchange packets"),
  },
  {
    TH_SETTING_LIMITS_CONNECTIONS, TH_PREFERENCE_PAGE_LIMITS, N_("Protection"),
    .title = N_("TCP connections"),
    .help = N_("How many there can be at one time"),
  },
  {
    TH_SETTING_LIMITS_UNAUTHORIZED_PER_SECOND, TH_PREFERENCE_PAGE_LIMITS, N_("Protection"),
    .title = N_("Answers to strangers"),
    .help = N_("To one network without credentials, so that nobody can flood others through this "
               "relay. 0: no limit."),
    .unit = N_("per second"),
  },
  {
    TH_SETTING_TRAFFIC_PLAN_LIMIT, TH_PREFERENCE_PAGE_LIMITS, N_("Traffic"),
    .title = N_("Monthly plan"),
    .help = N_("What may be sent in a month. There is a warning at 80 %, and when it is used up. "
               "0: no limit."),
    .unit = N_("GB"),
  },

  {
    TH_SETTING_ENDPOINT_PORT, TH_PREFERENCE_PAGE_ENDPOINT, N_("Address"),
    .title = N_("Endpoint port"),
    .help = N_("Apps fetch credentials here, over HTTP and HTTPS. 0 turns it off."),
  },
  {
    TH_SETTING_ENDPOINT_LISTEN, TH_PREFERENCE_PAGE_ENDPOINT, N_("Address"),
    .title = N_("Endpoint addresses"),
    .help = N_("Addresses of this machine on which apps may ask; 0.0.0.0 and :: are all"),
    .example = "0.0.0.0",
    .nothing = N_("None"),
  },
  {
    TH_SETTING_ENDPOINT_TRUST_LOOPBACK, TH_PREFERENCE_PAGE_ENDPOINT, N_("Who May Ask"),
    .title = N_("Trust this machine"),
    .help = N_("Programs that run here need no token"),
  },
  {
    TH_SETTING_ENDPOINT_CORS_ORIGINS, TH_PREFERENCE_PAGE_ENDPOINT, N_("Who May Ask"),
    .title = N_("Web pages"),
    .help = N_("Pages that may ask from a browser; * is every page"),
    .example = "https://app.example.org",
    .nothing = N_("None"),
  },
  {
    TH_SETTING_ENDPOINT_REQUESTS_PER_MINUTE, TH_PREFERENCE_PAGE_ENDPOINT, N_("Who May Ask"),
    .title = N_("Requests of one app"),
    .help = N_("More are refused for a while. 0: no limit."),
    .unit = N_("per minute"),
  },
  {
    TH_SETTING_ENDPOINT_METRICS, TH_PREFERENCE_PAGE_ENDPOINT, N_("Who May Ask"),
    .title = N_("Metrics"),
    .help = N_("Serve /metrics for Prometheus, to this machine and to apps with a token"),
  },
  {
    TH_SETTING_ENDPOINT_HOST, TH_PREFERENCE_PAGE_ENDPOINT, N_("What Apps Are Given"),
    .title = N_("Host"),
    .help = N_("Name or address of this relay. Empty: the server name, else the address seen from "
               "outside."),
    .example = "turn.example.org",
  },
  {
    TH_SETTING_ENDPOINT_HYBRID, TH_PREFERENCE_PAGE_ENDPOINT, N_("What Apps Are Given"),
    .title = N_("Public STUN servers first"),
    .help = N_("Apps try the servers below before this relay"),
  },
  {
    TH_SETTING_ENDPOINT_FALLBACK_STUN, TH_PREFERENCE_PAGE_ENDPOINT, N_("What Apps Are Given"),
    .title = N_("Public STUN servers"),
    .help = N_("They only tell an app its own address, and carry no call"),
    .example = "stun:stun.example.org:3478",
    .nothing = N_("None"),
  },
  {
    TH_SETTING_ENDPOINT_MAX_TTL, TH_PREFERENCE_PAGE_ENDPOINT, N_("What Apps Are Given"),
    .title = N_("Longest lifetime"),
    .help = N_("Credentials last no longer, whatever an app asks for"),
    .duration = TRUE,
  },
  {
    TH_SETTING_TLS_CERTIFICATE, TH_PREFERENCE_PAGE_ENDPOINT, N_("Encryption"),
    .title = N_("Certificate"),
    .help = N_("File with the certificate and its chain (PEM). Empty: a self-signed one is made, "
               "which apps on other machines do not trust."),
    .example = "/etc/letsencrypt/live/turn.example.org/fullchain.pem",
  },
  {
    TH_SETTING_TLS_PRIVATE_KEY, TH_PREFERENCE_PAGE_ENDPOINT, N_("Encryption"),
    .title = N_("Private key"),
    .help = N_("File with the key of the certificate (PEM), without a passphrase"),
    .example = "/etc/letsencrypt/live/turn.example.org/privkey.pem",
  },
  {
    TH_SETTING_TLS_MIN_VERSION, TH_PREFERENCE_PAGE_ENDPOINT, N_("Encryption"),
    .title = N_("Oldest version"),
    .help = N_("Apps that speak only older versions of TLS are refused"),
    .choices = tls_labels,
  },

  {
    TH_SETTING_CREDENTIALS_TTL, TH_PREFERENCE_PAGE_CREDENTIALS, N_("Temporary Credentials"),
    .title = N_("Lifetime"),
    .help = N_("How long a credential opens the relay"),
    .duration = TRUE,
  },
  {
    TH_SETTING_RELAY_STRICT_EXPIRY, TH_PREFERENCE_PAGE_CREDENTIALS, N_("Temporary Credentials"),
    .title = N_("End calls with their credential"),
    .help = N_("Otherwise calls go on, and only new ones are refused"),
  },
  {
    TH_SETTING_CREDENTIALS_ROTATE, TH_PREFERENCE_PAGE_CREDENTIALS, N_("Shared Secret"),
    .title = N_("Rotate by itself"),
    .help = N_("When a fresh secret takes over"),
    .choices = rotate_labels,
  },
  {
    TH_SETTING_CREDENTIALS_GRACE, TH_PREFERENCE_PAGE_CREDENTIALS, N_("Shared Secret"),
    .title = N_("Old secrets last"),
    .help = N_("After a rotation, so that apps have time to get the new one. 0: they end at once."),
    .duration = TRUE,
  },
};
/* clang-format on */

static const char made_here[] =
    "The Credentials page makes, shows and rotates it; the table keeps it out of GSettings";
static const char listed_there[] =
    "The Credentials page lists them, and adds and removes single ones";
static const char for_servers[] =
    "Stands in place of a secret in the configuration of a server without a window";

/* What only someone with a configuration file needs, or what another page does better. */
static const char *const left_out[TH_N_SETTINGS] = {
  [TH_SETTING_CREDENTIALS_SECRET] = made_here,
  [TH_SETTING_CREDENTIALS_SECRET_FILE] = for_servers,
  [TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS] = made_here,
  [TH_SETTING_CREDENTIALS_API_KEY] = made_here,
  [TH_SETTING_CREDENTIALS_API_SECRET] = made_here,
  [TH_SETTING_CREDENTIALS_API_SECRET_FILE] = for_servers,
  [TH_SETTING_CREDENTIALS_USERS] = listed_there,
  [TH_SETTING_CREDENTIALS_USERS_FILE] = for_servers,
  [TH_SETTING_ENDPOINT_TOKENS] = listed_there,
  [TH_SETTING_ENDPOINT_TOKENS_FILE] = for_servers,
};

const ThPreferencePageInfo *
th_preference_page_get_info (ThPreferencePage page)
{
  g_return_val_if_fail (page < TH_N_PREFERENCE_PAGES, &pages[0]);
  return &pages[page];
}

guint
th_preferences_get_n (void)
{
  return G_N_ELEMENTS (preferences);
}

const ThPreference *
th_preferences_get (guint i)
{
  g_return_val_if_fail (i < G_N_ELEMENTS (preferences), &preferences[0]);
  return &preferences[i];
}

const char *
th_preference_why_left_out (ThSetting setting)
{
  g_return_val_if_fail (setting < TH_N_SETTINGS, NULL);
  return left_out[setting];
}

ThPreferenceWidget
th_preference_get_widget (const ThPreference *self)
{
  switch (th_setting_get_row (self->setting)->type)
    {
    case TH_SETTING_TYPE_BOOLEAN:
      return TH_PREFERENCE_WIDGET_SWITCH;
    case TH_SETTING_TYPE_INTEGER:
    case TH_SETTING_TYPE_AUTO_INTEGER:
      return TH_PREFERENCE_WIDGET_NUMBER;
    case TH_SETTING_TYPE_CHOICE:
      return TH_PREFERENCE_WIDGET_CHOICE;
    case TH_SETTING_TYPE_PORT: /* nobody counts to a port, so it has no steps */
    case TH_SETTING_TYPE_REALM:
    case TH_SETTING_TYPE_HOST_NAME:
    case TH_SETTING_TYPE_HOST:
      return TH_PREFERENCE_WIDGET_ENTRY;
    case TH_SETTING_TYPE_PATH:
      return TH_PREFERENCE_WIDGET_PATH;
    case TH_SETTING_TYPE_PORT_RANGE:
      return TH_PREFERENCE_WIDGET_RANGE;
    case TH_SETTING_TYPE_PORT_LIST:
    case TH_SETTING_TYPE_ADDRESS_LIST:
    case TH_SETTING_TYPE_EXTERNAL_LIST:
    case TH_SETTING_TYPE_CIDR_LIST:
    case TH_SETTING_TYPE_ORIGIN_LIST:
    case TH_SETTING_TYPE_STUN_URL_LIST:
      return TH_PREFERENCE_WIDGET_LIST;
    case TH_SETTING_TYPE_SECRET:
    case TH_SETTING_TYPE_SECRET_LIST:
    case TH_SETTING_TYPE_PAIR_LIST:
      break; /* secrets are never typed in here */
    }
  return TH_PREFERENCE_WIDGET_NONE;
}

const char *
th_preference_translate (const char *text)
{
  return text ? _(text) : NULL;
}
