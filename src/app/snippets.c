/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of snippets. What stands here about other programs is from their own documentation.
 */
#include "app/snippets.h"

#include <glib/gi18n.h>

#include "app/snippet-resources.h"

#define FOLDER "/io/github/turnhouse/snippets/"

/* clang-format off */
static const ThSnippet snippets[] = {
  {
    .id = "web-module",
    .title = N_("Web App"),
    .summary = N_("A module that keeps credentials fresh"),
    .place = N_("Script of type “module”"),
    .advice = N_("Paste it into the script that makes the connection. Whoever opens the page can "
                 "read all of it, also a token."),
    .language = TH_SNIPPET_JAVASCRIPT,
    .template = "web-module.js",
  },
  {
    .id = "web-fetch",
    .title = N_("Web App without a Module"),
    .summary = N_("One request before each call"),
    .place = N_("Script of type “module”, or an async function"),
    .advice = N_("Paste it where a call begins, so that each call has credentials of its own. "
                 "Whoever opens the page can read all of it, also a token."),
    .language = TH_SNIPPET_JAVASCRIPT,
    .template = "web-fetch.js",
  },
  {
    .id = "livekit",
    .title = N_("LiveKit"),
    .summary = N_("Rooms of a LiveKit server of your own"),
    .place = "livekit.yaml",
    .advice = N_("Where the file has “rtc” and “turn” already, put these lines under them. They "
                 "take the place of LiveKit’s own TURN server. LiveKit knows “secret” since "
                 "2026."),
    .language = TH_SNIPPET_YAML,
    .template = "livekit.yaml",
  },
  {
    .id = "synapse",
    .title = N_("Matrix Synapse"),
    .summary = N_("Calls between two people"),
    .place = "homeserver.yaml",
    .advice = N_("Paste it at the end of the file, or save it in conf.d, and restart Synapse. "
                 "Clients notice within an hour."),
    .language = TH_SNIPPET_YAML,
    .template = "synapse.yaml",
  },
  {
    .id = "matrix-rtc",
    .title = N_("Element Call (MatrixRTC)"),
    .summary = N_("Group calls in Matrix"),
    .place = "livekit.yaml",
    .advice = N_("Such calls go through the LiveKit server that stands beside your homeserver: "
                 "put these lines under “rtc” and “turn” of its file. LiveKit knows “secret” "
                 "since 2026."),
    .language = TH_SNIPPET_YAML,
    .template = "livekit.yaml",
  },
  {
    .id = "nextcloud-talk",
    .title = N_("Nextcloud Talk"),
    .summary = N_("Calls in Nextcloud"),
    .place = N_("Terminal, in the folder of Nextcloud"),
    .advice = N_("Your web server may run as another user than www-data. By hand, the same goes "
                 "into Administration settings, Talk."),
    .language = TH_SNIPPET_SHELL,
    .template = "nextcloud-talk.sh",
  },
  {
    .id = "jitsi",
    .title = N_("Jitsi Meet"),
    .summary = N_("Meetings on a server of your own"),
    .place = "/etc/prosody/conf.avail/DOMAIN.cfg.lua",
    .advice = N_("It takes the place of external_service_secret and external_services at the top "
                 "of the file. Then restart Prosody."),
    .language = TH_SNIPPET_LUA,
    .template = "jitsi.lua",
  },
  {
    .id = "peerwave",
    .title = N_("PeerWave"),
    .summary = N_("Settings of its server"),
    .place = ".env",
    .advice = N_("Paste it into the file beside docker-compose.yml, in place of lines of the "
                 "same names, and start PeerWave anew."),
    .language = TH_SNIPPET_ENV,
    .template = "peerwave.env",
  },
  {
    .id = "peerwave-route",
    .title = N_("PeerWave with LiveKit"),
    .summary = N_("Its route asks this relay"),
    .place = "server/routes/livekit.js",
    .advice = N_("It takes the place of the route /ice-config there, which knows no relay but "
                 "LiveKit’s own. It needs LIVEKIT_API_KEY and LIVEKIT_API_SECRET as the snippet for "
                 "PeerWave’s settings has them."),
    .language = TH_SNIPPET_JAVASCRIPT,
    .template = "peerwave.js",
  },
  {
    .id = "prosody",
    .title = N_("Prosody"),
    .summary = N_("Calls in XMPP apps"),
    .place = "/etc/prosody/prosody.cfg.lua",
    .advice = N_("Paste it above the first VirtualHost, and restart Prosody, which must be 0.12 "
                 "or later. Then “prosodyctl check turn” tries it."),
    .language = TH_SNIPPET_LUA,
    .template = "prosody.lua",
  },
  {
    .id = "ejabberd",
    .title = N_("ejabberd"),
    .summary = N_("Calls in XMPP apps"),
    .place = "ejabberd.yml",
    .advice = N_("Where the file has “modules” already, put these lines under it, in place of a "
                 "mod_stun_disco that is there. Then run “ejabberdctl reload_config”."),
    .language = TH_SNIPPET_YAML,
    .template = "ejabberd.yaml",
  },
  {
    .id = "coturn",
    .title = N_("coturn"),
    .summary = N_("The same secret in a second relay"),
    .place = "/etc/turnserver.conf",
    .advice = N_("Apps can then name both relays, with one credential. On the same machine, "
                 "give coturn other values for listening-port, min-port and max-port."),
    .language = TH_SNIPPET_CONF,
    .template = "coturn.conf",
  },
};
/* clang-format on */

/* What GResource has ends with a zero byte that does not count. */
static GBytes *
load_template (const ThSnippet *self)
{
  g_autofree char *path = g_strconcat (FOLDER, self->template, NULL);

  return g_resource_lookup_data (th_snippets_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 NULL);
}

const ThSnippet *
th_snippets_get (guint *n_snippets)
{
  *n_snippets = G_N_ELEMENTS (snippets);
  return snippets;
}

gboolean
th_snippet_uses (const ThSnippet *self, const char *name)
{
  g_autoptr (GBytes) template = load_template (self);

  return th_snippet_template_uses (g_bytes_get_data (template, NULL), name);
}

char *
th_snippet_fill (const ThSnippet *self,
                 const ThSnippetValues *values,
                 gboolean masked,
                 ThSnippetState *state)
{
  g_autoptr (GBytes) template = load_template (self);

  return th_snippet_template_fill (g_bytes_get_data (template, NULL), self->language, values,
                                   masked, state);
}
