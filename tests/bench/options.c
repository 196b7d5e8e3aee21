/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line of the load.
 */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "payload.h"

/* As GOption wants them: plain variables. */
static struct {
  char *server, *client_net, *peer_net, *user, *password_file, *secret_file, *direction;
  int port, flows, size, window, burst, garbage, parallel, process, processor;
  double rate, seconds, warm_up;
  gboolean pairs, tcp, tls, segment, coalesce, allocate_only, keep;
} given = {
  .port = TH_STUN_DEFAULT_PORT,
  .flows = 1,
  .size = 160,
  .window = 128,
  .burst = 1,
  .parallel = 32,
  .processor = -1,
  .seconds = 3,
  .warm_up = 0.3,
};

static const GOptionEntry entries[] = {
  { "server", 0, 0, G_OPTION_ARG_STRING, &given.server, "The TURN server (127.0.0.1)", "IP" },
  { "port", 0, 0, G_OPTION_ARG_INT, &given.port, "Its port (3478)", "PORT" },
  { "user", 0, 0, G_OPTION_ARG_STRING, &given.user, "User name (load)", "NAME" },
  { "secret-file", 0, 0, G_OPTION_ARG_FILENAME, &given.secret_file, "Shared secret to make a password from", "FILE" },
  { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &given.password_file, "Password of a static user", "FILE" },
  { "flows", 'n', 0, G_OPTION_ARG_INT, &given.flows, "Allocations, with a channel each (1)", "N" },
  { "size", 0, 0, G_OPTION_ARG_INT, &given.size, "Bytes of a payload, 24 to 1440 (160)", "BYTES" },
  { "window", 0, 0, G_OPTION_ARG_INT, &given.window, "Closed loop: datagrams on their way (128)", "N" },
  { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &given.rate, "Open loop: datagrams a second, evenly paced", "N" },
  { "burst", 0, 0, G_OPTION_ARG_INT, &given.burst, "Consecutive datagrams of one flow (1)", "N" },
  { "segment", 0, 0, G_OPTION_ARG_NONE, &given.segment, "Send bursts with UDP_SEGMENT", NULL },
  { "coalesce", 0, 0, G_OPTION_ARG_NONE, &given.coalesce, "Receive with UDP_GRO", NULL },
  { "direction", 0, 0, G_OPTION_ARG_STRING, &given.direction, "up, down or both (both)", "DIR" },
  { "pairs", 0, 0, G_OPTION_ARG_NONE, &given.pairs, "Clients talk to each other, two and two", NULL },
  { "tcp", 0, 0, G_OPTION_ARG_NONE, &given.tcp, "Clients come over TCP", NULL },
  { "tls", 0, 0, G_OPTION_ARG_NONE, &given.tls, "Clients come over TLS, and believe any certificate", NULL },
  { "garbage", 0, 0, G_OPTION_ARG_INT, &given.garbage, "Per cent of datagrams that are bad input (0)", "N" },
  { "seconds", 0, 0, G_OPTION_ARG_DOUBLE, &given.seconds, "How long to measure (3)", "S" },
  { "warm-up", 0, 0, G_OPTION_ARG_DOUBLE, &given.warm_up, "How long to run before that (0.3)", "S" },
  { "allocate-only", 0, 0, G_OPTION_ARG_NONE, &given.allocate_only, "Allocate, and no more", NULL },
  { "keep", 0, 0, G_OPTION_ARG_NONE, &given.keep, "Leave the allocations to expire", NULL },
  { "parallel", 0, 0, G_OPTION_ARG_INT, &given.parallel, "Requests at one time (32)", "N" },
  { "process", 0, 0, G_OPTION_ARG_INT, &given.process, "The server's process, to measure", "PID" },
  { "processor", 0, 0, G_OPTION_ARG_INT, &given.processor, "Run on this processor", "N" },
  { "client-net", 0, 0, G_OPTION_ARG_STRING, &given.client_net, "First client address (127.1.0.1)", "IP" },
  { "peer-net", 0, 0, G_OPTION_ARG_STRING, &given.peer_net, "First peer address (127.2.0.1)", "IP" },
  G_OPTION_ENTRY_NULL,
};

G_GNUC_NORETURN static void
refuse (const char *why)
{
  g_printerr ("load: %s\n", why);
  exit (2);
}

static ThAddress
parse_host (const char *text, const char *fallback, guint16 port)
{
  ThAddress address;

  if (!th_address_parse (&address, text != NULL ? text : fallback, port) ||
      !th_address_is_ipv4 (&address))
    refuse ("addresses are numeric IPv4");
  return address;
}

static char *
read_secret (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *text;

  if (!g_file_get_contents (path, &text, NULL, &error))
    refuse (error->message);
  return g_strstrip (text);
}

/* The REST scheme: the name tells until when the password holds. */
static void
mint (Options *self, const char *user)
{
  g_autofree char *secret = read_secret (given.secret_file);
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guint8 *) secret, strlen (secret));
  guint8 digest[20];
  gsize size = sizeof digest;

  self->user = g_strdup_printf ("%" G_GINT64_FORMAT ":%s", g_get_real_time () / G_USEC_PER_SEC + 86400, user);
  g_hmac_update (hmac, (const guint8 *) self->user, -1);
  g_hmac_get_digest (hmac, digest, &size);
  self->password = g_base64_encode (digest, size);
}

static void
choose_credentials (Options *self)
{
  const char *user = given.user != NULL ? given.user : "load";

  if ((given.secret_file == NULL) == (given.password_file == NULL))
    refuse ("one of --secret-file and --password-file is needed");
  if (given.secret_file != NULL)
    {
      mint (self, user);
      return;
    }
  self->user = g_strdup (user);
  self->password = read_secret (given.password_file);
}

static void
choose_direction (Options *self)
{
  const char *direction = given.direction != NULL ? given.direction : "both";

  self->up = strcmp (direction, "down") != 0;
  self->down = strcmp (direction, "up") != 0;
  if (self->up && self->down && strcmp (direction, "both") != 0)
    refuse ("--direction is up, down or both");
}

static void
check_ranges (void)
{
  if (given.flows < 1 || given.flows > 60000 || given.size < (int) sizeof (Stamp) ||
      given.size > PAYLOAD_MAX || given.window < 1 || given.burst < 1 || given.burst > 512 ||
      given.parallel < 1 || given.seconds <= 0 || given.warm_up < 0 || given.rate < 0 ||
      given.garbage < 0 || given.garbage > 90 || given.port < 1 || given.port > 65535)
    refuse ("a number is out of range");
  if (given.rate == 0 && given.burst * 2 > given.window)
    refuse ("--window must hold a burst in each direction");
  if (given.pairs && given.flows % 2 != 0)
    refuse ("--pairs wants an even number of flows");
  if ((given.tcp || given.tls) && given.garbage > 0)
    refuse ("--garbage would end connections over TCP");
}

static void
take_over (Options *self)
{
  self->server = parse_host (given.server, "127.0.0.1", (guint16) given.port);
  self->client_net = parse_host (given.client_net, "127.1.0.1", 0);
  self->peer_net = parse_host (given.peer_net, "127.2.0.1", 0);
  self->flows = (guint) given.flows;
  self->size = (guint) given.size;
  self->rate = given.rate;
  self->window = (guint) given.window;
  self->burst = (guint) given.burst;
  self->garbage = (guint) given.garbage;
  self->parallel = (guint) given.parallel;
  self->seconds = given.seconds;
  self->warm_up = given.warm_up;
  self->pairs = given.pairs;
  self->tcp = given.tcp || given.tls;
  self->tls = given.tls;
  self->segment = given.segment;
  self->coalesce = given.coalesce;
  self->allocate_only = given.allocate_only;
  self->keep = given.keep;
  self->process = given.process;
  self->processor = given.processor;
}

Options *
options_parse (int *argc, char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  Options *self = g_new0 (Options, 1);

  g_option_context_set_summary (context, "Puts load on a TURN server and measures what it costs.");
  g_option_context_set_description (
      context,
      "Up is from clients to peers, down is back. In the closed loop as many datagrams are on their\n"
      "way as the window says; in the open loop they leave at their time, whatever comes back.\n"
      "Every byte that arrives is checked. The result is one JSON object.\n");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    refuse (error->message);
  if (*argc > 1)
    refuse ("too many arguments");
  check_ranges ();
  take_over (self);
  choose_direction (self);
  choose_credentials (self);
  return self;
}

void
options_free (Options *self)
{
  g_free (self->user);
  g_free (self->password);
  g_free (self);
}
