/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThDtlsCookies: makes clients show that they get what is sent to their address before anything is
 * kept of them (RFC 6347, section 4.2.1). A cookie says nothing but that it was made here for that
 * five-tuple, and not long ago; the keys for it are one worker's, and replaced again and again.
 */
#pragma once

#include <gnutls/dtls.h>

#include "relay/dtls-record.h"
#include "turn/client.h"

G_BEGIN_DECLS

/* How long a key makes cookies; the one before still checks them. Microseconds. */
#define TH_DTLS_COOKIE_LIFETIME (30 * G_USEC_PER_SEC)

/* An answer is shorter than any ClientHello, so that it is of no use to flood others with. */
#define TH_DTLS_COOKIE_ANSWER_MAX 60

typedef struct {
  guint8 keys[2][GNUTLS_COOKIE_KEY_SIZE]; /* the present one and the one before */
  gint64 changed;
} ThDtlsCookies;

/* @now: monotonic, as everywhere here */
void th_dtls_cookies_init (ThDtlsCookies *self, gint64 now);
void th_dtls_cookies_clear (ThDtlsCookies *self);

/* Changes the key when it is time. */
void th_dtls_cookies_change (ThDtlsCookies *self, gint64 now);

/**
 * th_dtls_cookies_check:
 * @hello: a ClientHello
 * @state: (out): what its session goes on from
 *
 * Returns: whether it carries a cookie that was made for @client
 */
gboolean th_dtls_cookies_check (const ThDtlsCookies *self,
                                const ThTurnClient *client,
                                const ThDtlsRecord *hello,
                                gnutls_dtls_prestate_st *state);

/**
 * th_dtls_cookies_answer:
 * @answer: (out): at least %TH_DTLS_COOKIE_ANSWER_MAX bytes
 *
 * Writes a HelloVerifyRequest with a cookie for @client.
 *
 * Returns: how long it is
 */
gsize th_dtls_cookies_answer (const ThDtlsCookies *self,
                              const ThTurnClient *client,
                              const ThDtlsRecord *hello,
                              guint8 *answer);

G_END_DECLS
