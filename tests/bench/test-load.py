# SPDX-License-Identifier: GPL-3.0-or-later
"""The load program against turnhouse-server and against the bare forwarder: whatever it sends
arrives once, whole and in order.

What it costs is not looked at here. The pace is one that any machine keeps up with.
"""

import json
import os
import socket
import sys
import tempfile
import time

from support import children, ports
from support.server import Server
from support.tap import Cases, main

LIMIT_SECONDS = 60
FAULTS = 'lost', 'late', 'again', 'corrupt', 'misled', 'stray'

BULK = ['--size', '1200', '--burst', '16', '--segment', '--coalesce', '--rate', '8000']
WAYS = {
    'udp': ['--flows', '4', '--rate', '2000'],
    'udp/closed-loop': ['--flows', '4', '--window', '32'],
    'udp/bulk': BULK,
    'udp/largest': ['--size', '1440', '--rate', '2000'],
    'udp/bad-input-between': ['--flows', '4', '--rate', '2000', '--garbage', '20'],
    'tcp': ['--tcp', '--flows', '4', '--rate', '2000'],
    'tcp/odd-size': ['--tcp', '--flows', '2', '--size', '155', '--rate', '2000'],
    'tls': ['--tls', '--flows', '4', '--rate', '2000'],
    'pairs/udp': ['--pairs', '--flows', '4', '--rate', '2000'],
    'pairs/tcp': ['--pairs', '--tcp', '--flows', '4', '--rate', '2000'],
    'pairs/bulk': ['--pairs', '--flows', '2', *BULK],
    'up-alone': ['--direction', 'up', '--rate', '2000'],
    'down-alone': ['--direction', 'down', '--rate', '2000'],
}
FORWARDER_WAYS = 'udp', 'udp/bulk', 'tcp', 'tcp/odd-size', 'pairs/udp', 'pairs/bulk'


class Forwarder:
    """The bare forwarder, as a server that lets anyone in."""

    secret = 'none'

    def __init__(self, program):
        self.port = ports.free_port()
        self._folder = tempfile.TemporaryDirectory()
        self.directory = self._folder.name
        self._child = children.start([program, '127.0.0.1', str(self.port)])
        deadline = time.monotonic() + LIMIT_SECONDS
        while not self._listens():
            assert self._child.poll() is None and time.monotonic() < deadline, 'it does not listen'
            time.sleep(0.01)

    def _listens(self):
        with socket.socket() as attempt:
            return attempt.connect_ex(('127.0.0.1', self.port)) == 0

    def stop(self):
        children.stop(self._child)
        self._folder.cleanup()


def put_load(program, server, arguments):
    secret = os.path.join(server.directory, 'secret')
    port = server.tls_port if '--tls' in arguments else server.port
    with open(secret, 'w', encoding='utf-8') as file:
        file.write(server.secret)
    code, written = children.output(
        [program, '--port', str(port), '--secret-file', secret, '--warm-up', '0',
         '--seconds', '0.3', *arguments], LIMIT_SECONDS)
    assert code == 0, f'load ended with {code}:\n{written}'
    return json.loads(written)


def relays_all(program, server, arguments):
    traffic = put_load(program, server, arguments)['traffic']
    assert not any(traffic[fault] for fault in FAULTS), traffic
    assert traffic['sent'] == traffic['received'] > 0, traffic
    assert (traffic['garbage'] > 0) == ('--garbage' in arguments), traffic
    return f'{traffic["received"]} packets'


def only_allocates(program, server):
    figures = put_load(program, server, ['--flows', '4', '--allocate-only'])
    assert figures['setup']['allocations_per_second'] > 0 and 'traffic' not in figures, figures


def run():
    cases = Cases()
    program = os.path.abspath(sys.argv[2])
    forwarder = Forwarder(sys.argv[3])
    for name in FORWARDER_WAYS:
        cases.add(f'/bench/forwarder/{name}', relays_all, program, forwarder, WAYS[name])
    cases.add('/bench/forwarder/stops', forwarder.stop)
    with Server(sys.argv[1], tls=True) as server:
        for name, arguments in WAYS.items():
            cases.add(f'/bench/load/{name}', relays_all, program, server, arguments)
        cases.add('/bench/load/allocate-only', only_allocates, program, server)
        cases.add_last('/bench/load/server-stops-cleanly', server.stop)
        return cases.run()


main(run)
