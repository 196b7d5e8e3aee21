# SPDX-License-Identifier: GPL-3.0-or-later
"""Automatic certificates: the real server with the real uacme, and Let's Encrypt's test server."""

import http.client
import http.server
import json
import os
import shutil
import socket
import ssl
import stat
import sys
import tempfile
import threading
import time

from support import children
from support.acme import Pebble, Refusing, Trust
from support.ports import free_port
from support.server import Server
from support.tap import Cases, main

SECONDS = 60
NAME = 'turn.example.org'
SETTINGS = '\n[tls]\nacme = {method}\nacme-directory = {directory}\nacme-port = {port}\n'


class AutomaticServer(Server):
    """One whose certificate comes from an authority."""

    def __init__(self, binary, trust, method, directory, acme_port, tls=False):
        super().__init__(binary, SETTINGS.format(method=method, directory=directory,
                                                 port=acme_port), tls)
        self.environment = trust.environment()

    def configuration(self):
        return super().configuration().replace(
            '[relay]\n', f'[relay]\nserver-name = {NAME}\n', 1)

    def status(self):
        return json.loads(self.run('--status', '--json'))

    def problem(self, name):
        """Title and detail of that problem, or None."""
        return next(((problem['title'], problem['detail'])
                     for problem in self.status()['problems'] if problem['id'] == name), None)


class Connection:
    """A client over HTTPS that stays connected."""

    def __init__(self, port, context):
        self._port = port
        self._http = http.client.HTTPSConnection(NAME, port, context=context, timeout=SECONDS)
        self._http._create_connection = lambda *_: socket.create_connection(('127.0.0.1', port),
                                                                            SECONDS)
        self._http.connect()
        self.socket = self._http.sock
        self.certificate = self.socket.getpeercert(binary_form=True)

    def works(self):
        self._http.request('GET', '/healthz')
        assert self._http.getresponse().read()
        return self._http.sock is self.socket

    def close(self):
        self._http.close()


def wait_for(what, seconds=SECONDS):
    """What that function returns, as soon as it is true."""
    deadline = time.monotonic() + seconds
    while True:
        value = what()
        if value:
            return value
        assert time.monotonic() < deadline, f'{what.__name__} did not come true'
        time.sleep(0.05)


def certificate_of(server, authority):
    """What a client that believes the authority is shown; None if it does not believe it."""
    try:
        connection = Connection(server.endpoint_port, authority.client_context())
    except ssl.SSLCertVerificationError:
        return None
    connection.close()
    return connection.certificate


def wait_for_certificate(server, authority, before=None):
    def certificate():
        shown = certificate_of(server, authority)
        return shown if shown != before else None
    return wait_for(certificate)


def issued_and_renewed(binary, trust, method, tls=False):
    """Twice a certificate, and nobody who is connected notices. tls: the relay's own port is the
    one that the authority knows, else the endpoint's."""
    acme_port = free_port()
    server = AutomaticServer(binary, trust, method, 'https://127.0.0.1:1/dir', acme_port, tls)
    with Pebble(trust, acme_port, server.tls_port if tls else server.endpoint_port) as authority:
        server._endpoint_settings = SETTINGS.format(
            method=method, directory=authority.directory_url, port=acme_port)
        with server:
            first = wait_for_certificate(server, authority)
            clients = [Connection(server.endpoint_port, authority.client_context())
                       for _ in range(20)]
            assert all(client.works() for client in clients)
            assert 'being asked' in server.run('--renew')
            second = wait_for_certificate(server, authority, first)
            assert second != first
            assert all(client.works() for client in clients)
            for client in clients:
                client.close()
            told = server.status()['certificate']
            assert told['names'] == [NAME] and not told['selfSigned'], told
            assert 'Pebble' in told['issuer'] and 80 < told['secondsLeft'] / 86400 <= 90, told
            assert server.problem('acme-failed') is None
            assert f'Certificate {NAME}' in server.run('--status')
            keys_are_private(server)
            nothing_is_left_open(server, acme_port)
            server.stop()


def keys_are_private(server):
    top = os.path.join(server.directory, 'state', 'tls', 'acme')
    assert stat.S_IMODE(os.stat(top).st_mode) == 0o700
    keys = [os.path.join(folder, name) for folder, _, names in os.walk(top)
            for name in names if name == 'key.pem']
    assert len(keys) == 2, keys
    for key in keys:
        assert stat.S_IMODE(os.stat(key).st_mode) & 0o077 == 0, key


def nothing_is_left_open(server, acme_port):
    try:
        socket.create_connection(('127.0.0.1', acme_port), SECONDS).close()
    except ConnectionRefusedError:
        pass
    else:
        raise AssertionError('the port for the check is still open')
    connection = http.client.HTTPConnection('127.0.0.1', server.endpoint_port, timeout=SECONDS)
    connection.request('GET', '/.well-known/acme-challenge/token')
    assert connection.getresponse().status == 404
    connection.close()


def kept_over_restarts(binary, trust):
    """A certificate that is good is used from the start on, and no other is asked for."""
    acme_port = free_port()
    with Pebble(trust, acme_port, 1) as authority:
        with AutomaticServer(binary, trust, 'http-01', authority.directory_url,
                             acme_port) as server:
            first = wait_for_certificate(server, authority)
            child = server._child
            children.stop(child)
            with open(server._log_path, 'wb') as log:
                server._child = children.start(server._command, env=server._environment,
                                               stdout=log, stderr=log)
            server._wait_until_ready()
            assert certificate_of(server, authority) == first
            assert 'Asking' not in server.log(), server.log()
            server.stop()


def warned_before_the_end(binary, trust):
    """One that ends soon, and for which there is no other yet, is a problem with a remedy."""
    acme_port = free_port()
    with Pebble(trust, acme_port, 1, days=1) as authority:
        server = AutomaticServer(binary, trust, 'http-01', authority.directory_url, acme_port)
        with server:
            wait_for_certificate(server, authority)
            status = server.status()
            assert status['certificate']['secondsLeft'] <= 86400
            title, detail = wait_for(lambda: server.problem('certificate-renewal'))
            assert NAME in title and 'not renewed yet' in detail, (title, detail)
            server.stop()


def told_why(binary, trust, make_authority, method, words, http_port=None):
    """A failure becomes a problem with words, and everything else goes on."""
    acme_port = free_port()
    with make_authority(http_port or acme_port) as authority:
        with AutomaticServer(binary, trust, method, authority.directory_url, acme_port) as server:
            title, detail = wait_for(lambda: server.problem('acme-failed'))
            assert title == f'No certificate could be fetched for {NAME}', title
            for part in words:
                assert part in detail, detail
            assert 'The next try is on' in detail, detail
            assert server.status()['certificate']['selfSigned']
            health = http.client.HTTPConnection('127.0.0.1', server.endpoint_port,
                                                timeout=SECONDS)
            health.request('GET', '/healthz')
            assert health.getresponse().status == 200
            health.close()
            server.stop()


class Stranger(http.server.BaseHTTPRequestHandler):
    """Another web server on the port where the authority looks."""

    def do_GET(self):
        body = b'Welcome to nginx!'
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def other_web_server(binary, trust):
    stranger = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Stranger)
    threading.Thread(target=stranger.serve_forever, daemon=True).start()
    try:
        told_why(binary, trust, lambda port: Pebble(trust, port, 1), 'http-01',
                 ['Another web server answered for ' + NAME, '(unauthorized)'],
                 stranger.server_address[1])
    finally:
        stranger.shutdown()
        stranger.server_close()


def port_is_taken(binary, trust):
    with socket.create_server(('0.0.0.0', 0)) as other, Pebble(trust, 1, 1) as authority:
        port = other.getsockname()[1]
        with AutomaticServer(binary, trust, 'http-01', authority.directory_url, port) as server:
            _, detail = wait_for(lambda: server.problem('acme-failed'))
            assert f'Port {port} is taken by another program' in detail, detail
            assert '/.well-known/acme-challenge/' in detail, detail
            server.stop()


def through_a_web_server(binary, trust):
    """With acme-port = 0 the endpoint answers, to whoever passes the question on."""
    server = AutomaticServer(binary, trust, 'http-01', '', 0)
    with Pebble(trust, server.endpoint_port, 1) as authority:
        server._endpoint_settings = SETTINGS.format(
            method='http-01', directory=authority.directory_url, port=0)
        with server:
            wait_for_certificate(server, authority)
            server.stop()


def without_uacme(binary, trust):
    server = AutomaticServer(binary, trust, 'http-01', 'https://127.0.0.1:1/dir', free_port())
    server.environment = {'PATH': '/nonexistent'}
    with server:
        title, detail = wait_for(lambda: server.problem('acme-missing'))
        assert 'uacme' in title and 'apt install uacme' in detail, (title, detail)
        server.stop()


def check_asks_nobody(binary, trust):
    """A look at the configuration is no reason for another certificate."""
    with AutomaticServer(binary, trust, 'http-01', 'https://127.0.0.1:1/dir', free_port()) as server:
        server.stop()
        written = server.run('--check')
        assert 'Asking' not in written and 'allocation over' in written, written


def ends_with_the_server(binary, trust):
    """A uacme that hangs does not outlive the server, nor hold it up."""
    folder = os.path.join(trust.directory, 'hanging')
    os.mkdir(folder)
    pid_file = os.path.join(folder, 'pid')
    program = os.path.join(folder, 'uacme')
    with open(program, 'w', encoding='utf-8') as file:
        file.write(f'#!/bin/sh\necho $$ > {pid_file}.new; mv {pid_file}.new {pid_file}\n'
                   'exec sleep 1000\n')
    os.chmod(program, 0o755)
    server = AutomaticServer(binary, trust, 'http-01', 'https://127.0.0.1:1/dir', free_port())
    server.environment = {'PATH': folder + os.pathsep + os.environ['PATH']}
    with server:
        wait_for(lambda: os.path.exists(pid_file))
        with open(pid_file, encoding='utf-8') as file:
            pid = int(file.read())
        server.stop()
    wait_for(lambda: not os.path.exists(f'/proc/{pid}'))


def run():
    binary = sys.argv[1]
    directory = tempfile.mkdtemp(prefix='turnhouse-acme-')
    try:
        trust = Trust(directory)
        cases = Cases()
        add = lambda name, function, *arguments: cases.add(
            '/interop/acme/' + name, function, binary, trust, *arguments)
        add('http-01/issued-and-renewed-under-live-clients', issued_and_renewed, 'http-01')
        add('tls-alpn-01/issued-and-renewed-under-live-clients', issued_and_renewed,
            'tls-alpn-01')
        add('tls-alpn-01/by-the-port-of-the-relay', issued_and_renewed, 'tls-alpn-01', True)
        add('http-01/through-a-web-server', through_a_web_server)
        add('kept-over-restarts', kept_over_restarts)
        add('warned-before-the-end', warned_before_the_end)
        add('told/nobody-reaches-the-port', told_why,
            lambda port: Pebble(trust, free_port(), 1), 'http-01',
            ['cannot reach ' + NAME + ' on port 80', '(connection)'])
        add('told/another-web-server', other_web_server)
        add('told/port-is-taken', port_is_taken)
        add('told/rate-limit', told_why,
            lambda _: Refusing(trust, 429, {
                'type': 'urn:ietf:params:acme:error:rateLimited',
                'detail': 'too many certificates already issued\u202e for "example.org"'}),
            'http-01', ['asked too often', 'too many certificates already issued',
                        '(rateLimited)'])
        add('told/an-answer-that-is-none', told_why,
            lambda _: Refusing(trust, 500, b'{"type": {"type": [[[[' * 4000), 'http-01', ['uacme'])
        add('told/uacme-is-missing', without_uacme)
        add('check-asks-nobody', check_asks_nobody)
        add('ends-with-the-server', ends_with_the_server)
        return cases.run(4)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


main(run)
