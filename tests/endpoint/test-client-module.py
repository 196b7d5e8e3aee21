# SPDX-License-Identifier: GPL-3.0-or-later
"""/client.mjs: how it is served, and that it works in node against a running endpoint."""

import os
import secrets
import sys
import urllib.request

from support import children
from support.server import Server
from support.tap import Cases, main

SECONDS = 30


def fetch(server):
    url = f'http://127.0.0.1:{server.endpoint_port}/client.mjs'
    request = urllib.request.Request(url, headers={'Origin': 'https://app.example.org'})
    return urllib.request.urlopen(request, timeout=SECONDS)


def is_served(binary):
    with Server(binary, 'trust-loopback = false\n') as server:
        with fetch(server) as answer:
            assert answer.headers['Content-Type'] == 'text/javascript; charset=utf-8'
            assert answer.headers['Access-Control-Allow-Origin'] == '*'
            assert 'max-age' in answer.headers['Cache-Control']
            text = answer.read().decode()
        assert 'export async function iceConfig' in text
        assert server.secret not in text
        server.stop()


def works(binary, node, script, name):
    token = secrets.token_hex(16)
    settings = f'trust-loopback = false\ntokens = app:{token}\n'
    with Server(binary, settings) as server:
        module = os.path.join(server.directory, 'client.mjs')
        with fetch(server) as answer, open(module, 'wb') as file:
            file.write(answer.read())
        url = f'http://127.0.0.1:{server.endpoint_port}'
        code, written = children.output(
            [node, script, name, module, url, token, str(server.pid)], SECONDS)
        assert code == 0, written
        if name != 'endpoint-dies':
            server.stop()


def names(node, script):
    """The cases that the script has; it needs no module to tell them."""
    code, written = children.output([node, script, 'list'], SECONDS)
    assert code == 0, written
    return written.split()


def run():
    binary, script = sys.argv[1:]
    cases = Cases()
    cases.add('client-module/served-to-any-page', is_served, binary)
    node = children.program('node')
    for name in names(node, script):
        cases.add(f'client-module/{name}', works, binary, node, script, name)
    return cases.run(at_once=4)


main(run)
