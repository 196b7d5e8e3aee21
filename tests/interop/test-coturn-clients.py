# SPDX-License-Identifier: GPL-3.0-or-later
"""coturn's own client programs against turnhouse-server: nothing that they send may be lost.

turnutils_uclient allocates, talks to turnutils_peer (an echo) or to other clients of its own
through the relay, and counts what comes back. One run takes six seconds, nearly all of it asleep.
"""

import re
import sys

from support import children
from support.ports import free_port
from support.server import Server
from support.tap import Cases, main

CLIENTS = 2
MESSAGES = 20
LIMIT_SECONDS = 60
AT_ONCE = 12

LOOPBACK = {'ipv4': '127.0.0.1', 'ipv6': '::1'}

# Options of uclient: -t: TCP to the server; -S with it: TLS, without it: DTLS; -x: an IPv6 relay
# address; -s: Send indications in place of channels; -y: from client to client, both through the
# relay. Over DTLS it begins with 1.0 half of the time, and goes on with 1.2 when that is refused.
TRANSPORTS = {'udp': [], 'tcp': ['-t'], 'tls': ['-t', '-S'], 'dtls': ['-S']}
FAMILIES = {'ipv4': [], 'ipv6': ['-x']}
MODES = {'channels': [], 'send-indications': ['-s']}
PEERS = {'echo': [], 'client-to-client': ['-y']}

# Name, options, address of the server, and of the peer (for -e) or none.
VARIANTS = [
    ('dont-fragment', ['-g'], 'ipv4', 'ipv4'),
    ('dont-fragment/send-indications', ['-g', '-s'], 'ipv4', 'ipv4'),
    ('dual-allocation', ['-Z'], 'ipv4', 'ipv4'),
    ('dual-allocation/tcp', ['-Z', '-t'], 'ipv6', 'ipv4'),
    ('dual-allocation/client-to-client', ['-Z', '-y'], 'ipv4', None),
    ('family-named/ipv4', ['-X'], 'ipv4', 'ipv4'),
    ('family-crossed/ipv4-to-ipv6', ['-x'], 'ipv4', 'ipv6'),
    ('family-crossed/ipv6-to-ipv4', ['-X'], 'ipv6', 'ipv4'),
    ('without-reservation', ['-c'], 'ipv4', 'ipv4'),
    ('padded-channel-data-over-udp', ['-D', '-l', '101'], 'ipv4', 'ipv4'),
    ('needless-permissions-and-bindings', ['-G'], 'ipv4', 'ipv4'),
    ('large-messages/udp', ['-l', '1400'], 'ipv4', 'ipv4'),
    ('large-messages/tcp', ['-t', '-l', '1400'], 'ipv4', 'ipv4'),
    ('large-messages/tls', ['-t', '-S', '-l', '1400'], 'ipv4', 'ipv4'),
    ('large-messages/dtls', ['-S', '-l', '1400'], 'ipv4', 'ipv4'),
    ('odd-length/tcp', ['-t', '-l', '103'], 'ipv4', 'ipv4'),
]


def uclient(server, peer_port, user, options, server_family, peer_family, secret=None):
    """Runs turnutils_uclient; returns its exit code and output."""
    port = server.tls_port if '-S' in options else server.port
    peer = ['-e', LOOPBACK[peer_family], '-r', str(peer_port)] if peer_family else []
    return children.output(
        [children.program('turnutils_uclient'), '-m', str(CLIENTS), '-n', str(MESSAGES),
         '-u', user, '-W', secret or server.secret, '-p', str(port), *options, *peer,
         LOOPBACK[server_family]], LIMIT_SECONDS)


def loses_nothing(server, peer_port, user, options, server_family, peer_family):
    code, written = uclient(server, peer_port, user, options, server_family, peer_family)
    totals = re.search(r'tot_send_msgs=(\d+), tot_recv_msgs=(\d+)\n.*tot_send_bytes.*\n'
                       r'.*Total transmit time', written)
    assert code == 0 and totals, f'uclient ended with {code}:\n{written}'
    sent, received = map(int, totals.groups())
    assert sent >= CLIENTS * MESSAGES and sent == received, written
    assert 'Total lost packets 0 (' in written, written
    return f'{received} messages'


def wrong_secret_is_refused(server, peer_port):
    code, written = uclient(server, peer_port, 'mallory', [], 'ipv4', 'ipv4', secret='x' * 32)
    assert code != 0 and 'Cannot complete Allocation' in written, written


def binding_shows_own_address(server, family):
    code, written = children.output(
        [children.program('turnutils_stunclient'), '-p', str(server.port), LOOPBACK[family]], 20)
    assert code == 0, written
    assert re.search(r'reflexive addr: \[?' + re.escape(LOOPBACK[family]) + r'\]?:\d+', written), written


def add_cases(cases, server, peer_port):
    def add(name, options, server_family, peer_family):
        user = name.replace('/', '-')
        cases.add(f'/interop/uclient/{name}', loses_nothing, server, peer_port, user, options,
                  server_family, peer_family)

    for transport, t in TRANSPORTS.items():
        for family, f in FAMILIES.items():
            for mode, m in MODES.items():
                for peer, p in PEERS.items():
                    add(f'{transport}/{family}/{mode}/{peer}', t + f + m + p, family,
                        None if p else family)
    for variant in VARIANTS:
        add(*variant)
    cases.add('/interop/uclient/wrong-secret-is-refused', wrong_secret_is_refused, server, peer_port)
    for family in LOOPBACK:
        cases.add(f'/interop/stunclient/{family}', binding_shows_own_address, server, family)


def run():
    cases = Cases()
    peer_program = children.program('turnutils_peer')
    peer_port = free_port(following=1)
    with Server(sys.argv[1], tls=True) as server:
        peer = children.start([peer_program, '-L', '127.0.0.1', '-L', '::1', '-p', str(peer_port)])
        add_cases(cases, server, peer_port)
        cases.add_last('/interop/coturn/server-stops-cleanly', server.stop)
        code = cases.run(AT_ONCE)
        children.stop(peer)
    return code


main(run)
