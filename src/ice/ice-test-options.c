/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Copies of options, for as long as a test takes.
 */
#include "ice/ice-test-options.h"

#include "credentials/secret.h"

ThIceTestOptions *
th_ice_test_options_copy (const ThIceTestOptions *self)
{
  ThIceTestOptions *copy = g_new (ThIceTestOptions, 1);

  *copy = *self;
  copy->text = g_strdup (self->text);
  copy->username = g_strdup (self->username);
  copy->password = g_strdup (self->password);
  copy->secret = g_strdup (self->secret);
  copy->token = g_strdup (self->token);
  copy->trust_file = g_strdup (self->trust_file);
  return copy;
}

gboolean
th_ice_test_options_want (const ThIceTestOptions *self, ThIceTransport transport)
{
  return self->transports == 0 || (self->transports & (1u << transport)) != 0;
}

void
th_ice_test_options_free (ThIceTestOptions *self)
{
  th_secret_free ((char *) self->text);
  g_free ((char *) self->username);
  th_secret_free ((char *) self->password);
  th_secret_free ((char *) self->secret);
  th_secret_free ((char *) self->token);
  g_free ((char *) self->trust_file);
  g_free (self);
}
