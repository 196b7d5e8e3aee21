/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThGraphNode: what it says changes rarely; rates are told by the tooltip alone, which is made
 * when somebody asks for it.
 */
#include "panel/widgets/graph-node.h"

#include <glib/gi18n.h>

#include "panel/format.h"

struct _ThGraphNode {
  GtkButton parent_instance;
  GtkImage *glyph;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkImage *arrow;

  char *key;
  ThNodeKind kind;
  gboolean right;
  ThSession *session;
  double up, down;
};

G_DEFINE_FINAL_TYPE (ThGraphNode, th_graph_node, GTK_TYPE_BUTTON)

static const char *
icon_for (ThNodeKind kind)
{
  switch (kind)
    {
    case TH_NODE_CLIENT:
      return "turnhouse-client-symbolic";
    case TH_NODE_PEER:
      return "turnhouse-peer-symbolic";
    case TH_NODE_GROUP:
    case TH_NODE_REST:
    default:
      return "turnhouse-group-symbolic";
    }
}

static void
set_label (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (label), text) != 0)
    gtk_label_set_label (label, text);
}

/* How clients reach the relay; NULL: in several ways. */
static void
set_transport_class (GtkWidget *widget, const char *transport)
{
  static const char *const classes[] = { "udp", "tcp", "tls", "dtls" };
  g_autofree char *own = transport ? g_ascii_strdown (transport, -1) : NULL;
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      if (g_strcmp0 (classes[i], own) == 0)
        gtk_widget_add_css_class (widget, classes[i]);
      else
        gtk_widget_remove_css_class (widget, classes[i]);
    }
}

static void
tell_name (ThGraphNode *self, const ThConnectionNode *node)
{
  g_autofree char *name = NULL;
  switch (node->kind)
    {
    case TH_NODE_CLIENT:
      name = g_strdup_printf ("%s, %s", node->title, node->subtitle);
      break;
    case TH_NODE_PEER:
      /* Translators: an address and "outside" or "this machine" */
      name = g_strdup_printf (_("Peer %s, %s"), node->title, node->subtitle);
      break;
    case TH_NODE_GROUP:
    case TH_NODE_REST:
    default:
      /* Translators: what a group is called, and how many it has */
      name = g_strdup_printf (_("Group %s, %s"), node->title, node->subtitle);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static gboolean
th_graph_node_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard,
                             GtkTooltip *tooltip)
{
  ThGraphNode *self = TH_GRAPH_NODE (widget);
  g_autofree char *up = th_format_rate (self->up);
  g_autofree char *down = th_format_rate (self->down);
  g_autofree char *text = NULL;
  if (self->kind == TH_NODE_REST)
    text = g_strdup (_("Too many to show: search for a name or an address"));
  else
    /* Translators: name, address or number, rate, rate */
    text = g_strdup_printf (_("%s\n%s\n%s to peers, %s to clients"),
                            gtk_label_get_label (self->title),
                            gtk_label_get_label (self->subtitle), up, down);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
th_graph_node_finalize (GObject *object)
{
  ThGraphNode *self = TH_GRAPH_NODE (object);
  g_clear_object (&self->session);
  g_free (self->key);
  G_OBJECT_CLASS (th_graph_node_parent_class)->finalize (object);
}

static void
th_graph_node_class_init (ThGraphNodeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = th_graph_node_finalize;
  widget_class->query_tooltip = th_graph_node_query_tooltip;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/graph-node.ui");
  gtk_widget_class_bind_template_child (widget_class, ThGraphNode, glyph);
  gtk_widget_class_bind_template_child (widget_class, ThGraphNode, title);
  gtk_widget_class_bind_template_child (widget_class, ThGraphNode, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ThGraphNode, arrow);
}

static void
th_graph_node_init (ThGraphNode *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
}

GtkWidget *
th_graph_node_new (void)
{
  return g_object_new (TH_TYPE_GRAPH_NODE, NULL);
}

void
th_graph_node_show (ThGraphNode *self, const ThConnectionNode *node)
{
  gboolean said = g_strcmp0 (gtk_label_get_label (self->title), node->title) == 0 &&
                  g_strcmp0 (gtk_label_get_label (self->subtitle), node->subtitle) == 0;

  g_set_object (&self->session, node->session);
  self->kind = node->kind;
  self->up = node->up;
  self->down = node->down;
  if (g_strcmp0 (self->key, node->key) != 0)
    {
      g_free (self->key);
      self->key = g_strdup (node->key);
      gtk_image_set_from_icon_name (self->glyph, icon_for (node->kind));
      gtk_widget_set_visible (GTK_WIDGET (self->arrow), node->kind == TH_NODE_GROUP);
    }
  set_transport_class (GTK_WIDGET (self->glyph),
                       node->kind == TH_NODE_PEER ? NULL : node->transport);
  if (node->kind == TH_NODE_GROUP)
    gtk_image_set_from_icon_name (self->arrow,
                                  node->expanded ? "pan-up-symbolic" : "pan-down-symbolic");
  if (said)
    return;
  set_label (self->title, node->title);
  set_label (self->subtitle, node->subtitle);
  tell_name (self, node);
}

ThNodeKind
th_graph_node_get_kind (ThGraphNode *self)
{
  return self->kind;
}

const char *
th_graph_node_get_key (ThGraphNode *self)
{
  return self->key;
}

ThSession *
th_graph_node_get_session (ThGraphNode *self)
{
  return self->session;
}
