/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionLog: what happened to one session, in order and bounded: what says nothing new is
 * counted rather than kept. Main context only.
 */
#pragma once

#include "stun/address.h"
#include "turn/server.h"

G_BEGIN_DECLS

typedef enum
{
  TH_NOTE_CHALLENGED, /* it asked with no valid nonce, and got one */
  TH_NOTE_STARTED,
  TH_NOTE_PERMITTED, /* a peer */
  TH_NOTE_CHANNEL,   /* and a channel to it */
  TH_NOTE_REFRESHED, /* the last time, and how often since the note before */
  TH_NOTE_MOVED,     /* its client has another address */
  TH_NOTE_DROPPED,   /* the first packet that went nowhere */
  TH_NOTE_ENDED,
} ThSessionNoteKind;

typedef struct
{
  gint64 time; /* seconds since 1970, UTC */
  ThSessionNoteKind kind;
  ThAddress peer;   /* of PERMITTED and CHANNEL; port 0: the whole host; of MOVED the client */
  guint16 channel;  /* of CHANNEL */
  guint count;      /* of REFRESHED */
  ThSessionEnd why; /* of ENDED */
} ThSessionNote;

/* As many notes as are kept: the first two, and the latest. */
#define TH_SESSION_NOTES_MAX 32

typedef struct
{
  GArray *notes; /* of ThSessionNote; NULL: none yet */
  guint left_out;
} ThSessionLog;

void th_session_log_add (ThSessionLog *self, const ThSessionNote *note);
void th_session_log_clear (ThSessionLog *self);

G_END_DECLS
