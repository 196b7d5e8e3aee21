# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret is ever to be seen where it has no business.

A server with every kind of secret is used and misused in every way, talkative as it can be; then
its log, its answers to all who must not know, what the kernel shows of its process, and what its
commands print are searched for each of the secrets.
"""

import base64
import http.client
import json
import os
import secrets
import sys
from pathlib import Path

from support import children
from support.server import Server
from support.tap import Cases, main

LIMIT_SECONDS = 30
SETTINGS = """\
tokens = chat:{token}
requests-per-minute = 0
trust-loopback = false

[limits]
unauthorized-per-second = 0
"""
MORE_CREDENTIALS = """\
previous-secrets = {previous}
users = anna:{password}

[endpoint]"""


class Talkative(Server):
    """Logs all it can, with one secret of every kind."""

    def __init__(self, binary):
        self.token, self.previous, self.password = (secrets.token_hex(24) for _ in range(3))
        super().__init__(binary, SETTINGS.format(token=self.token))
        os.environ['G_MESSAGES_DEBUG'] = 'all'

    def configuration(self):
        """The password of a user must be in [credentials], which is not the last group."""
        return super().configuration().replace('[endpoint]', MORE_CREDENTIALS.format(
            previous=self.previous, password=self.password))

    def all_secrets(self):
        """Those of the configuration, and those that the server has made for itself."""
        return {self.secret, self.token, self.previous, self.api_secret, self.password,
                *made_by_itself(Path(self.directory, 'state'))}


def made_by_itself(state):
    found = set()
    for path in state.glob('*.json'):
        found |= set(texts_of_secrets(json.loads(path.read_text(encoding='utf-8'))))
    assert found, 'nothing is kept there'
    return found


def texts_of_secrets(kept):
    """Values of members named secret, wherever they are."""
    if isinstance(kept, dict):
        for name, value in kept.items():
            if name == 'secret' and isinstance(value, str):
                yield value
            yield from texts_of_secrets(value)
    elif isinstance(kept, list):
        for item in kept:
            yield from texts_of_secrets(item)


def ask(server, path, method='GET', body=None, **headers):
    """All of an answer, as text."""
    connection = http.client.HTTPConnection('127.0.0.1', server.endpoint_port,
                                            timeout=LIMIT_SECONDS)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    text = f'{answer.status} {answer.getheaders()} {answer.read().decode()}'
    connection.close()
    return answer.status, text


def allocate(server, username, password):
    code, written = children.output(
        [children.program('turnutils_uclient'), '-m', '1', '-n', '1', '-c', '-y', '-u', username,
         '-w', password, '-p', str(server.port), '127.0.0.1'], LIMIT_SECONDS)
    return code == 0, written


def relay_is_used_and_misused(server):
    assert allocate(server, 'anna', server.password)[0]
    assert allocate(server, *server.credentials('ben'))[0]
    assert not allocate(server, 'anna', server.password + 'x')[0]
    assert not allocate(server, server.secret, server.secret)[0], 'a secret in the wrong place'


def answers_without_right(server):
    """What those may see who have no right to a credential."""
    token, wrong = f'Bearer {server.token}', f'Bearer {server.token}x'
    forged = base64.urlsafe_b64encode(server.api_secret.encode()).decode()
    return [
        ask(server, '/healthz')[1],
        ask(server, '/api/status', Authorization=token)[1],
        ask(server, '/metrics', Authorization=token)[1],
        ask(server, '/client.mjs')[1],
        ask(server, '/api/ice-servers', Authorization=wrong)[1],
        ask(server, '/api/ice-servers', Authorization=f'Bearer {forged}.{forged}.{forged}')[1],
        ask(server, f'/api/ice-servers?token={server.token}')[1],
        ask(server, '/api/ice-servers', 'POST', '{"user":', Authorization=token)[1],
        ask(server, '/api/ice-servers?ttl=never', Authorization=token)[1],
        ask(server, '/turn', 'PUT', Authorization=token)[1],
        ask(server, '/' + server.secret)[1].replace('/' + server.secret, ''),
    ]


def minted_passwords(server):
    """Handed out to those who may; they are secrets of their holders from then on."""
    passwords = set()
    for path in '/api/ice-servers', '/api/livekit/ice-config', '/turn?service=turn&username=x':
        status, text = ask(server, path, Authorization=f'Bearer {server.token}')
        assert status == 200, text
        answer = json.loads(text[text.index('{'):])
        entries = answer.get('iceServers', [answer])
        passwords |= {entry.get('credential') or entry.get('password') for entry in entries} - {None}
    assert len(passwords) == 3, passwords
    return passwords


def shown_by_kernel(server):
    process = Path('/proc', str(server.pid))
    return [(process / name).read_bytes().decode(errors='replace')
            for name in ('cmdline', 'environ', 'comm', 'status', 'maps')]


def nothing_leaks(server):
    relay_is_used_and_misused(server)
    seen = answers_without_right(server)
    seen += [server.run('--rotate'), server.run('--rotate', 'api'),
             server.run('--rotate', '--revoke'), server.run('--status', '--json'),
             server.run('--status'), server.run('--version')]
    hidden = server.all_secrets() | minted_passwords(server)
    seen += [*answers_without_right(server), *shown_by_kernel(server)]
    server.stop()
    seen.append(server.log())
    assert 'ready' in seen[-1], seen[-1]
    for secret in hidden:
        for text in seen:
            assert secret not in text, (secret, text)
    return f'{len(hidden)} secrets, {sum(map(len, seen))} characters searched'


def run():
    cases = Cases()
    with Talkative(sys.argv[1]) as server:
        cases.add('/interop/secrets-stay-secret', nothing_leaks, server)
        return cases.run()


main(run)
