/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A candidate as an object: it tells what it was made of, and what its priority is made of.
 */
#include "ice/ice-candidate.h"

static const ThIceCandidateValues values = {
  .time = 1234,
  .remote = TRUE,
  .type = TH_ICE_CANDIDATE_RELAY,
  .foundation = "7",
  .component = 1,
  .tcp = FALSE,
  .address = "192.0.2.1",
  .port = 50000,
  .priority = 41885695,
  .related_address = "198.51.100.7",
  .related_port = 4000,
  .server_url = "turn:turn.example.org:3478?transport=udp",
  .relay_protocol = "udp",
};

static void
test_properties (void)
{
  g_autoptr (ThIceCandidate) candidate = th_ice_candidate_new (&values);
  g_autofree char *type = NULL, *protocol = NULL, *address = NULL, *tcp_type = NULL, *url = NULL;
  g_autofree char *foundation = NULL, *related = NULL, *relay_protocol = NULL;
  guint port, related_port, type_preference, local_preference, priority, component, number;
  gboolean remote;
  gint64 time;

  g_object_get (candidate, "type-name", &type, "protocol", &protocol, "address", &address,
                "tcp-type", &tcp_type, "server-url", &url, "foundation", &foundation,
                "related-address", &related, "relay-protocol", &relay_protocol, "port", &port,
                "related-port", &related_port, "type-preference", &type_preference,
                "local-preference", &local_preference, "priority", &priority, "component",
                &component, "type", &number, "remote", &remote, "time", &time, NULL);
  g_assert_cmpstr (type, ==, "relay");
  g_assert_cmpstr (protocol, ==, "udp");
  g_assert_cmpstr (address, ==, "192.0.2.1");
  g_assert_null (tcp_type);
  g_assert_cmpstr (url, ==, values.server_url);
  g_assert_cmpstr (foundation, ==, "7");
  g_assert_cmpstr (related, ==, "198.51.100.7");
  g_assert_cmpstr (relay_protocol, ==, "udp");
  g_assert_cmpuint (port, ==, 50000);
  g_assert_cmpuint (related_port, ==, 4000);
  g_assert_cmpuint (priority, ==, 41885695);
  g_assert_cmpuint (component, ==, 1);
  g_assert_cmpuint (number, ==, TH_ICE_CANDIDATE_RELAY);
  g_assert_true (remote);
  g_assert_cmpint (time, ==, 1234);
  g_assert_cmpuint (type_preference, ==, 2);
  g_assert_cmpuint (local_preference, ==, 32543);
}

/* RFC 8445, section 5.1.2.1: the parts make the whole. */
static void
test_priority_is_the_sum_of_its_parts (void)
{
  g_autoptr (ThIceCandidate) candidate = th_ice_candidate_new (&values);

  g_assert_cmpuint (th_ice_candidate_get_component_preference (candidate), ==, 256 - 1);
  g_assert_cmpuint (th_ice_candidate_get_type_preference (candidate) << 24 |
                        th_ice_candidate_get_local_preference (candidate) << 8 |
                        th_ice_candidate_get_component_preference (candidate),
                    ==, values.priority);
}

static void
test_facts (void)
{
  g_autoptr (ThIceCandidate) candidate = th_ice_candidate_new (&values);
  ThIceCandidateFacts facts = th_ice_candidate_get_facts (candidate);
  char text[TH_ADDRESS_STRING_SIZE];

  g_assert_cmpint (facts.type, ==, TH_ICE_CANDIDATE_RELAY);
  g_assert_cmpstr (th_address_format (&facts.address, text), ==, "192.0.2.1:50000");
  g_assert_cmpstr (th_address_format (&facts.related, text), ==, "198.51.100.7:4000");
}

static void
test_facts_of_a_hidden_address (void)
{
  ThIceCandidateValues hidden = { .address = "8c3b4a0e.local", .port = 4000, .foundation = "1" };
  g_autoptr (ThIceCandidate) candidate = th_ice_candidate_new (&hidden);
  ThIceCandidateFacts facts = th_ice_candidate_get_facts (candidate);

  g_assert_false (th_address_is_set (&facts.address));
  g_assert_false (th_address_is_set (&facts.related));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ice/candidate/properties", test_properties);
  g_test_add_func ("/ice/candidate/priority-is-the-sum-of-its-parts",
                   test_priority_is_the_sum_of_its_parts);
  g_test_add_func ("/ice/candidate/facts", test_facts);
  g_test_add_func ("/ice/candidate/facts-of-a-hidden-address", test_facts_of_a_hidden_address);
  return g_test_run ();
}
