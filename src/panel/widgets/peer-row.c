/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPeerRow: blocking adds a network to the list of the settings, where it can be taken out again.
 */
#include "panel/widgets/peer-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "panel/compat.h"
#include "panel/connection-text.h"

#define PREFIX_V4 24
#define PREFIX_V6 64

struct _ThPeerRow {
  AdwActionRow parent_instance;
  GtkWidget *block;
  ThSettings *settings;
  char *network;
};

G_DEFINE_FINAL_TYPE (ThPeerRow, th_peer_row, ADW_TYPE_ACTION_ROW)

static void
say (ThPeerRow *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", text);
}

static void
on_block_accepted (gpointer data)
{
  ThPeerRow *self = data;
  const char *denied = th_settings_get_string (self->settings, TH_SETTING_RELAY_DENY_PEERS);
  g_autofree char *list = *denied ? g_strconcat (denied, ",", self->network, NULL)
                                  : g_strdup (self->network);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (th_settings_set_text (self->settings, TH_SETTING_RELAY_DENY_PEERS, list, &error))
    /* Translators: %s is a network such as "198.51.100.0/24" */
    text = g_strdup_printf (_("%s blocked"), self->network);
  say (self, text ? text : error->message);
}

static void
on_block_clicked (ThPeerRow *self)
{
  /* Translators: %s is a network such as "198.51.100.0/24" */
  g_autofree char *heading = g_strdup_printf (_("Block %s?"), self->network);
  th_compat_confirm (GTK_WIDGET (self), heading,
                     _("No client may talk to addresses in this network any more. Calls that do "
                       "now end within five minutes. The setting deny-peers has the list."),
                     _("Block"), on_block_accepted, self);
}

static void
th_peer_row_finalize (GObject *object)
{
  ThPeerRow *self = TH_PEER_ROW (object);
  g_clear_object (&self->settings);
  g_free (self->network);
  G_OBJECT_CLASS (th_peer_row_parent_class)->finalize (object);
}

static void
th_peer_row_class_init (ThPeerRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = th_peer_row_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/peer-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThPeerRow, block);
  gtk_widget_class_bind_template_callback (widget_class, on_block_clicked);
}

static void
th_peer_row_init (ThPeerRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_peer_row_new (const ThSessionPeer *peer, const char *name, ThSettings *settings)
{
  ThPeerRow *self = g_object_new (TH_TYPE_PEER_ROW, NULL);
  g_autofree char *address = th_connection_address (&peer->address);
  g_autofree char *channel =
      peer->channel != 0 ? g_strdup_printf (_("channel 0x%04X"), peer->channel)
                         : g_strdup (_("permission"));
  g_autofree char *subtitle = name ? g_strdup_printf ("%s · %s", address, channel)
                                   : g_steal_pointer (&channel);
  g_autofree char *label = NULL;

  self->settings = g_object_ref (settings);
  self->network = th_connection_network (&peer->address, PREFIX_V4, PREFIX_V6);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name ? name : address);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);
  gtk_widget_set_visible (self->block, name == NULL);
  /* Translators: %s is a network such as "198.51.100.0/24" */
  label = g_strdup_printf (_("Block %s"), self->network);
  gtk_widget_set_tooltip_text (self->block, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->block), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  return GTK_WIDGET (self);
}
