/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One table: from what went wrong to why that mostly is and what helps. The first row that fits
 * counts, so the particular stand before the general.
 */
#include "ice/ice-remedy.h"

#include <glib/gi18n.h>

#define ANY_STAGE -1
#define ANY_CODE 0

static const struct {
  int stage; /* ThIceStageKind */
  ThIceError error;
  guint code;
  const char *reason;
  const char *remedy;
} rows[] = {
  { ANY_STAGE, TH_ICE_ERROR_NAME, ANY_CODE,
    N_("No name server knows this name."),
    N_("Check the spelling, and that the name has an A or AAAA record.") },
  { TH_ICE_STAGE_DNS, TH_ICE_ERROR_TIMEOUT, ANY_CODE,
    N_("The name server does not answer."),
    N_("Check this machine’s connection and its name server.") },
  { ANY_STAGE, TH_ICE_ERROR_NO_ROUTE, ANY_CODE,
    N_("The network between this machine and the server is not there."),
    N_("Check the address, and whether this network has that kind of address (IPv4, IPv6).") },
  { ANY_STAGE, TH_ICE_ERROR_REFUSED, ANY_CODE,
    N_("The machine is there, but no program listens on this port and transport."),
    N_("Check the port, and that the relay runs and listens with this transport.") },
  { TH_ICE_STAGE_TLS, TH_ICE_ERROR_TIMEOUT, ANY_CODE,
    N_("The port is open, but what listens there does not speak TLS, or a firewall swallows it."),
    N_("Check that this is the relay’s TLS port.") },
  { TH_ICE_STAGE_TLS, TH_ICE_ERROR_CLOSED, ANY_CODE,
    N_("What listens there does not speak TLS."),
    N_("Check that this is the relay’s TLS port.") },
  { TH_ICE_STAGE_CONNECT, TH_ICE_ERROR_TIMEOUT, ANY_CODE,
    N_("A firewall or router on the way swallows the packets, or the address is wrong."),
    N_("Open the port in the firewall, and forward it in the router.") },
  { TH_ICE_STAGE_BINDING, TH_ICE_ERROR_TIMEOUT, ANY_CODE,
    N_("A firewall or router on the way swallows the packets, or no relay runs there."),
    N_("Open the port in the firewall and forward it in the router, for UDP too.") },
  { ANY_STAGE, TH_ICE_ERROR_TIMEOUT, ANY_CODE,
    N_("The server stopped answering."),
    N_("Try again; if it stays so, look at the log of the relay.") },
  { ANY_STAGE, TH_ICE_ERROR_CLOSED, ANY_CODE,
    N_("The server, or a firewall before it, does not want this connection."),
    N_("Check that a TURN server listens on this port, and look at its log.") },
  { ANY_STAGE, TH_ICE_ERROR_SYSTEM, ANY_CODE,
    N_("This machine does not let the test go on."),
    N_("Check this machine’s firewall and its limits on open files.") },
  { ANY_STAGE, TH_ICE_ERROR_HANDSHAKE, ANY_CODE,
    N_("Server and client find no TLS in common, or the port is not for TLS."),
    N_("Check that this is the relay’s TLS port, and that it speaks TLS 1.2 or newer.") },
  { ANY_STAGE, TH_ICE_ERROR_TLS_NAME, ANY_CODE,
    N_("The certificate is made for other names than the one in the URL."),
    N_("Use a name from the certificate in the URL, or get a certificate for this name.") },
  { ANY_STAGE, TH_ICE_ERROR_TLS_EXPIRED, ANY_CODE,
    N_("The certificate was not renewed in time, or the clock of this machine is wrong."),
    N_("Renew the certificate and have the relay load it.") },
  { ANY_STAGE, TH_ICE_ERROR_TLS_NOT_YET, ANY_CODE,
    N_("The certificate begins to be valid later, or the clock of this machine is behind."),
    N_("Set the clock, or wait until the certificate is valid.") },
  { ANY_STAGE, TH_ICE_ERROR_TLS_UNTRUSTED, ANY_CODE,
    N_("The certificate is self-signed, or the certificates between it and its root are missing."),
    N_("Get a certificate from an authority such as Let’s Encrypt, and give the relay the full "
       "chain.") },
  { ANY_STAGE, TH_ICE_ERROR_GARBAGE, ANY_CODE,
    N_("Another kind of server listens on this port."),
    N_("Check host and port.") },
  { ANY_STAGE, TH_ICE_ERROR_INTEGRITY, ANY_CODE,
    N_("The server knows another password for this user, or something changes packets on the way."),
    N_("Check user name and password.") },
  { ANY_STAGE, TH_ICE_ERROR_NO_CREDENTIALS, ANY_CODE,
    N_("The server asks for user name and password, and none were given."),
    N_("Add user name and password, or the shared secret.") },
  { ANY_STAGE, TH_ICE_ERROR_LOST, ANY_CODE,
    N_("The relay takes packets, but they do not come out at the other end."),
    N_("Open the relay’s port range for UDP in the firewall, and check its external address.") },
  { ANY_STAGE, TH_ICE_ERROR_INVALID, ANY_CODE,
    N_("User name, realm or nonce do not fit into a request."),
    N_("Use a shorter user name.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 300,
    N_("The server sends its clients to another one."),
    N_("Test the server it names instead.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 401,
    N_("User name and password do not match: the shared secret is another, or the credential is "
       "old."),
    N_("Compare the shared secret of the app with that of the relay.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 403,
    N_("The relay’s rules for peers forbid this."),
    N_("Allow the address in the relay’s settings, if calls need it.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 437,
    N_("The relay believes that there is an allocation of this client already, or none any more."),
    N_("Try again in a minute. If it comes often, a load balancer mixes up clients.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 438,
    N_("The relay calls each nonce stale that it has just given."),
    N_("Have a load balancer send each client to the same relay, and check the relay’s clock.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 440,
    N_("The relay has no relayed addresses of this family."),
    N_("Give the relay an address of this family.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 441,
    N_("The credential changed in the middle of a session."),
    N_("Try again with one credential.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 442,
    N_("The relay does not relay UDP, or not in this way."),
    N_("Allow relaying over UDP in the relay’s configuration.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 443,
    N_("The relayed address and the peer’s are of different families."),
    N_("Give the relay addresses of both families.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 486,
    N_("This user has as many sessions as the relay allows."),
    N_("End old sessions, or raise the limit for each user.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, 508,
    N_("The relay has no free port or address left."),
    N_("Widen the relay’s port range, or end old sessions.") },
  { ANY_STAGE, TH_ICE_ERROR_CODE, ANY_CODE,
    N_("The server refuses the request."),
    N_("Look at the log of the relay.") },
};

static guint
find_row (ThIceStageKind stage, ThIceError error, guint code)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (rows[i].error == error && (rows[i].stage == ANY_STAGE || rows[i].stage == (int) stage) &&
          (rows[i].code == ANY_CODE || rows[i].code == code))
        return i;
    }
  return G_N_ELEMENTS (rows);
}

const char *
th_ice_reason (ThIceStageKind stage, ThIceError error, guint stun_code)
{
  guint row = find_row (stage, error, stun_code);

  return row < G_N_ELEMENTS (rows) ? _(rows[row].reason) : "";
}

const char *
th_ice_remedy (ThIceStageKind stage, ThIceError error, guint stun_code)
{
  guint row = find_row (stage, error, stun_code);

  return row < G_N_ELEMENTS (rows) ? _(rows[row].remedy) : "";
}
