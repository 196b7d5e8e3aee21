# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP and HTTPS on one port of a real server, with the clients of others: good, bad and many."""

import http.client
import os
import random
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from support import children
from support.certificates import Authority
from support.server import Server
from support.tap import Cases, main

SECONDS = 30
HANDSHAKE_SECONDS = 10
HANDSHAKES = 128
FAST = 'requests-per-minute = 0\n'
KNOWN = 'HTTP/1.1 200 OK'


def self_signed(server):
    return os.path.join(server.directory, 'state', 'tls', 'certificate.pem')


def client_context(root, version=None):
    context = ssl.create_default_context(cafile=root)
    context.set_alpn_protocols(['http/1.1'])
    if version is not None:
        context.minimum_version = context.maximum_version = version
    return context


def connect(server):
    return socket.create_connection(('127.0.0.1', server.endpoint_port), timeout=SECONDS)


def https(server, context):
    return http.client.HTTPSConnection('localhost', server.endpoint_port, timeout=SECONDS,
                                       context=context)


def get(server, context, path='/healthz', headers=None):
    """Status and body of one request on a connection of its own."""
    connection = https(server, context)
    try:
        connection.request('GET', path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def plain_works(server):
    connection = http.client.HTTPConnection('127.0.0.1', server.endpoint_port, timeout=SECONDS)
    connection.request('GET', '/healthz')
    assert connection.getresponse().status == 200
    connection.close()


def curl(*arguments):
    return children.output([children.program('curl'), '--silent', '--show-error', *arguments],
                           SECONDS)


def s_client(server, *arguments, written='', security='@SECLEVEL=0'):
    """All that openssl's client says of one connection."""
    run = subprocess.run(
        [children.program('openssl'), 's_client', '-connect', f'127.0.0.1:{server.endpoint_port}',
         '-cipher', 'ALL:' + security, *arguments],
        input=written, text=True, errors='replace', timeout=SECONDS, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.stdout


def client_hello():
    """The first flight of a client."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname='localhost')
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def ends(sock, seconds):
    """Whether the other side ends the connection, whatever it says before."""
    sock.settimeout(seconds)
    try:
        while sock.recv(4096):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


def both_on_one_port(server):
    root = self_signed(server)
    for scheme, host in ('http', '127.0.0.1'), ('https', '127.0.0.1'), ('https', 'localhost'):
        code, written = curl('--cacert', root, f'{scheme}://{host}:{server.endpoint_port}/healthz')
        assert code == 0 and '"status":"ok"' in written, written


def self_signed_is_believed_by_none_else(server, authority):
    code, written = curl('--cacert', authority.root,
                         f'https://127.0.0.1:{server.endpoint_port}/healthz')
    assert code == 60, written


def gnutls_is_content(server):
    code, written = children.output(
        [children.program('gnutls-cli'), '--x509cafile', self_signed(server), '--port',
         str(server.endpoint_port), '127.0.0.1'], SECONDS)
    assert code == 0 and 'The certificate is trusted' in written, written


def callers_are_who_they_are(server):
    """Over TLS too the caller's address counts, and so does the name that was asked for."""
    context = client_context(self_signed(server))
    status, body = get(server, context, '/api/ice-servers')
    assert status == 200 and '"username"' in body, body
    assert get(server, context, '/api/ice-servers', {'Host': 'evil.example'})[0] == 401
    assert get(server, context, '/api/ice-servers', {'Origin': 'https://evil.example'})[0] == 401


def many_requests_on_one_connection(server):
    connection = https(server, client_context(self_signed(server)))
    connection.connect()
    first = connection.sock
    for path in ['/healthz', '/metrics', '/client.mjs', '/nowhere'] * 5:
        connection.request('GET', path)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == (404 if path == '/nowhere' else 200) and body, path
        connection.request('POST', '/api/ice-servers', '{"user": "' + 'a' * 20000 + '"}',
                           {'Content-Type': 'application/json'})
        answer = connection.getresponse()
        assert answer.status in (200, 400) and answer.read()
        assert connection.sock is first
    connection.close()


def frame(text):
    """A text of a WebSocket's client, with a mask that changes nothing (RFC 6455, section 5.2)."""
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text.encode()


def read_until(sock, wanted):
    """All that comes until that is in it."""
    got = b''
    while wanted not in got:
        more = sock.recv(4096)
        assert more, got
        got += more
    return got


def test_page_tells(server):
    """The WebSocket of the test page, over TLS."""
    context = client_context(self_signed(server))
    status, page = get(server, context, '/test')
    assert status == 200
    ticket = re.search('name="turnhouse-ticket" content="([^"]{22})"', page)[1]
    authority = f'localhost:{server.endpoint_port}'
    with context.wrap_socket(connect(server), server_hostname='localhost') as sock:
        sock.sendall((f'GET /test/stream?ticket={ticket} HTTP/1.1\r\nHost: {authority}\r\n'
                      f'Origin: https://{authority}\r\nConnection: Upgrade\r\n'
                      'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
                      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n').encode())
        start = read_until(sock, b']}')
        assert start.startswith(b'HTTP/1.1 101 ') and b'{"type":"start",' in start, start
        sock.sendall(frame('{"type":"gathered","time":1}'))
        sock.sendall(frame('{"type":"nothing of the page"}'))
        read_until(sock, b'\x88\x02\x03\xef')  # closed, as data that makes no sense (1007)


def slow_reader_gets_all(server):
    """More than the kernel keeps for a client: the rest waits until there is room again."""
    times = 300
    request = b'GET /metrics HTTP/1.1\r\nHost: localhost\r\n%s\r\n'
    with socket.socket() as plain:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.settimeout(SECONDS)
        plain.connect(('127.0.0.1', server.endpoint_port))
        context = client_context(self_signed(server))
        with context.wrap_socket(plain, server_hostname='localhost') as client:
            client.sendall(request % b'' * (times - 1) + request % b'Connection: close\r\n')
            parts = []
            while part := client.recv(1000):
                parts.append(part)
    text = b''.join(parts)
    assert text.count(b'HTTP/1.1 200 OK\r\n') == times
    assert text.count(b'\nturnhouse_build_info{') == times
    return f'{len(text)} bytes'


def huge_body_is_refused(server):
    context = client_context(self_signed(server))
    with context.wrap_socket(connect(server), server_hostname='localhost') as client:
        client.sendall(b'POST /turn HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\n')
        client.settimeout(SECONDS)
        text = b''
        while more := client.recv(4096):  # which also raises where there is no close_notify
            text += more
        assert text.startswith(b'HTTP/1.1 413'), text


def metrics_tell_the_end(server):
    text = get(server, client_context(self_signed(server)), '/metrics')[1]
    value = float(text.split('\nturnhouse_certificate_expiry_seconds ')[1].split('\n')[0])
    assert 819 * 86400 < value <= 820 * 86400, value


def old_versions_are_refused(server):
    for version in '-tls1', '-tls1_1':
        written = s_client(server, version)
        assert 'alert protocol version' in written and 'Cipher is (NONE)' in written, written
    for version in 'TLSv1_2', 'TLSv1_3':
        context = client_context(self_signed(server), getattr(ssl.TLSVersion, version))
        assert get(server, context)[0] == 200


def weak_ciphers_are_refused(server):
    for cipher in 'AES128-SHA', 'ECDHE-ECDSA-AES128-SHA', 'DHE-RSA-AES128-GCM-SHA256', 'NULL':
        written = s_client(server, '-tls1_2', '-cipher', cipher + ':@SECLEVEL=0')
        assert 'Cipher is (NONE)' in written, written


def renegotiation_is_refused(server):
    written = s_client(server, '-tls1_2', written='R\n')
    assert 'RENEGOTIATING' in written, written
    assert 'alert no renegotiation' in written, written
    plain_works(server)


def only_http_1_1(server):
    written = s_client(server, '-alpn', 'h2,http/1.1')
    assert 'ALPN protocol: http/1.1' in written, written
    written = s_client(server, '-alpn', 'h2')
    assert 'alert no application protocol' in written, written


def sessions_are_resumed(server):
    context = client_context(self_signed(server), ssl.TLSVersion.TLSv1_2)
    with context.wrap_socket(connect(server), server_hostname='localhost') as first:
        session = first.session
        assert not first.session_reused
    with context.wrap_socket(connect(server), server_hostname='localhost',
                             session=session) as second:
        assert second.session_reused


def garbage_ends_nothing(server):
    source = random.Random(8489)
    hello = client_hello()
    flights = [b'', b'\x16', b'\x16\x03', b'\x16' + source.randbytes(300), b'\x00' * 100,
               b'\x80\x2e\x01\x03\x01' + source.randbytes(41), b'\x15\x03\x01\x00\x02\x02\x28',
               b'\x16\x03\x01\xff\xff' + source.randbytes(2000),
               b'\x16\x03\x01\x00\x00' * 50, b'GET / HTTP/1.1\r\n\x16\x03\x01', hello * 2]
    for _ in range(40):
        damaged = bytearray(hello)
        for _ in range(source.randrange(1, 8)):
            damaged[source.randrange(5, len(damaged))] = source.randrange(256)
        flights.append(bytes(damaged))
    for flight in flights:
        with connect(server) as client:
            try:
                client.sendall(flight)
                client.shutdown(socket.SHUT_WR)
            except OSError:  # it has ended already
                continue
            assert ends(client, SECONDS), flight[:40]
    plain_works(server)
    assert get(server, client_context(self_signed(server)))[0] == 200


def slow_handshakes_are_dropped(server):
    """Whether the client stops in the middle, or goes on byte by byte."""
    hello = client_hello()
    stalled, slow = connect(server), connect(server)
    begin = time.monotonic()
    stalled.sendall(hello[:50])
    slow.setblocking(False)
    for byte in hello:
        if time.monotonic() - begin > HANDSHAKE_SECONDS + 5:
            break
        try:
            slow.send(bytes([byte]))
        except OSError:
            break
        time.sleep(0.1)
    assert HANDSHAKE_SECONDS - 1 < time.monotonic() - begin < HANDSHAKE_SECONDS + 5
    assert ends(stalled, 5) and ends(slow, 5)


def floods_are_bounded(server):
    """Of many handshakes that stall, the newest few stay, and real clients get through."""
    context = client_context(self_signed(server))
    hello = client_hello()
    flood = []
    for i in range(200):
        client = connect(server)
        client.sendall(hello)
        flood.append(client)
        if i % 40 == 0:
            plain_works(server)
            assert get(server, context)[0] == 200
    assert get(server, context)[0] == 200
    ended = [ends(client, 0.01) for client in flood]
    assert ended.count(False) <= HANDSHAKES, ended.count(False)
    for client in flood:
        client.close()
    plain_works(server)


class Swaps:
    """A server whose certificate changes, and clients that ask meanwhile."""

    def __init__(self, server, authority, live):
        self._server = server
        self._root = authority.root
        self._live = live
        self._pairs = [authority.pair(f'swap{i}', kind) for i, kind in enumerate(
            ['ec', 'rsa', 'ec'])]
        self._over = threading.Event()
        self.failures = []
        self.seen = {}

    def _ask(self):
        while not self._over.is_set():
            try:
                connection = https(self._server, client_context(self._root))
                connection.connect()
                subject = connection.sock.getpeercert()['subject'][0][0][1]
                for _ in range(3):
                    connection.request('GET', '/healthz')
                    answer = connection.getresponse()
                    assert answer.status == 200 and answer.read()
                connection.close()
                self.seen[subject] = self.seen.get(subject, 0) + 1
            except Exception as problem:  # pylint: disable=broad-except
                self.failures.append(repr(problem))

    def run(self, seconds):
        clients = [threading.Thread(target=self._ask) for _ in range(20)]
        for client in clients:
            client.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for pair in self._pairs:
                install(pair, self._live)
                time.sleep(0.2)
        self._over.set()
        for client in clients:
            client.join()


def install(pair, live):
    """As programs that renew do: each file is replaced at once, one after the other."""
    for source, target in zip(pair, live):
        shutil.copy(source, target + '.new')
        os.rename(target + '.new', target)


def swaps_fail_no_request(server, authority, live):
    swaps = Swaps(server, authority, live)
    swaps.run(6)
    assert not swaps.failures, swaps.failures[:5]
    assert len(swaps.seen) >= 2, swaps.seen
    return f'{sum(swaps.seen.values())} connections, by certificate: {swaps.seen}'


def chain_is_sent(server, authority):
    """Curl knows the root alone."""
    code, written = curl('--cacert', authority.root,
                         f'https://127.0.0.1:{server.endpoint_port}/healthz')
    assert code == 0, written


def newer_alone_is_spoken(server, authority):
    for version, fits in (ssl.TLSVersion.TLSv1_2, False), (ssl.TLSVersion.TLSv1_3, True):
        try:
            fitted = get(server, client_context(authority.root, version))[0] == 200
        except ssl.SSLError:
            fitted = False
        assert fitted == fits, version


def bad_change_is_told(server, authority, live):
    """What does not fit is told of in the log, and does not take the place of what does."""
    with open(live[1], 'w', encoding='utf-8') as file:
        file.write('no key')
    deadline = time.monotonic() + SECONDS
    while not re.search('The new certificate cannot be used. .* holds no private key',
                        server.log()):
        assert time.monotonic() < deadline, server.log()
        time.sleep(0.05)
    chain_is_sent(server, authority)


def without_certificate_http_goes_on(server):
    assert 'HTTPS is off' in server.log()
    plain_works(server)
    with connect(server) as client:
        client.sendall(client_hello())
        assert ends(client, SECONDS)


def stop_all(servers):
    for server in servers:
        server.stop()


def add(cases, name, function, *arguments):
    cases.add('/endpoint/https/' + name, function, *arguments)


def add_self_signed(cases, server, authority):
    add(cases, 'both-on-one-port', both_on_one_port, server)
    add(cases, 'self-signed-is-believed-by-none-else', self_signed_is_believed_by_none_else, server,
        authority)
    add(cases, 'gnutls-is-content', gnutls_is_content, server)
    add(cases, 'callers-are-who-they-are', callers_are_who_they_are, server)
    add(cases, 'many-requests-on-one-connection', many_requests_on_one_connection, server)
    add(cases, 'test-page-tells', test_page_tells, server)
    add(cases, 'slow-reader-gets-all', slow_reader_gets_all, server)
    add(cases, 'huge-body-is-413', huge_body_is_refused, server)
    add(cases, 'metrics-tell-the-end', metrics_tell_the_end, server)
    add(cases, 'old-versions-are-refused', old_versions_are_refused, server)
    add(cases, 'weak-ciphers-are-refused', weak_ciphers_are_refused, server)
    add(cases, 'renegotiation-is-refused', renegotiation_is_refused, server)
    add(cases, 'only-http-1.1', only_http_1_1, server)
    add(cases, 'sessions-are-resumed', sessions_are_resumed, server)
    add(cases, 'garbage-ends-nothing', garbage_ends_nothing, server)
    add(cases, 'slow-handshakes-are-dropped', slow_handshakes_are_dropped, server)
    add(cases, 'floods-are-bounded', floods_are_bounded, server)


def run():
    binary = sys.argv[1]
    cases = Cases()
    with tempfile.TemporaryDirectory(prefix='turnhouse-test-') as directory:
        authority = Authority(directory)
        live = os.path.join(directory, 'live.pem'), os.path.join(directory, 'live.key')
        install(authority.pair('first', 'rsa'), live)
        tls = f'\n[tls]\ncertificate = {live[0]}\nprivate-key = {live[1]}\n'
        absent = f'\n[tls]\ncertificate = {live[0]}\nprivate-key = {directory}/absent\n'
        with Server(binary, FAST) as own, Server(binary, FAST + tls) as given, \
                Server(binary, tls + 'min-version = 1.3\n') as newer, \
                Server(binary, absent) as without:
            add_self_signed(cases, own, authority)
            add(cases, 'chain-is-sent', chain_is_sent, given, authority)
            add(cases, 'newer-alone-is-spoken', newer_alone_is_spoken, newer, authority)
            add(cases, 'without-certificate-http-goes-on', without_certificate_http_goes_on,
                without)
            add(cases, 'swaps-fail-no-request', swaps_fail_no_request, given, authority, live)
            add(cases, 'bad-change-is-told', bad_change_is_told, given, authority, live)
            cases.add_last('/endpoint/https/stop', stop_all, (own, given, newer, without))
            return cases.run()


main(run)
