/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of settings: every setting there is, once, with its place in the key file, its type,
 * range, default and one line of help. The key file, the GSettings schema, the sample that --init
 * writes and the panel all read this table. Constant; any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  TH_SETTING_RELAY_LISTEN,
  TH_SETTING_RELAY_PORT,
  TH_SETTING_RELAY_TLS_PORT,
  TH_SETTING_RELAY_EXTRA_UDP_PORTS,
  TH_SETTING_RELAY_EXTRA_TLS_PORTS,
  TH_SETTING_RELAY_RELAY_PORTS,
  TH_SETTING_RELAY_EXTERNAL_ADDRESS,
  TH_SETTING_RELAY_REALM,
  TH_SETTING_RELAY_SERVER_NAME,
  TH_SETTING_RELAY_WORKERS,
  TH_SETTING_RELAY_ALLOW_PEERS,
  TH_SETTING_RELAY_DENY_PEERS,
  TH_SETTING_RELAY_ALLOW_LAN_PEERS,
  TH_SETTING_RELAY_STRICT_EXPIRY,

  TH_SETTING_LIMITS_ALLOCATIONS,
  TH_SETTING_LIMITS_USER_QUOTA,
  TH_SETTING_LIMITS_TOTAL_QUOTA,
  TH_SETTING_LIMITS_UNAUTHORIZED_PER_SECOND,
  TH_SETTING_LIMITS_CONNECTIONS,
  TH_SETTING_LIMITS_PERMISSIONS,

  TH_SETTING_TLS_CERTIFICATE,
  TH_SETTING_TLS_PRIVATE_KEY,
  TH_SETTING_TLS_MIN_VERSION,

  TH_SETTING_CREDENTIALS_SECRET,
  TH_SETTING_CREDENTIALS_SECRET_FILE,
  TH_SETTING_CREDENTIALS_PREVIOUS_SECRETS,
  TH_SETTING_CREDENTIALS_TTL,
  TH_SETTING_CREDENTIALS_GRACE,
  TH_SETTING_CREDENTIALS_ROTATE,
  TH_SETTING_CREDENTIALS_API_KEY,
  TH_SETTING_CREDENTIALS_API_SECRET,
  TH_SETTING_CREDENTIALS_API_SECRET_FILE,
  TH_SETTING_CREDENTIALS_USERS,
  TH_SETTING_CREDENTIALS_USERS_FILE,

  TH_SETTING_ENDPOINT_LISTEN,
  TH_SETTING_ENDPOINT_PORT,
  TH_SETTING_ENDPOINT_TOKENS,
  TH_SETTING_ENDPOINT_TOKENS_FILE,
  TH_SETTING_ENDPOINT_TRUST_LOOPBACK,
  TH_SETTING_ENDPOINT_CORS_ORIGINS,
  TH_SETTING_ENDPOINT_HYBRID,
  TH_SETTING_ENDPOINT_FALLBACK_STUN,
  TH_SETTING_ENDPOINT_MAX_TTL,
  TH_SETTING_ENDPOINT_HOST,
  TH_SETTING_ENDPOINT_REQUESTS_PER_MINUTE,
  TH_SETTING_ENDPOINT_METRICS,

  TH_SETTING_TRAFFIC_PLAN_LIMIT,

  TH_SETTING_ICE_TEST_HOURLY,

  TH_N_SETTINGS
} ThSetting;

typedef enum {
  TH_SETTING_TYPE_BOOLEAN,
  TH_SETTING_TYPE_INTEGER,         /* minimum to maximum */
  TH_SETTING_TYPE_AUTO_INTEGER,    /* the same, or "auto", which reads as -1 */
  TH_SETTING_TYPE_PORT,            /* 0 (off) to 65535 */
  TH_SETTING_TYPE_CHOICE,          /* one of a few words; its place among them as an integer */
  TH_SETTING_TYPE_PORT_RANGE,      /* "FIRST-LAST" */
  TH_SETTING_TYPE_REALM,           /* what STUN's REALM can carry (RFC 8489, section 14.9) */
  TH_SETTING_TYPE_HOST_NAME,       /* a DNS name, or empty */
  TH_SETTING_TYPE_HOST,            /* a DNS name or a numeric address, or empty */
  TH_SETTING_TYPE_SECRET,          /* 1 to 1024 bytes, no control characters */
  TH_SETTING_TYPE_PATH,            /* relative to the folder of the key file; or empty */
  TH_SETTING_TYPE_PORT_LIST,       /* 1 to 65535 each */
  TH_SETTING_TYPE_ADDRESS_LIST,    /* numeric addresses */
  TH_SETTING_TYPE_EXTERNAL_LIST,   /* "auto" alone, or addresses, or external/internal pairs */
  TH_SETTING_TYPE_CIDR_LIST,       /* "192.0.2.0/24", or an address alone */
  TH_SETTING_TYPE_ORIGIN_LIST,     /* "https://app.example.org", or "*" */
  TH_SETTING_TYPE_STUN_URL_LIST,   /* "stun:HOST[:PORT]" */
  TH_SETTING_TYPE_SECRET_LIST,     /* as TH_SETTING_TYPE_SECRET */
  TH_SETTING_TYPE_PAIR_LIST,       /* "name:value", split at the first colon */
} ThSettingType;

/* What the words of TH_SETTING_CREDENTIALS_ROTATE read as. */
typedef enum {
  TH_SETTING_ROTATE_NEVER,
  TH_SETTING_ROTATE_DAILY,
  TH_SETTING_ROTATE_WEEKLY,
  TH_SETTING_ROTATE_MONTHLY,
} ThSettingRotate;

/* What the words of TH_SETTING_TLS_MIN_VERSION read as. */
typedef enum {
  TH_SETTING_TLS_1_2,
  TH_SETTING_TLS_1_3,
} ThSettingTls;

/* How many items a list may have where its row does not say. */
#define TH_SETTING_ITEMS_MAX 1024

/* All types from here on are lists. */
#define TH_SETTING_TYPE_FIRST_LIST TH_SETTING_TYPE_PORT_LIST

typedef struct {
  const char *group; /* "relay" */
  const char *key;   /* "port" */
  const char *name;  /* "relay-port": the key in GSettings and the detail of "changed" */
  ThSettingType type;
  gint64 minimum, maximum; /* of integers; of lists: how many items, maximum 0 is the usual cap */
  const char *const *choices; /* of TH_SETTING_TYPE_CHOICE; NULL-terminated */
  const char *fallback;    /* the default, as it would stand in a key file */
  gboolean secret;         /* never shown in errors, never in the GSettings schema */
  const char *help;        /* one line */
} ThSettingRow;

/* (transfer none): never NULL for a valid @setting */
const ThSettingRow *th_setting_get_row (ThSetting setting);

static inline gboolean
th_setting_row_is_list (const ThSettingRow *row)
{
  return row->type >= TH_SETTING_TYPE_FIRST_LIST;
}

/* TRUE, and which, if there is such a key in such a group */
gboolean th_setting_find (const char *group, const char *key, ThSetting *setting);

/* TRUE, and which, if a file may be named in place of @setting: "secret-file" for "secret" */
gboolean th_setting_find_file (ThSetting setting, ThSetting *file);

G_END_DECLS
