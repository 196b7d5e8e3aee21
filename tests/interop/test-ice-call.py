# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of the ICE test through a real coturn, relay only, over each transport: they connect, and
what comes through is measured."""

import base64
import hashlib
import hmac
import json
import os
import sys
import tempfile
import time

from support import children
from support.certificates import Authority
from support.coturn import Coturn
from support.tap import Cases, main

LIMIT_SECONDS = 60


def credentials(coturn):
    """For the environment of a visitor, by the REST scheme."""
    user = f'{int(time.time()) + 3600}:call'
    mac = hmac.new(coturn.secret.encode(), user.encode(), hashlib.sha1).digest()
    return os.environ | {'TURN_USER': user, 'TURN_PASSWORD': base64.b64encode(mac).decode()}


def call(coturn, visitor, url, through):
    code, written = children.output([visitor, 'call', url], LIMIT_SECONDS,
                                    env=credentials(coturn))
    assert code == 0, written
    found = json.loads(written.splitlines()[-1])
    assert found['done'] and found['through'] == through, found
    assert found['returned'] >= 20 and found['throughput'] > 500000, found
    return f'rtt {found["rtt"]} us, {found["throughput"] / 1e6:.1f} Mbit/s'


def run(visitor):
    with tempfile.TemporaryDirectory(prefix='turnhouse-call-') as directory:
        pair = Authority(directory).pair('server')
        with Coturn('allow-loopback-peers', pair=pair) as coturn:
            cases = Cases()
            for through, url in (
                    ('udp', f'turn:127.0.0.1:{coturn.port}?transport=udp'),
                    ('tcp', f'turn:127.0.0.1:{coturn.port}?transport=tcp'),
                    ('tls', f'turns:127.0.0.1:{coturn.tls_port}?transport=tcp')):
                cases.add(through, call, coturn, visitor, url, through)
            return cases.run(1)


if __name__ == '__main__':
    main(lambda: run(*sys.argv[1:]))
