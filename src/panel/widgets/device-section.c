/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThDeviceSection: shows either a link, for as long as it opens the test, or a row that offers the
 * next step towards one.
 */
#include "panel/widgets/device-section.h"

#include <glib/gi18n.h>

#include "ice/ice-rules.h"
#include "panel/device-need.h"
#include "panel/ticker.h"
#include "panel/widgets/device-row.h"
#include "panel/widgets/flow-layout.h"
#include "panel/widgets/qr-code.h"

struct _ThDeviceSection {
  AdwBin parent_instance;
  GtkWidget *offer;
  AdwPreferencesRow *offer_row;
  GtkLabel *offer_title, *offer_detail;
  GtkButton *offer_button;
  GtkWidget *card;
  ThQrCode *qr_code;
  GtkLabel *link_label, *time_left, *hint;
  GtkWidget *copy_button;
  GtkListBox *devices;

  ThEngine *engine;  /* NULL until it is set */
  ThTicker *ticker;
  char *link;        /* nullable: the last one that was made */
  gint64 ends_at;    /* monotonic: when it is too old */
  ThDeviceNeed need;
  gboolean wanted;   /* a link is, as soon as nothing stands between */
};

G_DEFINE_FINAL_TYPE (ThDeviceSection, th_device_section, ADW_TYPE_BIN)

typedef struct {
  const char *title, *detail, *button;
} Offer;

static const Offer needs[] = {
  [TH_DEVICE_NEED_START] = {
    N_("The relay is stopped"), N_("A test needs it to run."), N_("Start Relay") },
  [TH_DEVICE_NEED_RELAY] = {
    N_("The relay cannot run"), N_("The Server page says why, and what to do."),
    N_("Show Server Page") },
  [TH_DEVICE_NEED_PORT] = {
    N_("The endpoint is off"), N_("The page that runs the test comes from there."),
    N_("Turn On Endpoint") },
  [TH_DEVICE_NEED_ENDPOINT] = {
    N_("The endpoint cannot listen"),
    N_("The page that runs the test comes from there. The Server page says what is in its way."),
    N_("Show Server Page") },
  [TH_DEVICE_NEED_SHARE] = {
    N_("Only this machine can open the test page"),
    N_("Other devices can once the endpoint listens on all addresses of this machine, not on "
       "loopback alone. Whoever reaches its port can then ask it; without a token or a link it "
       "gives out no credentials."),
    N_("Share Endpoint") },
};

static const Offer ready = {
  N_("Run the test in another device’s browser"),
  N_("The link opens once, within 15 minutes. With Wi-Fi off, a phone tests from outside."),
  N_("Make Link") };
static const Offer used = {
  N_("The link was opened"), N_("Each link opens the test once: whoever opens it again is "
                                "refused."), N_("New Link") };
static const Offer old = {
  N_("The link is too old"), N_("A link opens the test within 15 minutes."), N_("New Link") };

static const Offer *
find_offer (ThDeviceSection *self)
{
  if (self->need != TH_DEVICE_NEED_NOTHING)
    return &needs[self->need];
  if (!self->link)
    return &ready;
  return g_get_monotonic_time () < self->ends_at ? &used : &old;
}

static void
show_offer (ThDeviceSection *self)
{
  const Offer *offer = find_offer (self);
  const char *title = _(offer->title);

  adw_preferences_row_set_title (self->offer_row, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->offer_row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title, -1);
  gtk_label_set_label (self->offer_title, title);
  gtk_label_set_label (self->offer_detail, _(offer->detail));
  gtk_button_set_label (self->offer_button, _(offer->button));
}

/* Microseconds for which the link that is shown can still be opened */
static gint64
get_time_left (ThDeviceSection *self)
{
  if (!self->link || self->need != TH_DEVICE_NEED_NOTHING)
    return 0;
  return th_engine_get_test_link_left (self->engine, self->link);
}

static void
show_time_left (ThDeviceSection *self, gint64 left)
{
  int seconds = (int) ((left + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
  /* Translators: %1$d are minutes, %2$02d seconds */
  g_autofree char *text =
      g_strdup_printf (_("Opens the test once, within %1$d:%2$02d"), seconds / 60, seconds % 60);

  gtk_label_set_label (self->time_left, text);
}

static void
update (ThDeviceSection *self)
{
  gint64 left = get_time_left (self);

  gtk_widget_set_visible (self->card, left > 0);
  gtk_widget_set_visible (self->offer, left <= 0);
  th_ticker_set_active (self->ticker, left > 0 && gtk_widget_get_mapped (GTK_WIDGET (self)));
  if (left > 0)
    show_time_left (self, left);
  else
    show_offer (self);
}

/* Where the device has to be, as far as the link's own address tells. */
static const char *
describe_place (GUri *uri)
{
  ThAddress address;

  gboolean named = !th_address_parse (&address, g_uri_get_host (uri), 0);

  if (!named && th_address_is_loopback (&address))
    return _("Only browsers on this machine reach this address.");
  if (named || th_ice_address_is_public (&address))
    return _("To open it with Wi-Fi off, the endpoint’s port must be open from outside.");
  return _("The device must be in this network, such as on its Wi-Fi. From outside it takes an "
           "outside address, or a name that leads here.");
}

static void
show_hint (ThDeviceSection *self)
{
  g_autoptr (GUri) uri = g_uri_parse (self->link, G_URI_FLAGS_NONE, NULL);
  const char *plain =
      _("Plain HTTP is enough for the test, but a browser may warn first, and someone who listens "
        "on the way could open the link before you.");
  g_autofree char *text = NULL;

  g_return_if_fail (uri);
  text = g_str_equal (g_uri_get_scheme (uri), "https")
             ? g_strdup (describe_place (uri))
             : g_strdup_printf ("%s %s", describe_place (uri), plain);
  gtk_label_set_label (self->hint, text);
}

static void
make_link (ThDeviceSection *self)
{
  char *link = th_engine_make_test_link (self->engine);

  if (!link)
    return; /* the endpoint is about to start */
  g_free (self->link);
  self->link = link;
  self->wanted = FALSE;
  self->ends_at = g_get_monotonic_time () + get_time_left (self);
  gtk_widget_set_visible (GTK_WIDGET (self->qr_code), th_qr_code_set_text (self->qr_code, link));
  gtk_label_set_label (self->link_label, link);
  show_hint (self);
  update (self);
}

/* An address that changed is another link's. */
static void
on_engine_changed (ThDeviceSection *self)
{
  self->need = th_device_need_find (self->engine);
  if (self->wanted && self->need == TH_DEVICE_NEED_NOTHING)
    make_link (self);
  update (self);
}

static void
on_addresses_changed (ThDeviceSection *self)
{
  g_clear_pointer (&self->link, g_free);
  on_engine_changed (self);
}

/* Each need is one step, and a link follows the last of them. */
static void
meet_need (ThDeviceSection *self)
{
  g_autoptr (GError) error = NULL;

  if (self->need == TH_DEVICE_NEED_RELAY || self->need == TH_DEVICE_NEED_ENDPOINT)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s", "server");
  else if (th_device_need_meet (self->need, self->engine, &error))
    self->wanted = TRUE;
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
  on_engine_changed (self); /* addresses may have stayed the same */
}

static void
on_offer_button_clicked (ThDeviceSection *self)
{
  if (self->need == TH_DEVICE_NEED_NOTHING)
    make_link (self);
  else
    meet_need (self);
}

static void
on_copy_button_clicked (ThDeviceSection *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.copy", "s", self->link);
}

/* (transfer full): for a toast: its room is for few words */
static char *
describe_shortly (ThTestVisit *visit)
{
  const char *name = th_test_visit_get_name (visit);

  if (th_test_visit_get_state (visit) != TH_TEST_VISIT_DONE)
    /* Translators: %s is a device such as "Firefox on Android" */
    return g_strdup_printf (_("%s: test not finished"), name);
  if (th_test_visit_get_verdict (visit) == TH_ICE_VERDICT_BAD)
    /* Translators: %s is a device such as "Firefox on Android" */
    return g_strdup_printf (_("%s: calls fail"), name);
  /* Translators: %s is a device such as "Firefox on Android" */
  return g_strdup_printf (_("%s: calls work"), name);
}

/* Told wherever in the window somebody looks; screen readers read it, too. */
static void
on_visit_state_changed (ThDeviceSection *self, GParamSpec *pspec, ThTestVisit *visit)
{
  g_autofree char *text = describe_shortly (visit);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", text);
}

static void
on_visits_changed (ThDeviceSection *self, guint position, guint removed, guint added)
{
  GListModel *visits = th_engine_get_test_visits (self->engine);

  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ThTestVisit) visit = g_list_model_get_item (visits, i);
      g_signal_connect_object (visit, "notify::state", G_CALLBACK (on_visit_state_changed), self,
                               G_CONNECT_SWAPPED);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->devices), g_list_model_get_n_items (visits) > 0);
  update (self);
}

static GtkWidget *
create_device_row (gpointer item, gpointer user_data)
{
  return th_device_row_new (item);
}

static void
th_device_section_dispose (GObject *object)
{
  ThDeviceSection *self = TH_DEVICE_SECTION (object);

  if (self->devices)
    gtk_list_box_bind_model (self->devices, NULL, NULL, NULL, NULL);
  if (self->ticker)
    th_ticker_set_active (self->ticker, FALSE);
  g_clear_object (&self->ticker);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (th_device_section_parent_class)->dispose (object);
}

static void
th_device_section_finalize (GObject *object)
{
  g_free (TH_DEVICE_SECTION (object)->link);
  G_OBJECT_CLASS (th_device_section_parent_class)->finalize (object);
}

static void
th_device_section_class_init (ThDeviceSectionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_device_section_dispose;
  G_OBJECT_CLASS (klass)->finalize = th_device_section_finalize;

  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  g_type_ensure (TH_TYPE_QR_CODE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/device-section.ui");
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, offer);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, offer_row);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, offer_title);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, offer_detail);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, offer_button);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, card);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, qr_code);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, link_label);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, time_left);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, hint);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, copy_button);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceSection, devices);
  gtk_widget_class_bind_template_callback (widget_class, on_offer_button_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_button_clicked);
}

static void
on_mapped_changed (ThDeviceSection *self)
{
  if (self->engine)
    on_engine_changed (self);
}

static void
th_device_section_init (ThDeviceSection *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->ticker = th_ticker_new ();
  g_signal_connect_object (self->ticker, "tick", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_after (self, "map", G_CALLBACK (on_mapped_changed), NULL);
  g_signal_connect_after (self, "unmap", G_CALLBACK (on_mapped_changed), NULL);
}

void
th_device_section_set_engine (ThDeviceSection *self, ThEngine *engine)
{
  g_return_if_fail (TH_IS_DEVICE_SECTION (self) && !self->engine);
  GListModel *visits = th_engine_get_test_visits (engine);

  self->engine = g_object_ref (engine);
  gtk_list_box_bind_model (self->devices, visits, create_device_row, NULL, NULL);
  g_signal_connect_object (visits, "items-changed", G_CALLBACK (on_visits_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "notify::state", G_CALLBACK (on_engine_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (th_engine_get_urls (engine), "items-changed",
                           G_CALLBACK (on_addresses_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (th_engine_get_problems (engine), "items-changed",
                           G_CALLBACK (on_engine_changed), self, G_CONNECT_SWAPPED);
  on_engine_changed (self);
  on_visits_changed (self, 0, 0, g_list_model_get_n_items (visits));
}

void
th_device_section_begin (ThDeviceSection *self)
{
  if (self->need == TH_DEVICE_NEED_NOTHING && get_time_left (self) == 0)
    make_link (self);
  /* Which is scrolled to: the last that is to be seen. */
  gtk_widget_grab_focus (gtk_widget_get_visible (self->card) ? self->copy_button
                                                             : GTK_WIDGET (self->offer_button));
}
