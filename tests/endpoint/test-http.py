# SPDX-License-Identifier: GPL-3.0-or-later
"""Every route of a real server, with every method, for every kind of caller; and with curl."""

import http.client
import json
import secrets
import socket
import sys
import time

from support import children, jwt
from support.server import Server
from support.tap import Cases, main

SECONDS = 30
JSON = 'application/json'
POSTS = ['/api/ice-servers', '/api/livekit/ice-config', '/client/meta', '/turn']
WATCHED = ['/api/status', '/metrics']
OPEN = ['/client.mjs', '/healthz', '/test/page.css', '/test/page.mjs']
NOWHERE = ['/', '/api', '/healthz/', '/Metrics', '/metrics%2f', '/metrics%00',
           '/test/', '/test/page.html']
KINDS = {'/metrics': 'text/plain; version=0.0.4; charset=utf-8',
         '/client.mjs': 'text/javascript; charset=utf-8',
         '/test/page.css': 'text/css; charset=utf-8',
         '/test/page.mjs': 'text/javascript; charset=utf-8'}
ORIGIN = 'https://app.example.org'
SETTINGS = f'tokens = chat:{{token}}\ncors-origins = {ORIGIN}\n'


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read().decode()
        self.json = json.loads(self.body) if self.body and self.kind == JSON else None

    @property
    def kind(self):
        return self.headers['Content-Type']


def ask(server, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection('127.0.0.1', server.endpoint_port, timeout=SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def bearer(token):
    return {'Authorization': f'Bearer {token}'}


def relay_password(server):
    answer = ask(server, 'GET', '/api/livekit/ice-config?user=anna',
                 bearer(server.app_token))
    return answer.json['iceServers'][-1]['credential']


def callers(server, trusted):
    """Each kind of caller: its headers, and what it is: unknown, user or known."""
    now = int(time.time())
    claims = {'iss': server.api_key, 'sub': 'anna', 'exp': now + 60}
    return {
        'nothing shown': ({}, 'known' if trusted else 'unknown'),
        'token': (bearer(server.app_token), 'known'),
        'jwt': (bearer(server.token('anna')), 'user'),
        'wrong token': (bearer('x' + server.app_token), 'unknown'),
        'empty token': (bearer(''), 'unknown'),
        'no bearer': ({'Authorization': 'Basic Y2hhdDpjaGF0'}, 'known' if trusted else 'unknown'),
        'foreign host': ({'Host': 'rebind.example.net'}, 'unknown'),
        'foreign origin': ({'Origin': 'https://evil.example.net'}, 'unknown'),
        'listed origin': ({'Origin': ORIGIN}, 'known' if trusted else 'unknown'),
        'jwt expired': (bearer(server.token('anna', -6)), 'unknown'),
        'jwt to come': (bearer(server.token('anna', nbf=now + 60)), 'unknown'),
        'jwt of nobody': (bearer(jwt.sign(claims, 'guess')), 'unknown'),
        'jwt unsigned': (bearer(jwt.sign(claims, server.api_secret, 'none')), 'unknown'),
        'jwt confused': (bearer(jwt.sign(claims, server.api_secret, 'RS256')), 'unknown'),
        'jwt without exp': (bearer(jwt.sign({'iss': server.api_key, 'sub': 'anna'},
                                            server.api_secret)), 'unknown'),
        'jwt without sub': (bearer(server.token('')), 'unknown'),
        'relay password': (bearer(relay_password(server)), 'unknown'),
    }


def expected(path, method, caller):
    """The status that a request must have, by the rules alone."""
    if path not in POSTS + WATCHED + OPEN:
        return 404
    if method == 'OPTIONS':
        return 204
    if method not in ('GET', 'HEAD') and not (method == 'POST' and path in POSTS):
        return 405
    if path in OPEN:
        return 200
    if caller == 'unknown':
        return 401
    return 403 if caller == 'user' and path in WATCHED else 200


def check(answer, path, method, status):
    """What every answer of that status has."""
    assert answer.status == status, f'{answer.status}: {answer.body[:200]}'
    assert answer.headers['Vary'] == 'Origin'
    assert answer.headers['X-Content-Type-Options'] == 'nosniff'
    if method == 'HEAD' or status == 204:
        assert answer.body == ''
    elif status == 200:
        assert answer.kind == KINDS.get(path, JSON), answer.kind
    else:
        assert list(answer.json) == ['error']
    assert ('WWW-Authenticate' in answer.headers) == (status == 401)
    assert ('Allow' in answer.headers) == (status in (204, 405))
    if status in (204, 405):
        methods = answer.headers['Allow'].split(', ')
        assert ('POST' in methods) == (path in POSTS) and method not in set(methods) - {'OPTIONS'}


def every_request(server, trusted):
    count = 0
    for path in POSTS + WATCHED + OPEN + NOWHERE:
        for method in 'GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE':
            for name, (headers, kind) in callers(server, trusted).items():
                status = expected(path, method, kind)
                try:
                    check(ask(server, method, path, headers), path, method, status)
                except AssertionError as problem:
                    raise AssertionError(f'{method} {path}, {name}: {problem}') from None
                count += 1
    return f'{count} requests'


def users(server):
    """Whose credential it is, by who asks and what for."""
    anna = bearer(server.token('anna'))
    app = bearer(server.app_token)
    for path in '/api/ice-servers', '/client/meta':
        for headers, query, user in ((anna, '', 'anna'), (anna, '?user=anna', 'anna'),
                                     (app, '', 'chat'), (app, '?userId=bob', 'bob'),
                                     ({}, '?username=eve', 'eve'), ({}, '', 'local')):
            answer = ask(server, 'GET', path + query, headers)
            assert answer.json['iceServers'][-1]['username'].endswith(f':{user}'), answer.body
    for path in POSTS:
        assert ask(server, 'GET', path + '?user=bob', anna).status == 403
        body = json.dumps({'userId': 'bob'})
        assert ask(server, 'POST', path, anna | {'Content-Type': JSON}, body).status == 403


def livekit(server):
    """The token that is the password says what LiveKit's apps have in it, and its own end."""
    before = time.time()
    answer = ask(server, 'GET', '/api/livekit/ice-config?userId=anna&ttl=5',
                 bearer(server.app_token))
    stun, turn = answer.json['iceServers']
    assert stun == {'urls': [f'stun:127.0.0.1:{server.port}']}
    assert turn['urls'] == [f'turn:127.0.0.1:{server.port}?transport=udp']
    assert turn['username'] == 'anna'
    claims = jwt.verify(turn['credential'], server.api_secret)
    metadata = json.loads(claims.pop('metadata'))
    start, end = claims.pop('nbf'), claims.pop('exp')
    assert claims == {'iss': server.api_key, 'sub': 'anna', 'video': {
        'canPublish': True, 'canSubscribe': True, 'canPublishData': True}}, claims
    assert metadata == {'userId': 'anna', 'purpose': 'p2p-ice'}
    assert end - start == 86400 and start <= before and end - before > 86400 * 7 / 8 - 1
    assert abs(end - time.time() - answer.json['ttl']) <= 2
    assert answer.json['expiresAt'] == time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(end))


def cors(server):
    """A page of a listed origin may ask with a token; others learn nothing."""
    for path in POSTS + WATCHED + OPEN:
        asked = {'Access-Control-Request-Method': 'GET',
                 'Access-Control-Request-Headers': 'authorization'}
        allowed = ask(server, 'OPTIONS', path,
                      asked | {'Origin': ORIGIN, 'Host': 'turn.example.org'})
        assert allowed.headers['Access-Control-Allow-Origin'] == ORIGIN
        assert 'authorization' in allowed.headers['Access-Control-Allow-Headers']
        assert 'GET' in allowed.headers['Access-Control-Allow-Methods']
        foreign = ask(server, 'OPTIONS', path, asked | {'Origin': 'https://evil.example.net'})
        assert not any(name.startswith('Access-Control') for name in foreign.headers)
    answer = ask(server, 'GET', '/api/ice-servers',
                 bearer(server.token('anna')) | {'Origin': ORIGIN, 'Host': 'turn.example.org'})
    assert answer.status == 200 and answer.headers['Access-Control-Allow-Origin'] == ORIGIN


def limits(server):
    """Long headers and bodies are refused, and a slow client holds up nobody."""
    with socket.create_connection(('127.0.0.1', server.endpoint_port), SECONDS) as slow:
        slow.sendall(b'GET /healthz HTTP/1.1\r\nHost: local')
        answer = ask(server, 'POST', '/turn', {'Content-Type': JSON}, b' ' * (64 * 1024 + 1))
        assert answer.status == 413
        assert ask(server, 'GET', '/healthz').status == 200
        slow.sendall(b'host\r\nConnection: close\r\n\r\n')
        assert slow.makefile('rb').readline() == b'HTTP/1.1 200 OK\r\n'
    token = bearer(server.token('anna', x='x' * 8000))
    assert ask(server, 'GET', '/turn', token).status == 401
    try:
        assert ask(server, 'GET', '/turn', {'X-Padding': 'x' * 300000}).status != 200
    except (ConnectionError, http.client.HTTPException):
        pass
    assert ask(server, 'GET', '/healthz').status == 200


def rate_limit(binary):
    """Users and apps are counted apart; what is one too many is told when to come back."""
    with running(binary, 'trust-loopback = false\nrequests-per-minute = 3\n') as server:
        for headers in (bearer(server.app_token), bearer(server.token('anna')),
                        bearer(server.token('bob')), bearer('guess')):
            answers = [ask(server, 'GET', '/turn', headers) for _ in range(4)]
            first = 401 if headers == bearer('guess') else 200
            assert [answer.status for answer in answers] == [first] * 3 + [429]
            assert 1 <= int(answers[-1].headers['Retry-After']) <= 20
        assert ask(server, 'GET', '/healthz').status == 200
        server.stop()


def curl(server, program, *arguments):
    """The status line and headers, and the body, as curl prints them."""
    code, written = children.output([program, '-sS', '-i', '--max-time', str(SECONDS), *arguments],
                                    SECONDS + 5)
    assert code == 0, written
    head, _, body = written.partition('\n\n')
    return head.splitlines(), body


def with_curl(server):
    """What people type when they try it."""
    program = children.program('curl')
    base = f'http://localhost:{server.endpoint_port}'
    token = ['-H', f'Authorization: Bearer {server.app_token}']
    for path in POSTS:
        (first, *_), body = curl(server, program, base + path + '?user=anna', *token)
        assert first == 'HTTP/1.1 200 OK' and json.loads(body)
        (first, *_), body = curl(server, program, base + path, '--json', '{"userId": "anna"}')
        assert first == 'HTTP/1.1 200 OK' and json.loads(body)
    for path in WATCHED + OPEN:
        (first, *_), body = curl(server, program, base + path)
        assert first == 'HTTP/1.1 200 OK' and body
        (first, *_), body = curl(server, program, '--head', base + path)
        assert first == 'HTTP/1.1 200 OK' and not body
    (first, *headers), body = curl(server, program, '-X', 'DELETE', base + '/turn')
    assert first == 'HTTP/1.1 405 Method Not Allowed'
    assert 'Allow: GET, HEAD, POST, OPTIONS' in headers
    (first, *headers), body = curl(server, program, base + '/turn', '-d', 'user=anna')
    assert first == 'HTTP/1.1 415 Unsupported Media Type', first
    (first, *headers), body = curl(server, program, base + '/api/livekit/ice-config',
                                   '-H', 'Authorization: Bearer guess')
    assert first == 'HTTP/1.1 401 Unauthorized'
    assert 'WWW-Authenticate: Bearer realm="turnhouse", error="invalid_token"' in headers
    assert body == '{"error":"Not authenticated"}'


def running(binary, settings=''):
    token = secrets.token_hex(16)
    server = Server(binary, SETTINGS.format(token=token) + settings)
    server.app_token = token
    return server


def stop(*servers):
    for server in servers:
        server.stop()


def run():
    binary = sys.argv[1]
    cases = Cases()
    with running(binary, 'requests-per-minute = 0\n') as trusting, \
            running(binary, 'requests-per-minute = 0\ntrust-loopback = false\n') as strict:
        cases.add('http/every-request-on-trusted-loopback', every_request, trusting, True)
        cases.add('http/every-request-else', every_request, strict, False)
        cases.add('http/whose-credential', users, trusting)
        cases.add('http/livekit-token-verified', livekit, trusting)
        cases.add('http/cors', cors, strict)
        cases.add('http/limits', limits, trusting)
        cases.add('http/rate-limit', rate_limit, binary)
        cases.add('http/curl', with_curl, trusting)
        cases.add_last('http/servers-stop-cleanly', stop, trusting, strict)
        return cases.run(at_once=2)


main(run)
