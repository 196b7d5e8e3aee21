# SPDX-License-Identifier: GPL-3.0-or-later
"""RFC 5780 with coturn on the other side: its client asks our relay, and our discovery asks its
server, each with two loopback addresses. Between them is no NAT, and that is what both find."""

import json
import re
import sys

from support import children
from support.coturn import Coturn
from support.server import Server
from support.tap import Cases, main

LIMIT_SECONDS = 60


class TwoHosts(Server):
    def configuration(self):
        return re.sub(r'(?m)^(listen|external-address) =.*$', r'\1 = 127.0.0.1, 127.0.0.2',
                      super().configuration())


def coturn_client(binary):
    with TwoHosts(binary) as server:
        code, written = children.output(
            [children.program('turnutils_natdiscovery'), '-m', '-f', '-p', str(server.port),
             '-L', '127.0.0.1', '127.0.0.1'], LIMIT_SECONDS)
        assert code == 0, written
        for text in (f'Response origin: : 127.0.0.1:{server.port}\n',
                     f'Response origin: : 127.0.0.2:{server.port}\n',
                     f'Other addr: : 127.0.0.2:{server.port + 1}\n',
                     'No NAT!', 'NAT with Endpoint Independent Filtering!'):
            assert text in written, written
        server.stop()


def coturn_server(visitor, *options):
    with Coturn('allow-loopback-peers', *options) as coturn:
        code, written = children.output([visitor, 'nat', f'stun:127.0.0.1:{coturn.port}'],
                                        LIMIT_SECONDS)
        assert code == 0, written
        found = json.loads(written.splitlines()[-1])
        two = bool(options)
        assert found['answered'] and found['rfc5780'] == two, found
        assert found['mapping'] == 'none', found
        assert found['filtering'] == ('endpoint-independent' if two else 'unknown'), found


def run(binary, visitor):
    cases = Cases()
    cases.add('coturn-client', coturn_client, binary)
    cases.add('coturn-server/one-address', coturn_server, visitor)
    cases.add('coturn-server/two-addresses', coturn_server, visitor, 'listening-ip=127.0.0.2')
    return cases.run(3)


if __name__ == '__main__':
    main(lambda: run(*sys.argv[1:]))
