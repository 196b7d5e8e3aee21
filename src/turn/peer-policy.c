/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The judgement of peers: the rules of the operator first, then the tables of what the registries
 * of special-purpose addresses hold, on the address itself and on any IPv4 address inside it.
 */
#include "turn/peer-policy.h"

#include <glib/gi18n.h>
#include <string.h>

#include "turn/cidr.h"
#include "turn/embedded-ipv4.h"

G_DEFINE_QUARK (th-peer-policy-error-quark, th_peer_policy_error)

typedef struct {
  const char *network;
  ThPeerVerdict verdict;
} SpecialBlock;

/*
 * IANA's IPv4 and IPv6 special-purpose address registries (RFC 6890, RFC 8190 and what was entered
 * since), multicast, and a few addresses at which clouds serve secrets to their machines. The first
 * block that contains an address counts, so exceptions stand before the block they are in. What the
 * registries call globally reachable is allowed, but not the anycast services among it (PCP, TURN,
 * SRP): they are answered by the relay's own network.
 */
static const SpecialBlock ipv4_blocks[] = {
  { "0.0.0.0/8", TH_PEER_DENIED_SPECIAL },     /* this network */
  { "10.0.0.0/8", TH_PEER_DENIED_LAN },        /* private */
  { "100.64.0.0/10", TH_PEER_DENIED_SPECIAL }, /* shared, behind carriers' NATs */
  { "127.0.0.0/8", TH_PEER_DENIED_LOOPBACK },
  { "168.63.129.16/32", TH_PEER_DENIED_SPECIAL }, /* Azure's host */
  { "169.254.0.0/16", TH_PEER_DENIED_SPECIAL },   /* link-local, metadata services */
  { "172.16.0.0/12", TH_PEER_DENIED_LAN },        /* private */
  { "192.0.0.0/24", TH_PEER_DENIED_SPECIAL },     /* protocol assignments, PCP and TURN anycast */
  { "192.0.2.0/24", TH_PEER_DENIED_SPECIAL },     /* documentation */
  { "192.88.99.0/24", TH_PEER_DENIED_SPECIAL },   /* 6to4 relays, withdrawn */
  { "192.168.0.0/16", TH_PEER_DENIED_LAN },       /* private */
  { "198.18.0.0/15", TH_PEER_DENIED_SPECIAL },    /* benchmarking */
  { "198.51.100.0/24", TH_PEER_DENIED_SPECIAL },  /* documentation */
  { "203.0.113.0/24", TH_PEER_DENIED_SPECIAL },   /* documentation */
  { "224.0.0.0/4", TH_PEER_DENIED_SPECIAL },      /* multicast */
  { "240.0.0.0/4", TH_PEER_DENIED_SPECIAL },      /* class E, broadcast */
  { "0.0.0.0/0", TH_PEER_ALLOWED },
};

static const SpecialBlock ipv6_blocks[] = {
  { "::1/128", TH_PEER_DENIED_LOOPBACK },
  { "64:ff9b::/96", TH_PEER_ALLOWED },                  /* NAT64: the IPv4 inside decides */
  { "2001:3::/32", TH_PEER_ALLOWED },                   /* AMT */
  { "2001:4:112::/48", TH_PEER_ALLOWED },               /* AS112 */
  { "2001:20::/28", TH_PEER_ALLOWED },                  /* ORCHIDv2 */
  { "2001:30::/28", TH_PEER_ALLOWED },                  /* drone remote identification */
  { "2001::/23", TH_PEER_DENIED_SPECIAL },              /* protocol assignments, Teredo, tests */
  { "2001:db8::/32", TH_PEER_DENIED_SPECIAL },          /* documentation */
  { "3fff::/20", TH_PEER_DENIED_SPECIAL },              /* documentation */
  { "2000::/3", TH_PEER_ALLOWED },                      /* global unicast, 6to4 included */
  { "fd00:42::42/128", TH_PEER_DENIED_SPECIAL },        /* Scaleway's metadata */
  { "fd00:c1::a9fe:a9fe/128", TH_PEER_DENIED_SPECIAL }, /* Oracle's */
  { "fd00:100::100:200/128", TH_PEER_DENIED_SPECIAL },  /* Alibaba's */
  { "fd00:ec2::/32", TH_PEER_DENIED_SPECIAL },          /* Amazon's, with its other services */
  { "fd00:a9fe:a9fe::1/128", TH_PEER_DENIED_SPECIAL },  /* Akamai's */
  { "fd20:ce::254/128", TH_PEER_DENIED_SPECIAL },       /* Google's */
  { "fc00::/7", TH_PEER_DENIED_LAN },                   /* unique local */
  /* Link-local, site-local, multicast, segment routing, discard-only, mapped and compatible IPv4
   * and local-use NAT64: all of it lies outside 2000::/3, with what nobody was given yet. */
  { "::/0", TH_PEER_DENIED_SPECIAL },
};

struct _ThPeerPolicy {
  gatomicrefcount references;
  GArray *allow; /* ThCidr */
  GArray *deny;  /* ThCidr */
  gboolean allow_lan;
  ThCidr ipv4_networks[G_N_ELEMENTS (ipv4_blocks)]; /* the tables' networks, parsed */
  ThCidr ipv6_networks[G_N_ELEMENTS (ipv6_blocks)];
};

static void
parse_blocks (const SpecialBlock *blocks, gsize n_blocks, ThCidr *networks)
{
  for (gsize i = 0; i < n_blocks; i++)
    {
      if (!th_cidr_parse (blocks[i].network, &networks[i], NULL))
        g_assert_not_reached ();
    }
}

static gboolean
parse_rules (GArray *rules, const char *const *texts, ThPeerPolicyError code, GError **error)
{
  for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      g_autoptr (GError) reason = NULL;
      ThCidr rule;

      if (!th_cidr_parse (texts[i], &rule, &reason))
        {
          g_set_error_literal (error, TH_PEER_POLICY_ERROR, (gint) code, reason->message);
          return FALSE;
        }
      g_array_append_val (rules, rule);
    }
  return TRUE;
}

/* Who denies a network of mapped addresses, ::ffff:a.b.c.d, means the IPv4 hosts. */
static void
unmap_rules (GArray *rules)
{
  const ThCidr mapped = { TH_STUN_FAMILY_IPV6, { [10] = 0xff, [11] = 0xff }, 96 };

  for (guint i = 0; i < rules->len; i++)
    {
      ThCidr *rule = &g_array_index (rules, ThCidr, i);

      if (rule->bits < mapped.bits || !th_cidr_contains_bytes (&mapped, rule->family, rule->bytes))
        continue;
      rule->family = TH_STUN_FAMILY_IPV4;
      rule->bits -= mapped.bits;
      memmove (rule->bytes, rule->bytes + 12, 4);
    }
}

/* Returns: (nullable): the first deny rule that it falls under */
static const ThCidr *
find_deny_rule (const ThPeerPolicy *self, const ThAddress *peer, const ThEmbeddedIpv4 *embedded)
{
  for (guint i = 0; i < self->deny->len; i++)
    {
      const ThCidr *rule = &g_array_index (self->deny, ThCidr, i);

      if (th_cidr_contains (rule, peer))
        return rule;
      for (guint j = 0; j < embedded->n_hosts; j++)
        {
          if (th_cidr_contains_bytes (rule, TH_STUN_FAMILY_IPV4, embedded->hosts[j]))
            return rule;
        }
    }
  return NULL;
}

/* A rule opens addresses that embed IPv4 only if it is narrow enough to mean them. */
static gboolean
allowed_by_rule (const ThPeerPolicy *self, const ThAddress *peer, const ThEmbeddedIpv4 *embedded)
{
  for (guint i = 0; i < self->allow->len; i++)
    {
      const ThCidr *rule = &g_array_index (self->allow, ThCidr, i);

      if (rule->bits >= embedded->bits && th_cidr_contains (rule, peer))
        return TRUE;
    }
  return FALSE;
}

static ThPeerVerdict
judge_by_table (const ThPeerPolicy *self,
                ThStunFamily family,
                const guint8 *bytes,
                const ThCidr **network)
{
  gboolean ipv6 = family == TH_STUN_FAMILY_IPV6;
  const SpecialBlock *blocks = ipv6 ? ipv6_blocks : ipv4_blocks;
  const ThCidr *networks = ipv6 ? self->ipv6_networks : self->ipv4_networks;
  gsize i = 0;

  /* The last block of each table contains everything. */
  while (!th_cidr_contains_bytes (&networks[i], family, bytes))
    i++;
  *network = &networks[i];
  return blocks[i].verdict;
}

ThPeerPolicy *
th_peer_policy_new (const char *const *allow,
                    const char *const *deny,
                    gboolean allow_lan,
                    GError **error)
{
  g_autoptr (ThPeerPolicy) self = g_new0 (ThPeerPolicy, 1);

  g_atomic_ref_count_init (&self->references);
  self->allow = g_array_new (FALSE, FALSE, sizeof (ThCidr));
  self->deny = g_array_new (FALSE, FALSE, sizeof (ThCidr));
  self->allow_lan = allow_lan;
  parse_blocks (ipv4_blocks, G_N_ELEMENTS (ipv4_blocks), self->ipv4_networks);
  parse_blocks (ipv6_blocks, G_N_ELEMENTS (ipv6_blocks), self->ipv6_networks);

  if (!parse_rules (self->allow, allow, TH_PEER_POLICY_ERROR_ALLOW, error) ||
      !parse_rules (self->deny, deny, TH_PEER_POLICY_ERROR_DENY, error))
    return NULL;
  unmap_rules (self->deny);
  return g_steal_pointer (&self);
}

ThPeerPolicy *
th_peer_policy_ref (ThPeerPolicy *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_peer_policy_unref (ThPeerPolicy *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_array_unref (self->allow);
  g_array_unref (self->deny);
  g_free (self);
}

/* @network: (out): what decided, NULL where no single one did */
static ThPeerVerdict
judge (const ThPeerPolicy *self, const ThAddress *peer, const ThCidr **network)
{
  ThEmbeddedIpv4 embedded;
  ThPeerVerdict verdict;
  gsize length;

  *network = NULL;
  if (!th_address_is_set (peer))
    return TH_PEER_DENIED_SPECIAL;
  th_embedded_ipv4_find (peer, &embedded);
  *network = find_deny_rule (self, peer, &embedded);
  if (*network != NULL)
    return TH_PEER_DENIED_BY_RULE;
  if (allowed_by_rule (self, peer, &embedded))
    return TH_PEER_ALLOWED_BY_RULE;

  verdict = judge_by_table (self, th_address_family (peer), th_address_bytes (peer, &length),
                            network);
  if (verdict == TH_PEER_DENIED_LAN && self->allow_lan)
    verdict = TH_PEER_ALLOWED;
  for (guint i = 0; i < embedded.n_hosts && verdict == TH_PEER_ALLOWED; i++)
    verdict = judge_by_table (self, TH_STUN_FAMILY_IPV4, embedded.hosts[i], network);
  return verdict;
}

ThPeerVerdict
th_peer_policy_judge (const ThPeerPolicy *self, const ThAddress *peer)
{
  const ThCidr *network;

  return judge (self, peer, &network);
}

char *
th_peer_policy_find_network (const ThPeerPolicy *self, const ThAddress *peer)
{
  const ThCidr *network;

  if (th_peer_verdict_allows (judge (self, peer, &network)) || network == NULL)
    return NULL;
  return th_cidr_format (network);
}

gboolean
th_peer_verdict_allows (ThPeerVerdict verdict)
{
  return verdict == TH_PEER_ALLOWED || verdict == TH_PEER_ALLOWED_BY_RULE;
}

const char *
th_peer_verdict_describe (ThPeerVerdict verdict)
{
  switch (verdict)
    {
    case TH_PEER_ALLOWED:
      return N_("an address that may be reached");
    case TH_PEER_DENIED_SPECIAL:
      return N_("an address set aside for special purposes");
    case TH_PEER_DENIED_LAN:
      return N_("a private network address");
    case TH_PEER_DENIED_LOOPBACK:
      return N_("a loopback address");
    case TH_PEER_DENIED_BY_RULE:
      return N_("an address on the deny list");
    case TH_PEER_ALLOWED_BY_RULE:
      return N_("an address on the allow list");
    default:
      return N_("an unknown kind of address");
    }
}
