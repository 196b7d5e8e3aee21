/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of the settings table. Who adds a setting adds its name to ThSetting and its row here,
 * and it exists everywhere: key file, schema, sample and error messages. The panel asks for one
 * thing more, its words for people: panel/preferences/preference-map.c.
 */
#include "settings/table.h"

#define TEN_YEARS (10 * 365 * 86400)

static const char *const rotate_choices[] = {
  [TH_SETTING_ROTATE_NEVER] = "never",
  [TH_SETTING_ROTATE_DAILY] = "daily",
  [TH_SETTING_ROTATE_WEEKLY] = "weekly",
  [TH_SETTING_ROTATE_MONTHLY] = "monthly",
  NULL,
};

static const char *const tls_choices[] = {
  [TH_SETTING_TLS_1_2] = "1.2",
  [TH_SETTING_TLS_1_3] = "1.3",
  NULL,
};

/* What two rows share is written once: where a row stands and what it is called. */
#define PLACE(the_group, the_key)                                                                  \
  .group = the_group, .key = the_key, .name = the_group "-" the_key

/* clang-format off */
static const ThSettingRow rows[TH_N_SETTINGS] = {
  [TH_SETTING_RELAY_LISTEN] = {
    PLACE ("relay", "listen"),
    .type = TH_SETTING_TYPE_ADDRESS_LIST, .fallback = "",
    .help = "Addresses to listen on; empty: all addresses of this machine",
  },
  [TH_SETTING_RELAY_PORT] = {
    PLACE ("relay", "port"),
    .type = TH_SETTING_TYPE_PORT, .maximum = 65535, .fallback = "3478",
    .help = "Port for STUN and TURN over UDP and TCP; 0: off",
  },
  [TH_SETTING_RELAY_TLS_PORT] = {
    PLACE ("relay", "tls-port"),
    .type = TH_SETTING_TYPE_PORT, .maximum = 65535, .fallback = "5349",
    .help = "Port for TURN over TLS (TCP) and DTLS (UDP); 0: off",
  },
  [TH_SETTING_RELAY_EXTRA_UDP_PORTS] = {
    PLACE ("relay", "extra-udp-ports"),
    .type = TH_SETTING_TYPE_PORT_LIST, .fallback = "",
    .help = "Further UDP ports to listen on, for example 443",
  },
  [TH_SETTING_RELAY_EXTRA_TLS_PORTS] = {
    PLACE ("relay", "extra-tls-ports"),
    .type = TH_SETTING_TYPE_PORT_LIST, .fallback = "",
    .help = "Further ports for TURN over TLS and DTLS, for example 443",
  },
  [TH_SETTING_RELAY_RELAY_PORTS] = {
    PLACE ("relay", "relay-ports"),
    .type = TH_SETTING_TYPE_PORT_RANGE, .fallback = "49152-65535",
    .help = "UDP ports that relayed traffic uses, first and last; open them in the firewall",
  },
  [TH_SETTING_RELAY_EXTERNAL_ADDRESS] = {
    PLACE ("relay", "external-address"),
    .type = TH_SETTING_TYPE_EXTERNAL_LIST, .minimum = 1, .fallback = "auto",
    .help = "Addresses that peers see: auto, or addresses, or external/internal pairs behind NAT",
  },
  [TH_SETTING_RELAY_REALM] = {
    PLACE ("relay", "realm"),
    .type = TH_SETTING_TYPE_REALM, .fallback = "turnhouse",
    .help = "Realm that clients are told; keys of static users depend on it",
  },
  [TH_SETTING_RELAY_SERVER_NAME] = {
    PLACE ("relay", "server-name"),
    .type = TH_SETTING_TYPE_HOST_NAME, .fallback = "",
    .help = "DNS name of this server, for example turn.example.org",
  },
  [TH_SETTING_RELAY_WORKERS] = {
    PLACE ("relay", "workers"),
    .type = TH_SETTING_TYPE_AUTO_INTEGER, .maximum = 256, .fallback = "auto",
    .help = "Threads that move packets; auto: one per processor; 0: none, the main loop does it",
  },
  [TH_SETTING_RELAY_ALLOW_PEERS] = {
    PLACE ("relay", "allow-peers"),
    .type = TH_SETTING_TYPE_CIDR_LIST, .fallback = "",
    .help = "Networks that clients may reach though they are denied by default",
  },
  [TH_SETTING_RELAY_DENY_PEERS] = {
    PLACE ("relay", "deny-peers"),
    .type = TH_SETTING_TYPE_CIDR_LIST, .fallback = "",
    .help = "Further networks that clients may not reach",
  },
  [TH_SETTING_RELAY_ALLOW_LAN_PEERS] = {
    PLACE ("relay", "allow-lan-peers"),
    .type = TH_SETTING_TYPE_BOOLEAN, .fallback = "false",
    .help = "Let clients reach private addresses, such as other machines of the same network",
  },
  [TH_SETTING_RELAY_STRICT_EXPIRY] = {
    PLACE ("relay", "strict-expiry"),
    .type = TH_SETTING_TYPE_BOOLEAN, .fallback = "false",
    .help = "End sessions when their credentials expire, not only refuse new ones",
  },

  [TH_SETTING_LIMITS_ALLOCATIONS] = {
    PLACE ("limits", "allocations"),
    .type = TH_SETTING_TYPE_INTEGER, .maximum = 10000000, .fallback = "0",
    .help = "Most sessions at one time; 0: as many as there are relay ports",
  },
  [TH_SETTING_LIMITS_USER_QUOTA] = {
    PLACE ("limits", "user-quota"),
    .type = TH_SETTING_TYPE_INTEGER, .maximum = 10000000, .fallback = "50",
    .help = "Most sessions of one user at one time; 0: no limit",
  },
  [TH_SETTING_LIMITS_TOTAL_QUOTA] = {
    PLACE ("limits", "total-quota"),
    .type = TH_SETTING_TYPE_INTEGER, .maximum = 10000000, .fallback = "0",
    .help = "Most sessions of all users at one time, told to clients as a quota; 0: no limit",
  },
  [TH_SETTING_LIMITS_UNAUTHORIZED_PER_SECOND] = {
    PLACE ("limits", "unauthorized-per-second"),
    .type = TH_SETTING_TYPE_INTEGER, .maximum = 1000000, .fallback = "10",
    .help = "Answers per second to clients of one network that have no credentials; 0: no limit",
  },
  [TH_SETTING_LIMITS_CONNECTIONS] = {
    PLACE ("limits", "connections"),
    .type = TH_SETTING_TYPE_INTEGER, .minimum = 1, .maximum = 1000000, .fallback = "10000",
    .help = "Most TCP connections at one time",
  },
  [TH_SETTING_LIMITS_PERMISSIONS] = {
    PLACE ("limits", "permissions"),
    .type = TH_SETTING_TYPE_INTEGER, .minimum = 1, .maximum = 1024, .fallback = "256",
    .help = "Most permissions, and most channels, of one session",
  },

  [TH_SETTING_TLS_CERTIFICATE] = {
    PLACE ("tls", "certificate"),
    .type = TH_SETTING_TYPE_PATH, .fallback = "",
    .help = "Certificate with its chain (PEM); absent: a self-signed one is made and kept",
  },
  [TH_SETTING_TLS_PRIVATE_KEY] = {
    PLACE ("tls", "private-key"),
    .type = TH_SETTING_TYPE_PATH, .fallback = "",
    .help = "Private key of the certificate (PEM), without a passphrase",
  },
  [TH_SETTING_TLS_MIN_VERSION] = {
    PLACE ("tls", "min-version"),
    .type = TH_SETTING_TYPE_CHOICE, .choices = tls_choices, .fallback = "1.2",
    .help = "Oldest version of TLS that is spoken",
  },

  [TH_SETTING_CREDENTIALS_SECRET] = {
    PLACE ("credentials", "secret"),
    .type = TH_SETTING_TYPE_SECRET, .fallback = "", .secret = TRUE,
    .help = "Shared secret that credentials are made from; absent: one is made and kept",
  },
  [TH_SETTING_CREDENTIALS_SECRET_FILE] = {
    PLACE ("credentials", "secret-file"),
    .type = TH_SETTING_TYPE_PATH, .fallback = "",
    .help = "File with the shared secret, in place of secret",
  },
  [TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS] = {
    PLACE ("credentials", "previous-secrets"),
    .type = TH_SETTING_TYPE_SECRET_LIST, .maximum = 16, .fallback = "", .secret = TRUE,
    .help = "Older secrets whose credentials are still accepted",
  },
  [TH_SETTING_CREDENTIALS_TTL] = {
    PLACE ("credentials", "ttl"),
    .type = TH_SETTING_TYPE_INTEGER, .minimum = 1, .maximum = TEN_YEARS, .fallback = "86400",
    .help = "Lifetime of credentials in seconds",
  },
  [TH_SETTING_CREDENTIALS_GRACE] = {
    PLACE ("credentials", "grace"),
    .type = TH_SETTING_TYPE_INTEGER, .maximum = TEN_YEARS, .fallback = "86400",
    .help = "Seconds for which a secret that was replaced is still accepted",
  },
  [TH_SETTING_CREDENTIALS_ROTATE] = {
    PLACE ("credentials", "rotate"),
    .type = TH_SETTING_TYPE_CHOICE, .choices = rotate_choices, .fallback = "never",
    .help = "When a fresh shared secret takes over by itself: never, daily, weekly or monthly",
  },
  [TH_SETTING_CREDENTIALS_API_KEY] = {
    PLACE ("credentials", "api-key"),
    .type = TH_SETTING_TYPE_SECRET, .fallback = "", .secret = TRUE,
    .help = "Name of the API secret, in tokens as their issuer; absent: one is made and kept",
  },
  [TH_SETTING_CREDENTIALS_API_SECRET] = {
    PLACE ("credentials", "api-secret"),
    .type = TH_SETTING_TYPE_SECRET, .fallback = "", .secret = TRUE,
    .help = "Secret that signs tokens (JWT); absent: one is made and kept",
  },
  [TH_SETTING_CREDENTIALS_API_SECRET_FILE] = {
    PLACE ("credentials", "api-secret-file"),
    .type = TH_SETTING_TYPE_PATH, .fallback = "",
    .help = "File with the API secret, in place of api-secret",
  },
  [TH_SETTING_CREDENTIALS_USERS] = {
    PLACE ("credentials", "users"),
    .type = TH_SETTING_TYPE_PAIR_LIST, .fallback = "", .secret = TRUE,
    .help = "Static users as name:password",
  },
  [TH_SETTING_CREDENTIALS_USERS_FILE] = {
    PLACE ("credentials", "users-file"),
    .type = TH_SETTING_TYPE_PATH, .fallback = "",
    .help = "File with static users, one name:password a line, in place of users",
  },

  [TH_SETTING_ENDPOINT_LISTEN] = {
    PLACE ("endpoint", "listen"),
    .type = TH_SETTING_TYPE_ADDRESS_LIST, .minimum = 1, .fallback = "127.0.0.1",
    .help = "Addresses on which apps get credentials over HTTP; 0.0.0.0 and :: are all",
  },
  [TH_SETTING_ENDPOINT_PORT] = {
    PLACE ("endpoint", "port"),
    .type = TH_SETTING_TYPE_PORT, .maximum = 65535, .fallback = "8489",
    .help = "Port of the HTTP endpoint; 0: off",
  },
  [TH_SETTING_ENDPOINT_TOKENS] = {
    PLACE ("endpoint", "tokens"),
    .type = TH_SETTING_TYPE_PAIR_LIST, .fallback = "", .secret = TRUE,
    .help = "Apps that may ask for credentials, as name:token",
  },
  [TH_SETTING_ENDPOINT_TOKENS_FILE] = {
    PLACE ("endpoint", "tokens-file"),
    .type = TH_SETTING_TYPE_PATH, .fallback = "",
    .help = "File with tokens, one name:token a line, in place of tokens",
  },
  [TH_SETTING_ENDPOINT_TRUST_LOOPBACK] = {
    PLACE ("endpoint", "trust-loopback"),
    .type = TH_SETTING_TYPE_BOOLEAN, .fallback = "true",
    .help = "Let programs of this machine ask without a token",
  },
  [TH_SETTING_ENDPOINT_CORS_ORIGINS] = {
    PLACE ("endpoint", "cors-origins"),
    .type = TH_SETTING_TYPE_ORIGIN_LIST, .fallback = "",
    .help = "Web pages that may ask from a browser, for example https://app.example.org; *: all",
  },
  [TH_SETTING_ENDPOINT_HYBRID] = {
    PLACE ("endpoint", "hybrid"),
    .type = TH_SETTING_TYPE_BOOLEAN, .fallback = "true",
    .help = "Name the fallback STUN servers before this relay in what apps get",
  },
  [TH_SETTING_ENDPOINT_FALLBACK_STUN] = {
    PLACE ("endpoint", "fallback-stun"),
    .type = TH_SETTING_TYPE_STUN_URL_LIST, .fallback = "stun:stun.l.google.com:19302",
    .help = "Public STUN servers for hybrid; empty: none",
  },
  [TH_SETTING_ENDPOINT_MAX_TTL] = {
    PLACE ("endpoint", "max-ttl"),
    .type = TH_SETTING_TYPE_INTEGER, .minimum = 1, .maximum = TEN_YEARS, .fallback = "86400",
    .help = "Longest lifetime in seconds that an app may ask for",
  },
  [TH_SETTING_ENDPOINT_HOST] = {
    PLACE ("endpoint", "host"),
    .type = TH_SETTING_TYPE_HOST, .fallback = "",
    .help = "Name or address put in the URLs; empty: server-name, else the external address",
  },
  [TH_SETTING_ENDPOINT_REQUESTS_PER_MINUTE] = {
    PLACE ("endpoint", "requests-per-minute"),
    .type = TH_SETTING_TYPE_INTEGER, .maximum = 1000000, .fallback = "60",
    .help = "Most requests of one caller per minute; 0: no limit",
  },
  [TH_SETTING_ENDPOINT_METRICS] = {
    PLACE ("endpoint", "metrics"),
    .type = TH_SETTING_TYPE_BOOLEAN, .fallback = "true",
    .help = "Serve /metrics for Prometheus, to this machine and to apps with a token",
  },

  [TH_SETTING_TRAFFIC_PLAN_LIMIT] = {
    PLACE ("traffic", "plan-limit"),
    .type = TH_SETTING_TYPE_INTEGER, .maximum = 1000000000, .fallback = "0",
    .help = "What may be sent in a month, in GB; warns at 80 % and 100 % of it; 0: no limit",
  },

  [TH_SETTING_ICE_TEST_HOURLY] = {
    PLACE ("ice-test", "hourly"),
    .type = TH_SETTING_TYPE_BOOLEAN, .fallback = "true",
    .help = "Test this relay every hour; the panel does unless told otherwise, a server where told to",
  },
};
/* clang-format on */

const ThSettingRow *
th_setting_get_row (ThSetting setting)
{
  g_return_val_if_fail (setting < TH_N_SETTINGS, &rows[0]);
  return &rows[setting];
}

gboolean
th_setting_find (const char *group, const char *key, ThSetting *setting)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (g_str_equal (rows[i].group, group) && g_str_equal (rows[i].key, key))
      {
        *setting = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
th_setting_find_file (ThSetting setting, ThSetting *file)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  g_autofree char *key = g_strconcat (row->key, "-file", NULL);

  return th_setting_find (row->group, key, file);
}
