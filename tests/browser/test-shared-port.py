# SPDX-License-Identifier: GPL-3.0-or-later
"""One port for a website and the relay: nginx and HAProxy with the snippets for them tell by the
name that is asked for, and real clients come through.

Arguments: turnhouse-server, write-snippets.
"""

import http.server
import json
import os
import re
import shutil
import socket
import ssl
import sys
import tempfile
import threading
import time
import urllib.parse

import browsers
from support import children, snippets
from support.certificates import Authority
from support.ports import free_port
from support.server import Server
from support.tap import Cases, main
from website import Website

SECONDS = 60
LIMIT_SECONDS = 150
BYTES = 10_000_000
RELAY_NAME = 'localhost'
WEBSITE_NAME = 'www.example.org'

CERTIFICATE = '\n[tls]\ncertificate = {}\nprivate-key = {}\n'

# What Debian's own nginx.conf has around the snippet
NGINX = """\
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
events {{ }}
{snippet}
"""

HAPROXY = """\
global
    maxconn 100
{snippet}
"""


class EncryptedWebsite:
    """Another server for HTTPS, under another name."""

    def __init__(self, chain, key):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'a website')

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class Sharing:
    """One of the two, with its snippet, on a free port in the place of 443."""

    def __init__(self, directory, name, program, template, options):
        self._directory = os.path.join(directory, name)
        self._program = children.program(program)
        self._template = template
        self._options = options
        self.name = name
        self.port = free_port()

    def start(self, write, relay, website, **values):
        os.makedirs(self._directory)
        os.chmod(self._directory, 0o755)  # nginx's workers are another user's
        snippets.write(write, self._directory, [
            f'turn:{RELAY_NAME}:{relay.port}?transport=udp',
            f'turns:{RELAY_NAME}:{relay.tls_port}?transport=tcp'], **values)
        snippet = snippets.read(self._directory, self.name)
        for usual, here in (r'(?<=[: ])443\b', self.port), (r'\b8443\b', website.port):
            snippet = re.sub(usual, str(here), snippet)
        path = os.path.join(self._directory, 'configuration')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(self._template.format(directory=self._directory, snippet=snippet))
        self._child = children.start([self._program, *self._options, path])
        self._wait()

    def stop(self):
        assert self._child.poll() is None
        children.stop(self._child)

    def _wait(self):
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                return socket.create_connection(('127.0.0.1', self.port), 5).close()
            except OSError:
                assert self._child.poll() is None, f'{self.name} does not run'
                assert time.monotonic() < deadline, f'nobody listens on port {self.port}'
                time.sleep(0.05)


def certificate_names(sharing, root, name, protocols=()):
    context = ssl.create_default_context(cafile=root)
    context.set_alpn_protocols(list(protocols))
    with socket.create_connection(('127.0.0.1', sharing.port), SECONDS) as plain, \
            context.wrap_socket(plain, server_hostname=name) as secure:
        return [value for _, value in secure.getpeercert()['subjectAltName']]


def each_name_has_its_server(sharing, server):
    assert RELAY_NAME in certificate_names(sharing, server.root, RELAY_NAME)
    assert RELAY_NAME in certificate_names(sharing, server.root, RELAY_NAME, ['stun.turn'])
    assert WEBSITE_NAME in certificate_names(sharing, server.root, WEBSITE_NAME)
    assert WEBSITE_NAME in certificate_names(sharing, server.root, WEBSITE_NAME, ['http/1.1'])


def website_answers(sharing, server):
    code, written = children.output(
        [children.program('curl'), '--silent', '--show-error', '--cacert', server.root,
         '--resolve', f'{WEBSITE_NAME}:{sharing.port}:127.0.0.1',
         f'https://{WEBSITE_NAME}:{sharing.port}/'], SECONDS)
    assert code == 0 and written == 'a website', written


def browser_talks_through(sharing, server):
    """A relay-only call of Chromium's, which knows no other address than the shared one."""
    username, credential = server.credentials('browser')
    with Website() as website:
        website.pages['/ice'] = json.dumps({'iceServers': [{
            'urls': [f'turns:{RELAY_NAME}:{sharing.port}?transport=tcp'],
            'username': username, 'credential': credential}]}).encode()
        url = website.url + 'page.html?' + urllib.parse.urlencode(
            {'role': 'both', 'transport': 'tls', 'bytes': BYTES, 'endpoint': website.url + 'ice'})
        with browsers.visiting(browsers.chromium, url, server.root):
            result = website.result('both', LIMIT_SECONDS)
    assert 'error' not in result, result['error']
    one, other = result['ends']
    for end in one, other:
        assert end['bytes'] == BYTES
        assert end['local'] == end['remote'] == 'relay' and end['relayProtocol'] == 'tls', end
    assert one['sent'] == other['received'] and other['sent'] == one['received'], (one, other)
    return f'{BYTES / max(one["seconds"], other["seconds"]) / 1e6:.1f} MB/s each way'


class Listening:
    """Something in the place of the relay that tells what it is sent."""

    port = 3478

    def __enter__(self):
        self._socket = socket.create_server(('127.0.0.1', 0))
        self.tls_port = self._socket.getsockname()[1]
        return self

    def __exit__(self, *_):
        self._socket.close()

    def hears(self, port):
        """What comes first when a client says hello to that port."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = ssl.create_default_context().wrap_bio(incoming, outgoing,
                                                       server_hostname=RELAY_NAME)
        try:
            client.do_handshake()
        except ssl.SSLWantReadError:
            pass
        with socket.create_connection(('127.0.0.1', port), SECONDS) as connection:
            connection.sendall(outgoing.read())
            self._socket.settimeout(SECONDS)
            with self._socket.accept()[0] as heard:
                heard.settimeout(SECONDS)
                return heard.recv(4096)


def says_who_the_client_is(sharing, write):
    with Listening() as relay:
        sharing.start(write, relay, relay, proxy='127.0.0.1', local='127.0.0.1')
        heard = relay.hears(sharing.port)
        sharing.stop()
    assert heard.startswith((b'PROXY TCP4 127.0.0.1 127.0.0.1 ',
                             b'\r\n\r\n\0\r\nQUIT\n\x21\x11')), heard


def make_sharings(directory):
    os.mkdir(directory, 0o755)
    return [Sharing(directory, 'nginx', 'nginx', NGINX, ['-p', directory, '-c']),
            Sharing(directory, 'haproxy', 'haproxy', HAPROXY, ['-db', '-f'])]


def run():
    binary, write = sys.argv[1:]
    directory = tempfile.mkdtemp(prefix='turnhouse-sharing-')
    os.chmod(directory, 0o755)
    try:
        authority = Authority(directory)
        sharings = make_sharings(os.path.join(directory, 'plain'))
        cases = Cases()
        for sharing in make_sharings(os.path.join(directory, 'proxy')):
            cases.add(f'/browser/shared-port/{sharing.name}/says-who-the-client-is',
                      says_who_the_client_is, sharing, write)
        with EncryptedWebsite(*authority.pair('website', names=f'DNS:{WEBSITE_NAME}')) as website, \
                Server(binary, CERTIFICATE.format(*authority.pair('relay')), tls=True) as server:
            server.root = authority.root
            for sharing in sharings:
                sharing.start(write, server, website)
                prefix = f'/browser/shared-port/{sharing.name}/'
                cases.add(prefix + 'each-name-has-its-server', each_name_has_its_server, sharing,
                          server)
                cases.add(prefix + 'website-answers', website_answers, sharing, server)
                cases.add(prefix + 'browser-talks-through', browser_talks_through, sharing, server)
            code = cases.run()
            for sharing in sharings:
                sharing.stop()
            server.stop()
            return code
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main(run)
