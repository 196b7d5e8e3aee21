/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --init: from nothing to a configuration of one's own, and what to do with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "app/address-detection.h"
#include "app/relay-urls.h"
#include "credentials/secret.h"
#include "server/commands.h"
#include "server/config-file.h"
#include "settings/sample.h"

static gboolean
fail (GError **error, const char *path, const char *what)
{
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s", path, what);
  return FALSE;
}

static gboolean
write_all (int fd, const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      gssize written = write (fd, text, left);

      if (written < 0 && errno != EINTR)
        return FALSE;
      if (written > 0)
        {
          text += written;
          left -= written;
        }
    }
  return fsync (fd) == 0;
}

/* Never over another file, nor through a link. */
static gboolean
write_new_file (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;
  gboolean well;

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return fail (error, folder, g_strerror (errno));
  fd = g_open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail (error, path,
                 errno == EEXIST ? "there is such a file; nothing was written"
                                 : g_strerror (errno));
  well = write_all (fd, text) ? TRUE : fail (error, path, g_strerror (errno));
  close (fd);
  if (!well)
    g_unlink (path);
  return well;
}

/* A private address may be another tomorrow, and is not what others see: it is only told. */
static char *
add_address_note (char *sample, const char *address)
{
  g_autoptr (GString) text = g_string_new (sample);
  g_autofree char *note = g_strdup_printf (
      "# This machine's address is %s, a private one. Behind a router: PUBLIC/%s\n"
      "external-address=",
      address, address);

  g_string_replace (text, "external-address=", note, 1);
  th_secret_free (sample);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
make_config (void)
{
  g_autoptr (ThSecretText) secret = th_secret_generate ();
  gboolean is_public;
  g_autofree char *address = th_external_address_detect (&is_public);
  ThSettingsSample values = { 0 };
  char *sample;

  values.text[TH_SETTING_CREDENTIALS_SECRET] = secret;
  values.text[TH_SETTING_RELAY_EXTERNAL_ADDRESS] = is_public ? address : "auto";
  sample = th_settings_make_sample (&values);
  return address == NULL || is_public ? sample : add_address_note (sample, address);
}

static void
print_firewall (ThSettings *settings)
{
  guint port = th_settings_get_integer (settings, TH_SETTING_RELAY_PORT);
  guint tls = th_settings_get_integer (settings, TH_SETTING_RELAY_TLS_PORT);
  guint16 first, last;

  th_settings_get_port_range (settings, TH_SETTING_RELAY_RELAY_PORTS, &first, &last);
  g_print ("\nOpen these ports in the firewall, with the one that you have:\n\n"
           "  ufw allow %u/udp\n"
           "  ufw allow %u/tcp\n"
           "  ufw allow %u/udp\n"
           "  ufw allow %u/tcp\n"
           "  ufw allow %u:%u/udp\n\n"
           "  firewall-cmd --permanent --add-port=%u/udp --add-port=%u/tcp --add-port=%u/udp "
           "--add-port=%u/tcp --add-port=%u-%u/udp\n"
           "  firewall-cmd --reload\n\n"
           "  nft add rule inet filter input udp dport '{ %u, %u, %u-%u }' accept\n"
           "  nft add rule inet filter input tcp dport '{ %u, %u }' accept\n",
           port, port, tls, tls, first, last, port, port, tls, tls, first, last, port, tls, first,
           last, port, tls);
}

static void
print_urls (ThSettings *settings)
{
  g_autoptr (ThRelayUrls) urls = th_relay_urls_new_planned (settings);

  g_print ("Apps reach the relay by\n\n");
  for (guint i = 0; urls->stun[i] != NULL; i++)
    g_print ("  %s\n", urls->stun[i]);
  for (guint i = 0; urls->turn_udp[i] != NULL; i++)
    g_print ("  %s\n", urls->turn_udp[i]);
  for (guint i = 0; urls->turn_tcp[i] != NULL; i++)
    g_print ("  %s\n", urls->turn_tcp[i]);
  for (guint i = 0; urls->turns[i] != NULL; i++)
    g_print ("  %s\n", urls->turns[i]);
  g_print ("\nand get their credentials from\n\n"
           "  http://127.0.0.1:%" G_GINT64_FORMAT "/api/ice-servers\n\n",
           th_settings_get_integer (settings, TH_SETTING_ENDPOINT_PORT));
}

static int
print_next_steps (const char *path, GError **error)
{
  g_autoptr (ThSettings) settings = th_settings_new_from_file (path, error);
  g_autofree char *quoted = g_shell_quote (path);
  ThOptions options = { .user = (char *) "first" };
  int status;

  if (settings == NULL)
    return TH_EXIT_FAILED;
  g_print ("Wrote %s, with a fresh secret.\n\n", path);
  print_urls (settings);
  g_print ("A first credential, to try it with:\n\n");
  status = th_command_credentials (settings, &options);
  if (status != TH_EXIT_WELL)
    return status;
  print_firewall (settings);
  g_print ("\nThen:  turnhouse-server --config %s\n", quoted);
  return TH_EXIT_WELL;
}

int
th_command_init (const char *path)
{
  g_autofree char *of_user = th_config_file_for_user ();
  g_autoptr (ThSecretText) config = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (path == NULL)
    path = of_user;
  config = make_config ();
  if (!write_new_file (path, config, &error))
    {
      g_printerr ("%s\n", error->message);
      return TH_EXIT_FAILED;
    }
  status = print_next_steps (path, &error);
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  return status;
}
