# SPDX-License-Identifier: GPL-3.0-or-later
"""Authorities that give out certificates (ACME, RFC 8555): Let's Encrypt's own test server, Pebble,
and one that only refuses. And uacme, made to believe them."""

import base64
import http.server
import json
import os
import ssl
import threading
import time
import urllib.request

from support import children
from support.certificates import Authority
from support.ports import free_port
from support.tap import Skip

SECONDS = 30
DAY = 86400
SYSTEM_ROOTS = '/etc/ssl/certs/ca-certificates.crt'

# uacme trusts what the system trusts, and takes no word for anything else. So it runs in a mount
# namespace where another file stands in that place.
WRAPPER = """\
#!/bin/sh
exec unshare {user}--mount sh -c \
    'mount --bind "{root}" {system} && exec {uacme} "$@"' uacme "$@"
"""


class Trust:
    """An authority for the authorities' own HTTPS, and a folder with a uacme that trusts it."""

    def __init__(self, directory):
        self.directory = directory
        self.own = Authority(directory)
        self.chain, self.key = self.own.pair('authority')
        self.path = os.path.join(directory, 'bin')
        os.mkdir(self.path)
        wrapper = os.path.join(self.path, 'uacme')
        with open(wrapper, 'w', encoding='utf-8') as file:
            file.write(WRAPPER.format(user='' if os.getuid() == 0 else '--map-root-user ',
                                      root=self.own.root, system=SYSTEM_ROOTS,
                                      uacme=children.program('uacme')))
        os.chmod(wrapper, 0o755)
        _, written = children.output([wrapper, '--version'], SECONDS)
        if 'version' not in written:
            raise Skip(f'no mount namespace to run uacme in: {written.strip()}')

    def environment(self):
        """Where a server finds that uacme."""
        return {'PATH': self.path + os.pathsep + os.environ['PATH']}

    def context(self):
        return ssl.create_default_context(cafile=self.own.root)


class Pebble:
    """The authority, which looks for all names on this machine; http_port and tls_port take the
    places of 80 and 443."""

    def __init__(self, trust, http_port, tls_port, days=90):
        self._trust = trust
        self._settings = {
            'certificate': trust.chain, 'privateKey': trust.key, 'httpPort': http_port,
            'tlsPort': tls_port, 'ocspResponderURL': '', 'externalAccountBindingRequired': False,
            'certificateValidityPeriod': days * DAY}

    def __enter__(self):
        """Others look for free ports at the same time; who comes second tries again."""
        deadline = time.monotonic() + SECONDS
        while True:
            self._start()
            while all(child.poll() is None for child in self._children):
                try:
                    self._get('/roots/0')
                    return self
                except OSError:
                    assert time.monotonic() < deadline, 'Pebble does not answer'
                    time.sleep(0.05)
            self.__exit__()

    def _start(self):
        self.port, self._management, dns, dns_management = (free_port() for _ in range(4))
        base = os.path.join(self._trust.directory, f'pebble-{self.port}')
        with open(base + '.json', 'w', encoding='utf-8') as file:
            json.dump({'pebble': self._settings | {
                'listenAddress': f'127.0.0.1:{self.port}',
                'managementListenAddress': f'127.0.0.1:{self._management}'}}, file)
        names = [children.program('pebble-challtestsrv'), '-http01', '', '-https01', '',
                 '-tlsalpn01', '', '-dns01', f'127.0.0.1:{dns}',
                 '-management', f'127.0.0.1:{dns_management}', '-defaultIPv6', '']
        pebble = [children.program('pebble'), '-config', base + '.json',
                  '-dnsserver', f'127.0.0.1:{dns}']
        environment = os.environ | {'PEBBLE_VA_NOSLEEP': '1', 'PEBBLE_AUTHZREUSE': '0'}
        with open(base + '.log', 'wb') as log:
            self._children = [children.start(command, stdout=log, stderr=log, env=environment)
                              for command in (names, pebble)]

    def __exit__(self, *_):
        for child in self._children:
            children.stop(child)

    @property
    def directory_url(self):
        return f'https://127.0.0.1:{self.port}/dir'

    def client_context(self):
        """Of a client that believes the certificates it gives out."""
        context = ssl.create_default_context(cadata=self._get('/roots/0').decode())
        context.set_alpn_protocols(['http/1.1'])
        return context

    def _get(self, path):
        with urllib.request.urlopen(f'https://127.0.0.1:{self._management}{path}',
                                    context=self._trust.context(), timeout=SECONDS) as answer:
            return answer.read()


class Refusing:
    """An authority that makes accounts, and answers every order with one refusal."""

    def __init__(self, trust, status, problem):
        self.known = False
        authority = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                if self.path == '/nonce':
                    self._answer(204, None)
                    return
                url = f'https://127.0.0.1:{authority.port}'
                self._answer(200, {'newNonce': url + '/nonce', 'newAccount': url + '/account',
                                   'newOrder': url + '/order', 'meta': {}})

            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
                payload = base64.urlsafe_b64decode(request['payload'] + '==')
                if self.path != '/account':
                    self._answer(status, problem)
                elif authority.known:
                    self._answer(200, {'status': 'valid'})
                elif b'onlyReturnExisting' in payload:
                    self._answer(400, {'type': 'urn:ietf:params:acme:error:accountDoesNotExist'})
                else:
                    authority.known = True
                    self._answer(201, {'status': 'valid'})

            def _answer(self, code, value):
                body = b'' if value is None else (
                    value if isinstance(value, bytes) else json.dumps(value).encode())
                self.send_response(code)
                self.send_header('Replay-Nonce', 'bm9uY2U')
                self.send_header('Location', f'https://127.0.0.1:{authority.port}/account/1')
                self.send_header('Content-Type', 'application/json' if code < 400 else
                                 'application/problem+json')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(trust.chain, trust.key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    @property
    def directory_url(self):
        return f'https://127.0.0.1:{self.port}/directory'
