/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why something in this room went wrong: what stands in the way of a stage, or is wrong with a
 * list of servers. Messages are whole sentences for people and never hold a secret.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  /* what was pasted or fetched */
  TH_ICE_ERROR_INVALID,    /* no such URL, JSON, address, ...; the message quotes what */
  TH_ICE_ERROR_TOO_MUCH,   /* more servers or bytes than are taken */
  TH_ICE_ERROR_FETCH,      /* the endpoint answers with an HTTP error, or not with servers */
  /* on the way to a server */
  TH_ICE_ERROR_NAME,       /* the name is not known */
  TH_ICE_ERROR_NO_FAMILY,  /* the name has no address of this family */
  TH_ICE_ERROR_NO_ROUTE,   /* this machine has no way to that network */
  TH_ICE_ERROR_REFUSED,    /* nothing listens there */
  TH_ICE_ERROR_TIMEOUT,    /* nothing came back in time */
  TH_ICE_ERROR_CLOSED,     /* the server ended the connection */
  TH_ICE_ERROR_SYSTEM,     /* no socket, no memory, ...: this machine's own trouble */
  /* TLS and DTLS */
  TH_ICE_ERROR_HANDSHAKE,       /* no agreement on how to encrypt */
  TH_ICE_ERROR_TLS_NAME,        /* the certificate is for other names */
  TH_ICE_ERROR_TLS_EXPIRED,
  TH_ICE_ERROR_TLS_NOT_YET,     /* valid only from a later day */
  TH_ICE_ERROR_TLS_UNTRUSTED,   /* signed by nobody this machine trusts */
  /* what the server said */
  TH_ICE_ERROR_GARBAGE,         /* no STUN, or without what the RFC demands in it */
  TH_ICE_ERROR_INTEGRITY,       /* signed with another password than ours */
  TH_ICE_ERROR_CODE,            /* an error code of STUN, which the stage holds */
  TH_ICE_ERROR_NO_CREDENTIALS,  /* it asks for some, and none were given */
  TH_ICE_ERROR_LOST,            /* relayed packets do not arrive */
} ThIceError;

#define TH_ICE_ERROR th_ice_error_quark ()
GQuark th_ice_error_quark (void);

/* Sets @to to an error of GIO's in the words and codes of this room. */
void th_ice_error_translate (GError **to, const GError *error);

G_END_DECLS
