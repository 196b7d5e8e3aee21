/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Public is an address that no registry keeps back, which is what the relay's peer policy judges.
 */
#include "app/address-detection.h"

#include "relay/machine-addresses.h"
#include "turn/peer-policy.h"

/* The first is the one that leads outside. */
static const ThAddress *
find_first (const GArray *machine, ThStunFamily family)
{
  for (guint i = 0; i < machine->len; i++)
    {
      const ThAddress *address = &g_array_index (machine, ThAddress, i);

      if (th_address_family (address) == family && !th_address_is_loopback (address))
        return address;
    }
  return NULL;
}

char *
th_external_address_detect (gboolean *is_public)
{
  g_autoptr (GArray) machine = th_machine_addresses ();
  g_autoptr (ThPeerPolicy) policy = th_peer_policy_new (NULL, NULL, FALSE, NULL);
  const ThAddress *v4 = find_first (machine, TH_STUN_FAMILY_IPV4);
  const ThAddress *v6 = find_first (machine, TH_STUN_FAMILY_IPV6);
  const ThAddress *main = v4 != NULL ? v4 : v6;
  char main_text[TH_ADDRESS_STRING_SIZE], v6_text[TH_ADDRESS_STRING_SIZE];

  *is_public = main != NULL && th_peer_policy_judge (policy, main) == TH_PEER_ALLOWED;
  if (main == NULL)
    return NULL;
  th_address_format_host (main, main_text);
  if (*is_public && main == v4 && v6 != NULL &&
      th_peer_policy_judge (policy, v6) == TH_PEER_ALLOWED)
    return g_strdup_printf ("%s,%s", main_text, th_address_format_host (v6, v6_text));
  return g_strdup (main_text);
}
