/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A client's first message is looked at before GnuTLS does: by then the session can still be given
 * another certificate. An ordinary client that asks for the same name gets the ordinary one, as it
 * does not offer the protocol of authorities.
 */
#include "tls/tls-challenges.h"

#include <string.h>

#define EXTENSION_SERVER_NAME 0  /* RFC 6066, section 3 */
#define EXTENSION_ALPN        16 /* RFC 7301, section 3.1 */
#define NAME_SIZE_MAX         255

/* Sessions hold no reference to what they show. Handshakes end within seconds, and new challenges
 * come hours apart: of the last few, none that is gone is still in use. */
#define KEPT_AFTERWARDS 16

typedef struct
{
  char *name;
  ThTlsContext *context;
} Challenge;

struct _ThTlsChallenges
{
  gatomicrefcount references;
  GMutex mutex;
  GPtrArray *open; /* of Challenge */
  GPtrArray *over; /* of Challenge, oldest first */
  gint n_open;     /* atomic */
};

/* What a client's first message asks for. */
typedef struct
{
  gboolean as_authority;
  char name[NAME_SIZE_MAX + 1];
} Hello;

static void
challenge_free (gpointer data)
{
  Challenge *self = data;

  g_free (self->name);
  th_tls_context_unref (self->context);
  g_free (self);
}

static guint
read_16 (const guint8 *bytes)
{
  return (guint) bytes[0] << 8 | bytes[1];
}

/* An authority offers this one protocol and no other (RFC 8737, section 3). */
static gboolean
is_protocol_of_authorities (const guint8 *data, gsize size)
{
  const gsize length = strlen (TH_TLS_CHALLENGE_PROTOCOL);

  return size == length + 3 && read_16 (data) == length + 1 && data[2] == length &&
         memcmp (data + 3, TH_TLS_CHALLENGE_PROTOCOL, length) == 0;
}

/* A list with one host name in it. */
static void
read_server_name (Hello *hello, const guint8 *data, gsize size)
{
  gsize length;

  if (size < 5 || read_16 (data) != size - 2 || data[2] != 0)
    return;
  length = read_16 (data + 3);
  if (length != size - 5 || length > NAME_SIZE_MAX || memchr (data + 5, 0, length) != NULL)
    return;
  memcpy (hello->name, data + 5, length);
  hello->name[length] = '\0';
}

static int
on_extension (void *data, unsigned int id, const unsigned char *bytes, unsigned int size)
{
  if (id == EXTENSION_ALPN)
    ((Hello *) data)->as_authority = is_protocol_of_authorities (bytes, size);
  else if (id == EXTENSION_SERVER_NAME)
    read_server_name (data, bytes, size);
  return 0;
}

static Challenge *
find (ThTlsChallenges *self, const char *name, guint *place)
{
  for (*place = 0; *place < self->open->len; ++*place)
    {
      Challenge *challenge = self->open->pdata[*place];

      if (g_ascii_strcasecmp (challenge->name, name) == 0)
        return challenge;
    }
  return NULL;
}

static gnutls_certificate_credentials_t
find_credentials (ThTlsChallenges *self, const char *name)
{
  gnutls_certificate_credentials_t credentials = NULL;
  Challenge *challenge;
  guint place;

  g_mutex_lock (&self->mutex);
  challenge = find (self, name, &place);
  if (challenge != NULL)
    credentials = th_tls_context_get_credentials (challenge->context);
  g_mutex_unlock (&self->mutex);
  return credentials;
}

static int
on_client_hello (gnutls_session_t session,
                 unsigned int type,
                 unsigned int when,
                 unsigned int incoming,
                 const gnutls_datum_t *message)
{
  const gnutls_datum_t protocol = { (guint8 *) TH_TLS_CHALLENGE_PROTOCOL,
                                    strlen (TH_TLS_CHALLENGE_PROTOCOL) };
  ThTlsChallenges *self = gnutls_session_get_ptr (session);
  gnutls_certificate_credentials_t credentials;
  Hello hello = { 0 };
  int result;

  if (gnutls_ext_raw_parse (&hello, on_extension, message, GNUTLS_EXT_RAW_FLAG_TLS_CLIENT_HELLO) <
          0 ||
      !hello.as_authority)
    return 0;
  credentials = find_credentials (self, hello.name);
  if (credentials == NULL)
    return 0;
  result = gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials);
  if (result >= 0)
    result = gnutls_alpn_set_protocols (session, &protocol, 1, GNUTLS_ALPN_MANDATORY);
  return result;
}

static void
close_challenge (ThTlsChallenges *self, guint place)
{
  g_ptr_array_add (self->over, g_ptr_array_steal_index (self->open, place));
  if (self->over->len > KEPT_AFTERWARDS)
    g_ptr_array_remove_index (self->over, 0);
  g_atomic_int_set (&self->n_open, (gint) self->open->len);
}

ThTlsChallenges *
th_tls_challenges_new (void)
{
  ThTlsChallenges *self = g_new0 (ThTlsChallenges, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->mutex);
  self->open = g_ptr_array_new_with_free_func (challenge_free);
  self->over = g_ptr_array_new_with_free_func (challenge_free);
  return self;
}

ThTlsChallenges *
th_tls_challenges_ref (ThTlsChallenges *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_tls_challenges_unref (ThTlsChallenges *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_ptr_array_unref (self->open);
  g_ptr_array_unref (self->over);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
th_tls_challenges_add (ThTlsChallenges *self, const char *name, ThTlsContext *context)
{
  Challenge *challenge = g_new (Challenge, 1);

  *challenge = (Challenge){
    .name = g_strdup (name),
    .context = th_tls_context_ref (context),
  };
  th_tls_challenges_remove (self, name);
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->open, challenge);
  g_atomic_int_set (&self->n_open, (gint) self->open->len);
  g_mutex_unlock (&self->mutex);
}

void
th_tls_challenges_remove (ThTlsChallenges *self, const char *name)
{
  guint place;

  g_mutex_lock (&self->mutex);
  if (find (self, name, &place) != NULL)
    close_challenge (self, place);
  g_mutex_unlock (&self->mutex);
}

void
th_tls_challenges_attach (ThTlsChallenges *self, gnutls_session_t session)
{
  if (g_atomic_int_get (&self->n_open) == 0)
    return;
  gnutls_session_set_ptr (session, self);
  gnutls_handshake_set_hook_function (session, GNUTLS_HANDSHAKE_CLIENT_HELLO, GNUTLS_HOOK_PRE,
                                      on_client_hello);
}
