/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settings that change while the engine runs: what can be taken in without ending a call is.
 */
#include "app/accounts-setup.h"
#include "app/credentials-setup.h"
#include "app/engine-private.h"
#include "app/problems.h"
#include "app/relay-settings.h"

static void
apply_seed (ThEngine *self)
{
  g_autoptr (GError) error = NULL;

  if (!th_secret_ring_seed_again (self->ring, self->settings, &error))
    g_warning ("The secret stays as it was: %s", error->message);
}

/* Whom clients may reach, and how much they may take. */
static void
apply_rules (ThEngine *self)
{
  g_autoptr (GError) error = NULL;

  if (!th_relay_is_running (self->relay))
    return;
  th_relay_config_read_rules (self->relay_config, self->settings);
  if (!th_relay_set_rules (self->relay, self->relay_config, &error))
    g_warning ("The rules for peers stay as they were: %s", error->message);
}

/* The relay goes on; only who may use it, and where apps ask, is set up again. */
static void
apply_settings (ThEngine *self)
{
  g_clear_handle_id (&self->settings_idle, g_source_remove);
  if (self->state == TH_ENGINE_STOPPED)
    return;
  th_problems_remove (self->problems, "users");
  apply_rules (self);
  th_engine_apply_credentials (self, self->relay_config->realm);
  apply_seed (self); /* with the grace that is configured now */
  if (self->endpoint_stale)
    {
      th_problems_remove (self->problems, "endpoint-");
      g_clear_object (&self->endpoint);
      th_engine_start_endpoint (self);
    }
  th_engine_update_urls (self);
  th_certificates_refresh (self->certificates, (const char *const *) self->hosts);
}

static gboolean
on_settings_idle (gpointer data)
{
  ThEngine *self = data;

  self->settings_idle = 0;
  apply_settings (self);
  return G_SOURCE_REMOVE;
}

static void
on_settings_changed (ThSettings *settings, gpointer data)
{
  ThEngine *self = data;

  if (self->settings_idle == 0)
    self->settings_idle = g_idle_add (on_settings_idle, self);
}

static void
on_endpoint_settings_changed (ThSettings *settings, gpointer data)
{
  ThEngine *self = data;

  self->endpoint_stale = TRUE;
  on_settings_changed (settings, self);
}

/* These wait for th_engine_restart(): it ends every call. */
static void
on_pending_settings_changed (ThSettings *settings, gpointer data)
{
  th_engine_update_pending (data);
}

/* NULL: the traffic's plan and the hourly test are watched where they are used. */
static GCallback
handler_for (ThSetting setting)
{
  const char *group = th_setting_get_row (setting)->group;

  if (th_relay_setting_needs_restart (setting))
    return G_CALLBACK (on_pending_settings_changed);
  if (g_str_equal (group, "credentials") || g_str_equal (group, "endpoint"))
    return G_CALLBACK (on_endpoint_settings_changed);
  if (g_str_equal (group, "traffic") || g_str_equal (group, "ice-test"))
    return NULL;
  return G_CALLBACK (on_settings_changed);
}

void
th_engine_apply_credentials (ThEngine *self, const char *realm)
{
  g_autoptr (GError) error = NULL;

  th_secret_ring_apply_settings (self->ring, self->settings);
  if (!th_user_list_apply_settings (self->users, self->settings, realm, &error))
    th_problems_add_users (self->problems, error);
}

void
th_engine_watch_settings (ThEngine *self)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      g_autofree char *signal = g_strconcat ("changed::", th_setting_get_row (i)->name, NULL);
      GCallback handler = handler_for (i);

      if (handler)
        g_signal_connect_object (self->settings, signal, handler, self, 0);
    }
}

void
th_engine_update_pending (ThEngine *self)
{
  gboolean pending =
      self->pending != NULL && th_pending_settings_has_any (self->pending, self->settings);

  if (self->restart_pending == pending)
    return;
  self->restart_pending = pending;
  g_object_notify (G_OBJECT (self), "restart-pending");
}

gboolean
th_engine_is_setting_pending (ThEngine *self, ThSetting setting)
{
  return self->pending != NULL && th_pending_settings_has (self->pending, self->settings, setting);
}

void
th_engine_reread (ThEngine *self)
{
  if (self->endpoint == NULL ||
      th_settings_is_set (self->settings, TH_SETTING_ENDPOINT_TOKENS_FILE))
    self->endpoint_stale = TRUE;
  apply_settings (self);
}
