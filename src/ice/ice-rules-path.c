/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules about one path. Where several could explain a failure, the predicates exclude each
 * other: nobody is helped by two remedies for one thing.
 */
#include <glib/gi18n.h>

#include "ice/ice-rules.h"
#include "turn/peer-policy.h"

#define SOON (14 * G_GINT64_CONSTANT (86400)) /* seconds in which to renew a certificate */
#define CLOCK_SLACK 30                        /* seconds that clocks may differ */

const ThIceStageFacts *
th_ice_path_facts_failure (const ThIcePathFacts *path, ThIceStageKind *kind)
{
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    {
      if (path->stages[i].state != TH_ICE_STAGE_FAILED)
        continue;
      *kind = i;
      return &path->stages[i];
    }
  return NULL;
}

gboolean
th_ice_path_facts_well (const ThIcePathFacts *path)
{
  ThIceStageKind last =
      path->server->kind == TH_ICE_TURN ? TH_ICE_STAGE_ECHO : TH_ICE_STAGE_BINDING;

  return path->stages[last].state == TH_ICE_STAGE_OK;
}

gboolean
th_ice_facts_relay_works (const ThIceFacts *facts, int transport)
{
  for (guint i = 0; i < facts->paths->len; i++)
    {
      const ThIcePathFacts *path = g_ptr_array_index (facts->paths, i);

      if (path->server->kind == TH_ICE_TURN && th_ice_path_facts_well (path) &&
          (transport < 0 || (int) path->server->transport == transport))
        return TRUE;
    }
  return FALSE;
}

static ThPeerVerdict
judge (const ThAddress *address)
{
  g_autoptr (ThPeerPolicy) policy = th_peer_policy_new (NULL, NULL, FALSE, NULL);

  return th_peer_policy_judge (policy, address);
}

gboolean
th_ice_address_is_public (const ThAddress *address)
{
  return th_address_is_set (address) && judge (address) == TH_PEER_ALLOWED;
}

const char *
th_ice_address_kind (const ThAddress *address)
{
  return _(th_peer_verdict_describe (judge (address)));
}

static gboolean
failed_with (const ThIcePathFacts *path, ThIceError error)
{
  ThIceStageKind kind;
  const ThIceStageFacts *failure = th_ice_path_facts_failure (path, &kind);

  return failure != NULL && failure->error == (int) error;
}

static gboolean
failed_with_code (const ThIcePathFacts *path, guint code)
{
  ThIceStageKind kind;
  const ThIceStageFacts *failure = th_ice_path_facts_failure (path, &kind);

  return failure != NULL && failure->error == TH_ICE_ERROR_CODE && failure->stun_code == code;
}

static gboolean
failed_in (const ThIcePathFacts *path, ThIceStageKind stage)
{
  return path->stages[stage].state == TH_ICE_STAGE_FAILED;
}

/* The three kinds of a 401. */

static gboolean
is_expired (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return failed_with_code (path, TH_STUN_UNAUTHENTICATED) && path->credential_expires_at != 0 &&
         path->credential_expires_at <= facts->now;
}

static gboolean
is_skewed (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  gint64 theirs = facts->now + (facts->clock_compared ? facts->clock_ahead : 0);

  if (!failed_with_code (path, TH_STUN_UNAUTHENTICATED) || is_expired (facts, path, NULL))
    return FALSE;
  if (path->later_credential != TH_ICE_RETRY_UNTRIED)
    return path->later_credential == TH_ICE_RETRY_ACCEPTED;
  return path->credential_expires_at != 0 && path->credential_expires_at <= theirs &&
         facts->clock_ahead > CLOCK_SLACK;
}

static gboolean
is_wrong_secret (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return failed_with (path, TH_ICE_ERROR_INTEGRITY) ||
         (failed_with_code (path, TH_STUN_UNAUTHENTICATED) && !is_expired (facts, path, NULL) &&
          !is_skewed (facts, path, NULL));
}

static gboolean
wants_credentials (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return failed_with (path, TH_ICE_ERROR_NO_CREDENTIALS);
}

static gboolean
denies_peer (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  char text[TH_ADDRESS_STRING_SIZE];

  if (!failed_with_code (path, TH_STUN_FORBIDDEN))
    return FALSE;
  if (th_address_is_set (&path->denied))
    g_string_append_printf (evidence, "%s: %s", th_address_format_host (&path->denied, text),
                            th_ice_address_kind (&path->denied));
  return TRUE;
}

/* Refusals with a code of their own. */

#define CODE_RULE(name, code)                                                                      \
  static gboolean name (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)    \
  {                                                                                                \
    return failed_with_code (path, code);                                                          \
  }

CODE_RULE (is_mismatch, TH_STUN_ALLOCATION_MISMATCH)
CODE_RULE (is_stale_again, TH_STUN_STALE_NONCE)
CODE_RULE (lacks_family, TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED)
CODE_RULE (lacks_transport, TH_STUN_UNSUPPORTED_TRANSPORT)
CODE_RULE (is_over_quota, TH_STUN_ALLOCATION_QUOTA_REACHED)
CODE_RULE (is_full, TH_STUN_INSUFFICIENT_CAPACITY)
CODE_RULE (sends_elsewhere, 300)

static gboolean
refuses_otherwise (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  static const guint known[] = { 300, 401, 403, 437, 438, 440, 442, 486, 508 };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      if (failed_with_code (path, known[i]))
        return FALSE;
    }
  return failed_with (path, TH_ICE_ERROR_CODE);
}

/* Addresses. */

static gboolean
advertises_private (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  char text[TH_ADDRESS_STRING_SIZE];

  if (!th_address_is_set (&path->relayed) || th_ice_address_is_public (&path->relayed) ||
      !th_ice_address_is_public (&path->remote))
    return FALSE;
  g_string_append_printf (evidence, "%s: %s", th_address_format_host (&path->relayed, text),
                          th_ice_address_kind (&path->relayed));
  return TRUE;
}

static gboolean
serves_lan_only (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  char text[TH_ADDRESS_STRING_SIZE];

  if (!facts->own_relay || !th_address_is_set (&path->relayed) ||
      th_address_is_loopback (&path->relayed) || th_ice_address_is_public (&path->relayed) ||
      th_ice_address_is_public (&path->remote))
    return FALSE;
  g_string_append (evidence, th_address_format_host (&path->relayed, text));
  return TRUE;
}

static gboolean
udp_gets_out (const ThIceFacts *facts)
{
  for (guint i = 0; i < facts->paths->len; i++)
    {
      const ThIcePathFacts *path = g_ptr_array_index (facts->paths, i);

      if (th_ice_transport_is_datagram (path->server->transport) &&
          path->stages[TH_ICE_STAGE_BINDING].state == TH_ICE_STAGE_OK)
        return TRUE;
    }
  return FALSE;
}

/* Only where UDP gets out of this network does its silence tell of the relay's. */
static gboolean
has_closed_ports (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  char text[TH_ADDRESS_STRING_SIZE];

  if (path->from_outside != TH_ICE_WAY_LOST || !udp_gets_out (facts))
    return FALSE;
  g_string_append (evidence, th_address_format (&path->relayed, text));
  return TRUE;
}

static gboolean
cannot_reach_itself (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  char text[TH_ADDRESS_STRING_SIZE];

  if (path->to_itself != TH_ICE_WAY_LOST || has_closed_ports (facts, path, evidence))
    return FALSE;
  g_string_append (evidence, th_address_format (&path->relayed, text));
  return TRUE;
}

/* TLS. */

static gboolean
is_for_other_names (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  if (!failed_with (path, TH_ICE_ERROR_TLS_NAME))
    return FALSE;
  g_string_append_printf (evidence, "%s ≠ %s", path->server->host,
                          path->certificate_names != NULL ? path->certificate_names : "?");
  return TRUE;
}

static void
append_date (GString *evidence, gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time);
  g_autofree char *text = date != NULL ? g_date_time_format (date, "%x") : NULL;

  if (text != NULL)
    g_string_append (evidence, text);
}

static gboolean
has_expired (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  if (!failed_with (path, TH_ICE_ERROR_TLS_EXPIRED))
    return FALSE;
  append_date (evidence, path->certificate_not_after);
  return TRUE;
}

static gboolean
is_not_valid_yet (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  if (!failed_with (path, TH_ICE_ERROR_TLS_NOT_YET))
    return FALSE;
  append_date (evidence, path->certificate_not_before);
  return TRUE;
}

static gboolean
is_untrusted (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return failed_with (path, TH_ICE_ERROR_TLS_UNTRUSTED);
}

static gboolean
expires_soon (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  if (path->stages[TH_ICE_STAGE_TLS].state != TH_ICE_STAGE_OK ||
      path->certificate_not_after - facts->now > SOON)
    return FALSE;
  append_date (evidence, path->certificate_not_after);
  return TRUE;
}

static gboolean
has_no_tls (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return failed_with (path, TH_ICE_ERROR_HANDSHAKE) ||
         (failed_in (path, TH_ICE_STAGE_TLS) &&
          (failed_with (path, TH_ICE_ERROR_CLOSED) || failed_with (path, TH_ICE_ERROR_GARBAGE) ||
           (path->server->transport == TH_ICE_TLS && failed_with (path, TH_ICE_ERROR_TIMEOUT))));
}

/* The way there. */

static gboolean
has_unknown_name (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return failed_with (path, TH_ICE_ERROR_NAME);
}

static gboolean
waits_for_name (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return failed_in (path, TH_ICE_STAGE_DNS) && failed_with (path, TH_ICE_ERROR_TIMEOUT);
}

/* Nobody there, or nothing gets there: before the server has said anything. */
static gboolean
is_out_of_reach (const ThIcePathFacts *path)
{
  gboolean early = failed_in (path, TH_ICE_STAGE_CONNECT) ||
                   failed_in (path, TH_ICE_STAGE_BINDING) ||
                   (failed_in (path, TH_ICE_STAGE_TLS) && path->server->transport == TH_ICE_DTLS);

  return early && (failed_with (path, TH_ICE_ERROR_TIMEOUT) ||
                   failed_with (path, TH_ICE_ERROR_NO_ROUTE) ||
                   failed_with (path, TH_ICE_ERROR_REFUSED) ||
                   failed_with (path, TH_ICE_ERROR_CLOSED));
}

static gboolean
reaches_over_ipv4 (const ThIceFacts *facts, const ThIceServer *server)
{
  for (guint i = 0; i < facts->paths->len; i++)
    {
      const ThIcePathFacts *path = g_ptr_array_index (facts->paths, i);

      if (path->family == TH_STUN_FAMILY_IPV4 &&
          path->stages[TH_ICE_STAGE_BINDING].state == TH_ICE_STAGE_OK &&
          (g_str_equal (path->server->host, server->host) || facts->own_relay))
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_out_of_reach_over_ipv6 (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return path->family == TH_STUN_FAMILY_IPV6 && is_out_of_reach (path) &&
         reaches_over_ipv4 (facts, path->server);
}

/* TLS or TCP gets through, and over UDP nothing comes back at all. */
static gboolean
udp_is_blocked (const ThIceFacts *facts)
{
  gboolean streams = FALSE;

  for (guint i = 0; i < facts->paths->len; i++)
    {
      const ThIcePathFacts *path = g_ptr_array_index (facts->paths, i);

      streams |= !th_ice_transport_is_datagram (path->server->transport) &&
                 path->stages[TH_ICE_STAGE_BINDING].state == TH_ICE_STAGE_OK;
    }
  return streams && !udp_gets_out (facts);
}

static gboolean
is_blocked_udp (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return th_ice_transport_is_datagram (path->server->transport) && is_out_of_reach (path) &&
         !failed_with (path, TH_ICE_ERROR_REFUSED) && udp_is_blocked (facts) &&
         !is_out_of_reach_over_ipv6 (facts, path, NULL);
}

static gboolean
transport_answers (const ThIceFacts *facts, ThIceTransport transport)
{
  for (guint i = 0; i < facts->paths->len; i++)
    {
      const ThIcePathFacts *path = g_ptr_array_index (facts->paths, i);

      if (path->server->transport == transport &&
          path->stages[TH_ICE_STAGE_BINDING].state == TH_ICE_STAGE_OK)
        return TRUE;
    }
  return FALSE;
}

/* Networks that let HTTPS out and little else. */
static gboolean
is_blocked_tcp (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return path->server->transport == TH_ICE_TCP && is_out_of_reach (path) &&
         !failed_with (path, TH_ICE_ERROR_REFUSED) && transport_answers (facts, TH_ICE_TLS) &&
         !transport_answers (facts, TH_ICE_TCP) &&
         !is_out_of_reach_over_ipv6 (facts, path, NULL);
}

static gboolean
is_just_out_of_reach (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return is_out_of_reach (path) && !is_blocked_udp (facts, path, NULL) &&
         !is_blocked_tcp (facts, path, NULL) &&
         !is_out_of_reach_over_ipv6 (facts, path, NULL);
}

static gboolean
is_no_stun (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return failed_with (path, TH_ICE_ERROR_GARBAGE) && !has_no_tls (facts, path, NULL);
}

/* It was there, and then was not. */
static gboolean
goes_silent (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  gboolean late = failed_in (path, TH_ICE_STAGE_ALLOCATE) ||
                  failed_in (path, TH_ICE_STAGE_PERMISSION) ||
                  failed_in (path, TH_ICE_STAGE_CHANNEL) || failed_in (path, TH_ICE_STAGE_ECHO);

  return late && (failed_with (path, TH_ICE_ERROR_TIMEOUT) ||
                  failed_with (path, TH_ICE_ERROR_CLOSED) ||
                  failed_with (path, TH_ICE_ERROR_REFUSED) ||
                  failed_with (path, TH_ICE_ERROR_NO_ROUTE));
}

static gboolean
is_kept_by_system (const ThIceFacts *facts, const ThIcePathFacts *path, GString *evidence)
{
  return failed_with (path, TH_ICE_ERROR_SYSTEM);
}

const ThIceRule th_ice_path_rules[] = {
  { .id = "name-unknown", .severity = TH_ICE_PROBLEM, .path = has_unknown_name,
    .what = N_("The server’s name is not known") },
  { .id = "name-server-silent", .severity = TH_ICE_PROBLEM, .path = waits_for_name,
    .what = N_("The name server does not answer") },
  { .id = "unreachable", .severity = TH_ICE_PROBLEM, .path = is_just_out_of_reach,
    .what = N_("The server cannot be reached") },
  { .id = "ipv6-unreachable", .severity = TH_ICE_WARNING, .path = is_out_of_reach_over_ipv6,
    .what = N_("The server cannot be reached over IPv6"),
    .cause = N_("It has an IPv6 address, but packets do not get there or not back."),
    .remedy = N_("Open the relay’s ports for IPv6 in the firewall too, or remove the IPv6 address "
                 "from the name.") },
  { .id = "udp-blocked", .severity = TH_ICE_WARNING, .path = is_blocked_udp,
    .what = N_("UDP does not get through, other ways do"),
    .cause = N_("A firewall between this network and the server blocks UDP."),
    .remedy = N_("Calls work over TCP or TLS, with more delay. Open UDP in the firewall where you "
                 "can.") },
  { .id = "tcp-blocked", .severity = TH_ICE_WARNING, .path = is_blocked_tcp,
    .what = N_("Only TLS gets through"),
    .cause = N_("A firewall between this network and the server lets out little but HTTPS."),
    .remedy = N_("Calls work over TLS, with more delay: keep TURN over TLS on port 443.") },
  { .id = "no-stun", .severity = TH_ICE_PROBLEM, .path = is_no_stun,
    .what = N_("What answers there is no TURN server") },
  { .id = "silent", .severity = TH_ICE_PROBLEM, .path = goes_silent,
    .what = N_("The server stops answering in the middle of the test") },
  { .id = "system", .severity = TH_ICE_PROBLEM, .path = is_kept_by_system,
    .what = N_("This machine does not let the test go on") },
  { .id = "tls-name", .severity = TH_ICE_PROBLEM, .path = is_for_other_names,
    .what = N_("The certificate is for other names") },
  { .id = "tls-expired", .severity = TH_ICE_PROBLEM, .path = has_expired,
    .what = N_("The certificate has expired") },
  { .id = "tls-not-yet-valid", .severity = TH_ICE_PROBLEM, .path = is_not_valid_yet,
    .what = N_("The certificate is not valid yet") },
  { .id = "tls-untrusted", .severity = TH_ICE_PROBLEM, .path = is_untrusted,
    .what = N_("Apps will not trust the certificate") },
  { .id = "tls-failed", .severity = TH_ICE_PROBLEM, .path = has_no_tls,
    .what = N_("No secure connection comes about") },
  { .id = "tls-expires-soon", .severity = TH_ICE_WARNING, .path = expires_soon,
    .what = N_("The certificate expires soon"),
    .cause = N_("It has not been renewed yet."),
    .remedy = N_("Renew it, or check that it renews itself.") },
  { .id = "wrong-secret", .severity = TH_ICE_PROBLEM, .path = is_wrong_secret,
    .what = N_("The secret or password is wrong (401)"), .action = "credentials",
    .cause = N_("The app and the relay do not share the same secret, or the user is not known."),
    .remedy = N_("Copy the shared secret from the relay into the app once more.") },
  { .id = "credential-expired", .severity = TH_ICE_PROBLEM, .path = is_expired,
    .what = N_("The credential has expired (401)"), .action = "credentials",
    .cause = N_("The time in the user name lies in the past."),
    .remedy = N_("Make a new credential, and have the app fetch one for each call.") },
  { .id = "clock-skew", .severity = TH_ICE_PROBLEM, .path = is_skewed,
    .what = N_("The server’s clock is ahead (401)"),
    .cause = N_("For the server, credentials have expired that were just made: a longer-lived one "
                "it accepts."),
    .remedy = N_("Set the clocks of both machines by the network (NTP).") },
  { .id = "no-credentials", .severity = TH_ICE_PROBLEM, .path = wants_credentials,
    .what = N_("The server asks for a user name and password (401)") },
  { .id = "peer-denied", .severity = TH_ICE_PROBLEM, .path = denies_peer,
    .what = N_("The relay does not allow the other side’s address (403)"),
    .cause = N_("Its rules for peers forbid the address."),
    .remedy = N_("Allow the address in the relay’s settings, if calls need it."),
    .action = "preferences:relay/allow-peers" },
  { .id = "allocation-mismatch", .severity = TH_ICE_PROBLEM, .path = is_mismatch,
    .what = N_("The relay mixes up sessions (437)") },
  { .id = "stale-nonce", .severity = TH_ICE_PROBLEM, .path = is_stale_again,
    .what = N_("The relay turns down every nonce (438)") },
  { .id = "family-unsupported", .severity = TH_ICE_PROBLEM, .path = lacks_family,
    .what = N_("The relay has no address of this kind (440)") },
  { .id = "transport-unsupported", .severity = TH_ICE_PROBLEM, .path = lacks_transport,
    .what = N_("The relay does not relay UDP (442)") },
  { .id = "quota-reached", .severity = TH_ICE_PROBLEM, .path = is_over_quota,
    .what = N_("This user has too many sessions (486)"),
    .action = "preferences:limits/user-quota" },
  { .id = "relay-full", .severity = TH_ICE_PROBLEM, .path = is_full,
    .what = N_("The relay is full (508)"), .action = "preferences:relay/relay-ports" },
  { .id = "sent-elsewhere", .severity = TH_ICE_PROBLEM, .path = sends_elsewhere,
    .what = N_("The server sends its clients to another (300)") },
  { .id = "refused", .severity = TH_ICE_PROBLEM, .path = refuses_otherwise,
    .what = N_("The server refuses") },
  { .id = "private-address", .severity = TH_ICE_PROBLEM, .path = advertises_private,
    .what = N_("The relay tells clients an address that works only at home"),
    .cause = N_("Its external address is not set: it hands out the one of its own network."),
    .remedy = N_("Set the relay’s external address to the public one."),
    .action = "preferences:relay/external-address" },
  { .id = "lan-only", .severity = TH_ICE_WARNING, .path = serves_lan_only,
    .what = N_("Only devices in this network can use the relay"),
    .cause = N_("Its external address is one of this network."),
    .remedy = N_("For calls from outside, set the external address to the public one and forward "
                 "the ports in the router."),
    .action = "preferences:relay/external-address" },
  { .id = "ports-closed", .severity = TH_ICE_PROBLEM, .path = has_closed_ports,
    .what = N_("The relay’s port range is closed"),
    .cause = N_("Calls can be set up, but their packets do not get in: a firewall or router blocks "
                "the ports that the relay gives to calls."),
    .remedy = N_("Open the whole port range for UDP in the firewall, and forward it in the "
                 "router."),
    .action = "preferences:relay/relay-ports" },
  { .id = "no-way-to-itself", .severity = TH_ICE_WARNING, .path = cannot_reach_itself,
    .what = N_("Two devices that both need the relay cannot call each other"),
    .cause = N_("The relay cannot reach its own external address: that is wrong, or the router "
                "does not lead such packets back."),
    .remedy = N_("Check the external address; in the router, turn on NAT loopback (hairpinning)."),
    .action = "preferences:relay/external-address" },
};

const gsize th_ice_n_path_rules = G_N_ELEMENTS (th_ice_path_rules);
