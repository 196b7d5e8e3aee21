# SPDX-License-Identifier: GPL-3.0-or-later
"""What turnhouse-server makes of its arguments and its configuration, good and bad."""

import base64
import datetime
import hashlib
import hmac
import json
import os
import sys
import time

from house import House, assert_one_line
from support import livekit
from support.tap import Cases, main

SLACK = 20  # seconds between making a credential and looking at it

BAD_COMMAND_LINES = {
    'unknown-option': ['--turn'],
    'argument-that-is-no-option': ['start'],
    'config-without-file': ['--config'],
    'two-commands': ['--init', '--check'],
    'credentials-without-user': ['--credentials'],
    'credentials-for-nobody': ['--credentials', ''],
    'credentials-for-a-line-break': ['--credentials', 'an\nna'],
    'credentials-for-too-long-a-name': ['--credentials', 'u' * 257],
    'ttl-zero': ['--credentials', 'anna', '--ttl', '0'],
    'ttl-negative': ['--credentials', 'anna', '--ttl', '-5'],
    'ttl-not-a-number': ['--credentials', 'anna', '--ttl', 'day'],
    'ttl-too-large': ['--credentials', 'anna', '--ttl', '99999999999999999999'],
    'ttl-alone': ['--ttl', '60'],
    'scheme-unknown': ['--credentials', 'anna', '--scheme', 'basic'],
    'livekit-for-a-bar': ['--credentials', 'an|na', '--scheme', 'livekit'],
    'ttl-of-a-token': ['--credentials', 'anna', '--scheme', 'jwt', '--ttl', '60'],
    'json-alone': ['--json'],
    'json-of-a-rotation': ['--rotate', '--json'],
    'revoke-alone': ['--revoke'],
    'revoke-with-status': ['--status', '--revoke'],
    'rotate-what-does-not-exist': ['--rotate', 'users'],
    'rotate-two-things': ['--rotate', 'secret', 'api'],
    'secret-alone': ['secret'],
    'status-of-something': ['--status', 'api'],
    'disconnect-nobody': ['--disconnect', ''],
    'disconnect-without-user': ['--disconnect'],
    'disconnect-too-long-a-name': ['--disconnect', 'u' * 1025],
    'disconnect-with-credentials': ['--disconnect', 'anna', '--credentials', 'ben'],
    'status-and-drain': ['--status', '--drain'],
    'drain-and-rotate': ['--drain', '--rotate'],
    'drain-and-test-link': ['--drain', '--test-link'],
    'test-link-as-json': ['--test-link', '--json'],
    'test-link-with-a-word': ['--test-link', 'once'],
    'drain-with-ttl': ['--drain', '--ttl', '60'],
    'version-and-status': ['--version', '--status'],
}

# What is wrong, and the line it is said of.
BAD_CONFIGS = {
    'unknown-group': (b'[relais]\nport = 1\n', 1),
    'unknown-key': (b'[relay]\n\n# ports\nprot = 3478\n', 4),
    'port-too-large': (b'[relay]\nport = 65536\n', 2),
    'port-not-a-number': (b'[relay]\nport = http\n', 2),
    'range-backwards': (b'[relay]\nrelay-ports = 60000-50000\n', 2),
    'address-is-a-name': (b'[relay]\nlisten = localhost\n', 2),
    'cidr-with-host-bits': (b'[relay]\nallow-peers = 10.0.0.1/8\n', 2),
    'boolean-maybe': (b'[relay]\nallow-lan-peers = maybe\n', 2),
    'user-without-password': (b'[credentials]\nusers = anna\n', 2),
    'ttl-zero': (b'[credentials]\nttl = 0\n', 2),
    'origin-without-scheme': (b'[endpoint]\ncors-origins = app.example.org\n', 2),
    'no-key-file': (b'[relay]\nport 3478\n', 2),
    'key-before-any-group': (b'port = 3478\n', 1),
    'not-text': (b'[relay]\nrealm = \xff\xfe\n', 2),
}


def version(binary):
    with House(binary) as house:
        code, out, err = house.run('--version')
        assert (code, err) == (0, '') and out.startswith('turnhouse-server '), (code, out, err)
        assert not os.path.exists(house.state)


def help_names_every_option(binary):
    with House(binary) as house:
        code, out, _ = house.run('--help')
        assert code == 0
        for option in ('config', 'init', 'check', 'credentials', 'ttl', 'scheme', 'json', 'status',
                       'rotate', 'revoke', 'disconnect', 'test-link', 'drain', 'version'):
            assert f'--{option}' in out, option


def bad_command_line(binary, arguments):
    with House(binary) as house:
        code, out, err = house.run(*arguments)
        assert (code, out) == (2, ''), (code, out)
        assert_one_line(err)


def bad_config(binary, text, line):
    with House(binary) as house:
        house.write_config(text)
        for command in [], ['--check'], ['--credentials', 'anna']:
            code, out, err = house.run('--config', house.config, *command)
            assert (code, out) == (2, ''), (code, out)
            assert_one_line(err)
            assert err.startswith(f'{house.config}:{line}: '), err
        assert not os.path.exists(house.state)


def config_missing(binary):
    with House(binary) as house:
        code, _, err = house.run('--config', house.config)
        assert code == 2
        assert_one_line(err)
        assert house.config in err


def named_file(binary, group, key):
    """A file that the configuration names and that is not there."""
    with House(binary) as house:
        house.write_config(f'[{group}]\n{key} = nowhere\n'.encode())
        code, _, err = house.run('--config', house.config, '--credentials', 'anna')
        assert code == 2, (code, err)
        assert_one_line(err)
        assert 'nowhere' in err


def check_credential(house, answer, user, ttl):
    expiry, _, name = answer['username'].partition(':')
    assert name == user
    assert abs(int(expiry) - time.time() - ttl) < SLACK
    mac = hmac.new(house.secret.encode(), answer['username'].encode(), hashlib.sha1)
    assert answer['password'] == base64.b64encode(mac.digest()).decode()
    assert answer['credential'] == answer['password']
    assert answer['ttl'] == ttl
    expires_at = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(int(expiry)))
    assert answer['expiresAt'] == expires_at


def credentials_as_json(binary):
    with House(binary) as house:
        house.write_config()
        command = ['--config', house.config, '--json', '--credentials']
        code, out, err = house.run(*command, 'anna')
        assert (code, err) == (0, ''), (code, err)
        answer = json.loads(out)
        check_credential(house, answer, 'anna', 86400)
        assert answer['uris'] == [f'turn:127.0.0.1:{house.port}?transport=udp',
                                  f'turn:127.0.0.1:{house.port}?transport=tcp']

        code, out, _ = house.run(*command, 'Jürgen K.', '--ttl', '60', '--scheme', 'rest')
        assert code == 0
        check_credential(house, json.loads(out), 'Jürgen K.', 60)


def base64url(text):
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))


def credentials_as_token(binary):
    """As any JWT library would check it, against the key and secret of the configuration."""
    with House(binary) as house:
        house.write_config()
        with open(house.config, 'a', encoding='utf-8') as file:
            file.write('[credentials]\napi-key = APIhome\napi-secret = star\n')
        code, out, _ = house.run('--config', house.config, '--json', '--scheme', 'jwt',
                                 '--credentials', 'Jürgen "K"')
        assert code == 0, code
        answer = json.loads(out)
        assert answer['username'] == 'Jürgen "K"'
        header, payload, signature = answer['credential'].split('.')
        right = hmac.new(b'star', f'{header}.{payload}'.encode(), hashlib.sha256).digest()
        assert base64url(signature) == right
        assert json.loads(base64url(header)) == {'alg': 'HS256', 'typ': 'JWT'}
        claims = json.loads(base64url(payload))
        assert claims['exp'] - claims['nbf'] == 86400
        assert claims['nbf'] <= time.time() < claims['exp']
        assert (claims['iss'], claims['sub']) == ('APIhome', 'Jürgen "K"')
        assert claims['video'] == dict.fromkeys(
            ('canPublish', 'canSubscribe', 'canPublishData'), True)
        assert json.loads(claims['metadata']) == {'userId': 'Jürgen "K"', 'purpose': 'p2p-ice'}


def credentials_as_livekit(binary):
    with House(binary) as house:
        house.write_config()
        with open(house.config, 'a', encoding='utf-8') as file:
            file.write('[credentials]\napi-key = APIhome\napi-secret = star\n')
        code, out, _ = house.run('--config', house.config, '--json', '--scheme', 'livekit',
                                 '--ttl', '600', '--credentials', 'Jürgen "K"')
        assert code == 0, code
        answer = json.loads(out)
        assert answer['ttl'] == 600
        end = datetime.datetime.fromisoformat(answer['expiresAt'].replace('Z', '+00:00'))
        assert abs(end.timestamp() - time.time() - 600) < SLACK, answer
        assert (answer['username'], answer['credential']) == livekit.credential(
            'APIhome', 'star', 'Jürgen "K"', int(end.timestamp()))


def credentials_as_text(binary):
    with House(binary) as house:
        house.write_config()
        code, out, err = house.run('--config', house.config, '--credentials', 'anna')
        assert (code, err) == (0, ''), (code, err)
        assert [line.split()[0] for line in out.splitlines()] == ['username', 'password', 'expires']
        assert house.secret not in out


def credentials_without_config(binary):
    """A ring is made at first, kept where nobody else can read it, and used again."""
    with House(binary) as house:
        first = house.run('--credentials', 'anna', '--json')
        assert first[0] == 0, first
        assert os.stat(house.state).st_mode & 0o777 == 0o700
        for name in os.listdir(house.state):
            assert os.stat(os.path.join(house.state, name)).st_mode & 0o777 == 0o600, name
        with open(os.path.join(house.state, 'secrets.json'), 'rb') as file:
            before = file.read()
        assert house.run('--credentials', 'anna')[0] == 0
        with open(os.path.join(house.state, 'secrets.json'), 'rb') as file:
            assert file.read() == before


def state_cannot_be_kept(binary):
    with House(binary) as house:
        with open(house.state, 'w', encoding='utf-8'):
            pass  # a file where the folder should be
        code, out, err = house.run('--credentials', 'anna')
        assert (code, out) == (1, ''), (code, out)
        assert_one_line(err)


def users_config_is_found(binary):
    with House(binary) as house:
        folder = house.path('config/turnhouse')
        os.makedirs(folder)
        house.write_config()
        os.rename(house.config, os.path.join(folder, 'turnhouse-server.conf'))
        code, out, _ = house.run('--credentials', 'anna', '--json')
        assert code == 0
        check_credential(house, json.loads(out), 'anna', 86400)


def run():
    binary = sys.argv[1]
    cases = Cases()
    cases.add('/server/version', version, binary)
    cases.add('/server/help-names-every-option', help_names_every_option, binary)
    for name, arguments in BAD_COMMAND_LINES.items():
        cases.add(f'/server/bad-command-line/{name}', bad_command_line, binary, arguments)
    for name, (text, line) in BAD_CONFIGS.items():
        cases.add(f'/server/bad-config/{name}', bad_config, binary, text, line)
    cases.add('/server/bad-config/missing', config_missing, binary)
    for group, key in (('credentials', 'secret-file'), ('credentials', 'users-file'),
                       ('endpoint', 'tokens-file')):
        cases.add(f'/server/bad-config/{key}-missing', named_file, binary, group, key)
    cases.add('/server/credentials/json', credentials_as_json, binary)
    cases.add('/server/credentials/token', credentials_as_token, binary)
    cases.add('/server/credentials/livekit', credentials_as_livekit, binary)
    cases.add('/server/credentials/text', credentials_as_text, binary)
    cases.add('/server/credentials/without-config', credentials_without_config, binary)
    cases.add('/server/credentials/state-cannot-be-kept', state_cannot_be_kept, binary)
    cases.add('/server/config/of-the-user-is-found', users_config_is_found, binary)
    return cases.run(at_once=2)


main(run)
