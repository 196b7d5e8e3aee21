# SPDX-License-Identifier: GPL-3.0-or-later
"""Snippets as the programs that they are for read them: whatever a secret holds, it arrives as it
is, and what is real here (node, Prosody, coturn) uses a running server with them.

Arguments: turnhouse-server, write-snippets.
"""

import asyncio
import io
import json
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time

import aioice
import dotenv
import yaml

from support import children, snippets
from support.ports import free_port, relay_range
from support.server import Server
from support.tap import Cases, main

SERVER, WRITE = sys.argv[1:]
SECONDS = 60
HOST = 'turn.example.org'

SECRETS = [
    'plain-Secret_1', "it's", 'say "hi"', 'back\\slash', 'ends in \\', 'two \\\\ of them',
    '$HOME ${PATH} $(id) `id` $$', '#no comment', 'a # b', ' blanks around ', 'a: b, [c] {d}',
    '%s %d %%', '</script><!--', 'true', '12345', '1e3', '~', 'null', '=', '-dash', '--', '*a &b !c',
    '@x', '|', '>', '?', '[[ ]] --]]', 'für 🔑 日本', 'a\u2028b\u00a0c\ufeffd', '\'"', '"\'$\\`',
    "'; rm -rf / #", 'a\\nb\\u0041', '{secret}', '{end}', '${secret}',
]


# Of each secret a folder of snippets, by its number
FOLDER = tempfile.TemporaryDirectory(prefix='turnhouse-test-')


def random_secrets(count):
    """Of what means something somewhere; the same ones each time."""
    source = random.Random(8656)
    return [''.join(source.choices('\'"\\$`#:=-{}[]()<>&|;!*?~%@,. ab1ü', k=source.randint(1, 24)))
            for _ in range(count)]


ALL_SECRETS = SECRETS + random_secrets(20)


# For programs that are started with them
REAL_SECRETS = {'usual': 'S9-kVJ_x2', 'awkward': 'it\'s "mine" $x #1 = für; mich"'}


def each_secret(check):
    """Calls check with a folder of snippets and the secret in them; names those that fail."""
    wrong = []
    for number, secret in enumerate(ALL_SECRETS):
        try:
            check(os.path.join(FOLDER.name, str(number)), secret)
        except Exception as error:  # whatever a parser thinks of it
            wrong.append(f'{secret!r}: {error}')
    assert not wrong, '\n'.join(wrong)
    return f'{len(ALL_SECRETS)} secrets'


def write_for_each_secret():
    for number, secret in enumerate(ALL_SECRETS):
        directory = os.path.join(FOLDER.name, str(number))
        os.mkdir(directory)
        snippets.write(WRITE, directory, secret=secret, api_secret=secret, token=secret)


def equal(found, expected):
    assert found == expected, f'{found!r} in place of {expected!r}'


def synapse_is_yaml():
    def check(directory, secret):
        equal(yaml.safe_load(snippets.read(directory, 'synapse')), {
            'turn_uris': snippets.URLS[1:], 'turn_shared_secret': secret,
            'turn_user_lifetime': '7200s'})
    return each_secret(check)


def livekit_is_yaml():
    def server(port, protocol, secret):
        return {'host': HOST, 'port': port, 'protocol': protocol, 'secret': secret, 'ttl': 7200}

    def check(directory, secret):
        for name in 'livekit', 'matrix-rtc':
            equal(yaml.safe_load(snippets.read(directory, name)), {
                'rtc': {'turn_servers': [server(3478, 'udp', secret), server(3478, 'tcp', secret),
                                         server(5349, 'tls', secret)]},
                'turn': {'enabled': False}})
    return each_secret(check)


def ejabberd_is_yaml():
    def service(port, kind, transport):
        return {'host': HOST, 'port': port, 'type': kind, 'transport': transport,
                'restricted': kind != 'stun'}

    def check(directory, secret):
        equal(yaml.safe_load(snippets.read(directory, 'ejabberd')), {'modules': {'mod_stun_disco': {
            'offer_local_services': False, 'secret': secret, 'credentials_lifetime': 7200,
            'services': [service(3478, 'stun', 'udp'), service(3478, 'turn', 'udp'),
                         service(3478, 'turn', 'tcp'), service(5349, 'turns', 'tcp')]}}})
    return each_secret(check)


# Prints all globals of a configuration, one "path=value" a line.
LUA = '''
local globals = {}
assert(loadfile(arg[1], "t", globals))()
local function show(path, value)
  if type(value) ~= "table" then print(path .. "=" .. tostring(value)) return end
  for key, inner in pairs(value) do show(path .. "." .. key, inner) end
end
show("", globals)
'''


def lua_globals(path):
    with tempfile.NamedTemporaryFile('w', suffix='.lua') as script:
        script.write(LUA)
        script.flush()
        code, written = children.output([children.program('lua5.4'), script.name, path], SECONDS)
    assert code == 0, written
    return dict(line.split('=', 1) for line in written.split('\n') if line)


def jitsi_is_lua():
    def service(number, kind, port, transport):
        fields = {'type': kind, 'host': HOST, 'port': str(port)}
        if kind != 'stun':
            fields |= {'transport': transport, 'secret': 'true', 'ttl': '7200', 'algorithm': 'turn'}
        return {f'.external_services.{number}.{name}': value for name, value in fields.items()}

    def check(directory, secret):
        equal(lua_globals(os.path.join(directory, 'jitsi')), {
            '.external_service_secret': secret} | service(1, 'stun', 3478, 'udp')
            | service(2, 'turn', 3478, 'udp') | service(3, 'turn', 3478, 'tcp')
            | service(4, 'turns', 5349, 'tcp'))
    return each_secret(check)


def prosody_is_lua():
    def check(directory, secret):
        equal(lua_globals(os.path.join(directory, 'prosody')), {
            '.turn_external_host': HOST, '.turn_external_port': '3478',
            '.turn_external_secret': secret, '.turn_external_ttl': '7200',
            '.turn_external_tcp': 'true'})
    return each_secret(check)


def environment(secret):
    return {
        'TURN_SECRET': secret, 'TURN_SERVER_EXTERNAL_HOST': HOST,
        'TURN_SERVER_INTERNAL_HOST': HOST, 'TURN_SERVER_PORT': '3478',
        'TURN_SERVER_PORT_TLS': '5349', 'TURN_REALM': 'a.realm', 'TURN_CREDENTIAL_TTL': '7200',
        'LIVEKIT_API_KEY': 'a-key', 'LIVEKIT_API_SECRET': secret, 'LIVEKIT_TURN_DOMAIN': HOST,
    }


def peerwave_for_shells():
    def check(directory, secret):
        script = 'set -a; . "$1"; exec env -0'
        result = subprocess.run(['env', '-i', 'PATH=' + os.environ['PATH'], 'sh', '-c', script, 'sh',
                                 os.path.join(directory, 'peerwave')], check=True,
                                capture_output=True, timeout=SECONDS)
        found = dict(line.split('=', 1) for line in result.stdout.decode().split('\0') if line)
        wanted = environment(secret)
        equal({name: found.get(name) for name in wanted}, wanted)
    return each_secret(check)


def is_for_shells(secret):
    """What readers of .env files do not agree on: snippet-quote.h says which."""
    return "'" in secret and re.search(r'["$`\\]', secret) or re.search(r'\\(\\|$)', secret)


def peerwave_for_dotenv():
    """python-dotenv, as Docker Compose 1 has it; "\\$", "\\`" and "\\" at the end it cannot read."""
    def check(directory, secret):
        if not (is_for_shells(secret) and re.search(r'[$`]|\\$', secret)):
            text = snippets.read(directory, 'peerwave')
            equal(dict(dotenv.dotenv_values(stream=io.StringIO(text), interpolate=False)),
                  environment(secret))
    return each_secret(check)


# Stands in for sudo, and keeps what it is called with.
SUDO = """#!/usr/bin/python3
import json, os, sys
with open(os.environ['CALLS'], 'a') as file:
    file.write(json.dumps(sys.argv[1:]) + '\\n')
"""


def nextcloud_is_shell():
    def calls(directory):
        log = os.path.join(directory, 'calls')
        with open(os.path.join(directory, 'sudo'), 'w', encoding='utf-8',
                  opener=lambda path, flags: os.open(path, flags, 0o755)) as file:
            file.write(SUDO)
        subprocess.run(['sh', '-eu', os.path.join(directory, 'nextcloud-talk')], check=True,
                       env=os.environ | {'PATH': directory + ':' + os.environ['PATH'], 'CALLS': log},
                       timeout=SECONDS)
        with open(log, encoding='utf-8') as file:
            return [json.loads(line) for line in file]

    def check(directory, secret):
        occ = ['-u', 'www-data', 'php', 'occ']
        add = [*occ, 'talk:turn:add', '--secret=' + secret]
        equal(calls(directory), [
            [*occ, 'talk:stun:add', HOST + ':3478'], [*add, 'turn', HOST + ':3478', 'udp'],
            [*add, 'turn', HOST + ':3478', 'tcp'], [*add, 'turns', HOST + ':5349', 'tcp']])
    return each_secret(check)


def node(script, directory):
    """Runs a module in node; returns what it prints as JSON."""
    with tempfile.NamedTemporaryFile('w', suffix='.mjs', dir=directory, encoding='utf-8') as file:
        file.write(script)
        file.flush()
        code, written = children.output([children.program('node'), file.name], SECONDS)
    assert code == 0, written
    return json.loads(written)


# Instead of browsers' own: prints what it would be made with.
CONNECTION = """
class RTCPeerConnection { constructor(options) { console.log(JSON.stringify(options)); } }
"""


def fetch_is_javascript():
    ask = """globalThis.fetch = async (url, { headers }) =>
        ({ ok: true, json: async () => ({ iceServers: [url, headers] }) });"""

    def check(directory, secret):
        found = node(ask + CONNECTION + snippets.read(directory, 'web-fetch'), directory)
        equal(found, {'iceServers': ['https://turn.example.org:8489/api/ice-servers',
                                     {'Authorization': 'Bearer ' + secret}]})
    return each_secret(check)


def module_is_javascript():
    """The module that is imported is a stub: its own test is tests/endpoint/test-client-module.py,
    and in a browser the snippet is tried with the real one (tests/browser/test-snippet.py)."""
    stub = 'data:text/javascript,export const iceConfig = async (options) => options;'

    def check(directory, secret):
        text = snippets.read(directory, 'web-module')
        line = "import { iceConfig } from 'https://turn.example.org:8489/client.mjs';\n"
        assert text.startswith(line), text
        text = text.replace(line, f"import {{ iceConfig }} from '{stub}';\n", 1)
        equal(node(CONNECTION + text, directory),
              {'url': 'https://turn.example.org:8489', 'token': secret})
    return each_secret(check)


def assert_servers(answer, server, user):
    """That it is what a browser wants, with a credential that the server made for that user."""
    urls = [url for entry in answer['iceServers'] for url in entry['urls']]
    assert f'turn:127.0.0.1:{server.port}?transport=udp' in urls, answer
    entry = next(entry for entry in answer['iceServers'] if 'username' in entry)
    assert re.fullmatch(user, entry['username']) and entry['credential'], answer
    return entry['username'], entry['credential']


def fetch_asks_a_server():
    with Server(SERVER, 'trust-loopback = false\ntokens = app:the-token\n') as server, \
            tempfile.TemporaryDirectory(prefix='turnhouse-test-') as directory:
        snippets.write_for_server(WRITE, directory, server, token='the-token')
        text = snippets.read(directory, 'web-fetch')
        assert_servers(node(CONNECTION + text, directory), server, r'\d+:.+')

        snippets.write_for_server(WRITE, directory, server, token='another-token')
        script = f'try {{ {snippets.read(directory, "web-fetch")} }} ' \
                 'catch (error) { console.log(JSON.stringify(error.message)); }'
        equal(node(CONNECTION + script, directory), 'the relay answered 401')
        server.stop()


# As much of PeerWave, and of LiveKit's library in it, as its route for /ice-config touches.
PEERWAVE = """
import { createHmac } from 'node:crypto';
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
class AccessToken {
  constructor(key, secret, { identity, ttl }) { Object.assign(this, { key, secret, identity, ttl }); }
  async toJwt() {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: this.key, sub: this.identity, nbf: now, exp: now + this.ttl };
    const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
    return `${signed}.${createHmac('sha256', this.secret).update(signed).digest('base64url')}`;
  }
}
const livekitWrapper = { getAccessToken: async () => AccessToken };
const verifyAuthEither = () => {};
const router = { get: async (path, guard, answer) => {
  let status = 200;
  const res = {
    status: (number) => { status = number; return res; },
    json: (body) => console.log(JSON.stringify([path, guard === verifyAuthEither, status, body])),
  };
  console.error = () => {};
  await answer({ userId: 'anna' }, res);
} };
"""

async def relayed_candidates(port, credential):
    """Those that aioice gathers. (uclient cannot: a token is too long a password for it.)"""
    agent = aioice.Connection(
        ice_controlling=True, turn_server=('127.0.0.1', port), turn_username=credential[0],
        turn_password=credential[1], transport_policy=aioice.TransportPolicy.RELAY)
    await agent.gather_candidates()
    found = [candidate for candidate in agent.local_candidates if candidate.type == 'relay']
    await agent.close()
    return found


def peerwave_asks_a_server():
    """The route, with the key and secret as the snippet for .env has them."""
    with Server(SERVER, 'trust-loopback = false\n') as server, \
            tempfile.TemporaryDirectory(prefix='turnhouse-test-') as directory:
        snippets.write_for_server(WRITE, directory, server)
        variables = dotenv.dotenv_values(os.path.join(directory, 'peerwave'), interpolate=False)
        script = f'Object.assign(process.env, {json.dumps(variables)});' + PEERWAVE \
            + snippets.read(directory, 'peerwave-route')
        path, guarded, status, answer = node(script, directory)
        equal((path, guarded, status), ('/ice-config', True, 200))
        credential = assert_servers(answer, server, 'anna')
        assert answer['ttl'] > 0 and answer['expiresAt'].endswith('Z'), answer

        assert asyncio.run(relayed_candidates(server.port, credential))
        server.stop()
        path, guarded, status, answer = node(script, directory)
        equal((status, answer), (500, {'error': 'Failed to generate ICE config'}))


PROSODY = """\
run_as_root = true
data_path = "{directory}"
log = {{ error = "*console" }}
modules_enabled = {{ "turn_external" }}
{snippet}
VirtualHost "example.org"
"""


def prosody_uses_a_server(secret):
    """prosodyctl allocates with what the snippet says."""
    server = Server(SERVER)
    server.secret = secret
    with server, tempfile.TemporaryDirectory(prefix='turnhouse-test-') as directory:
        snippets.write_for_server(WRITE, directory, server)
        path = os.path.join(directory, 'prosody.cfg.lua')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(PROSODY.format(directory=directory,
                                      snippet=snippets.read(directory, 'prosody')))
        code, written = children.output(
            [children.program('prosodyctl'), '--config', path, 'check', 'turn', '-v'], SECONDS)
        assert code == 0 and 'Success!' in written, written
        assert re.search(r'Relayed address 1: 127\.0\.0\.1:\d+', written), written
        server.stop()


COTURN = """\
listening-ip=127.0.0.1
listening-port={port}
min-port={first}
max-port={last}
allow-loopback-peers
no-tls
no-dtls
no-cli
no-stdout-log
log-file={directory}/turnserver.log
pidfile={directory}/turnserver.pid
userdb={directory}/turndb
{snippet}
"""


def wait_until_answered(port):
    """Until a STUN server answers on that UDP port."""
    deadline = time.monotonic() + SECONDS
    request = bytes.fromhex('00010000 2112a442') + os.urandom(12)
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.settimeout(0.2)
        while time.monotonic() < deadline:
            client.sendto(request, ('127.0.0.1', port))
            try:
                if client.recv(2000)[:2] == b'\x01\x01':
                    return
            except OSError:
                time.sleep(0.05)
    raise AssertionError(f'nothing answers on port {port}')


def uclient(port, peer_port, credential):
    """coturn's client through that relay; returns its exit code and output."""
    user, password = credential
    return children.output(
        [children.program('turnutils_uclient'), '-c', '-m', '1', '-n', '5', '-u', user,
         '-w', password, '-p', str(port), '-e', '127.0.0.1', '-r', str(peer_port), '127.0.0.1'],
        SECONDS)


def coturn_takes_the_same_credentials(secret):
    """A credential that opens a running server opens coturn with the snippet, too."""
    server = Server(SERVER)
    server.secret = secret
    peer_port = free_port()
    with server, tempfile.TemporaryDirectory(prefix='turnhouse-test-') as directory:
        snippets.write_for_server(WRITE, directory, server)
        port, (first, last) = free_port(following=1), relay_range()
        path = os.path.join(directory, 'turnserver.conf')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(COTURN.format(port=port, first=first, last=last, directory=directory,
                                     snippet=snippets.read(directory, 'coturn')))
        coturn = children.start([children.program('turnserver'), '-c', path],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peer = children.start([children.program('turnutils_peer'), '-L', '127.0.0.1', '-p',
                               str(peer_port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until_answered(port)
            credential = server.credentials('anna')
            for one in server.port, port:
                code, written = uclient(one, peer_port, credential)
                assert code == 0 and 'Total lost packets 0 (' in written, written
            code, written = uclient(port, peer_port, (credential[0], 'wrong'))
            assert code != 0, written
        finally:
            children.stop(peer)
            children.stop(coturn)
        server.stop()


def run():
    cases = Cases()
    write_for_each_secret()
    for function in (synapse_is_yaml, livekit_is_yaml, ejabberd_is_yaml, jitsi_is_lua,
                     prosody_is_lua, peerwave_for_shells, peerwave_for_dotenv, nextcloud_is_shell,
                     fetch_is_javascript, module_is_javascript, fetch_asks_a_server,
                     peerwave_asks_a_server):
        cases.add('/interop/snippets/' + function.__name__.replace('_', '-'), function)
    for name, secret in REAL_SECRETS.items():
        cases.add('/interop/snippets/prosody-uses-a-server/' + name, prosody_uses_a_server, secret)
        cases.add('/interop/snippets/coturn-takes-the-same-credentials/' + name,
                  coturn_takes_the_same_credentials, secret)
    return cases.run(at_once=4)


main(run)
