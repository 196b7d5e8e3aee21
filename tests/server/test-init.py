# SPDX-License-Identifier: GPL-3.0-or-later
"""turnhouse-server --init: a first configuration, and never over another file."""

import base64
import hashlib
import hmac
import os
import re
import sys

from house import House, assert_one_line
from support.tap import Cases, main


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


def secret_of(text):
    found = re.search(r'^secret=(\S+)$', text, re.MULTILINE)
    assert found, text
    return found[1]


def init(house, *arguments):
    code, out, err = house.run('--init', *arguments)
    assert (code, err) == (0, ''), (code, err)
    return out


def writes_a_config(binary):
    with House(binary) as house:
        out = init(house, '--config', house.config)
        text = read(house.config)
        assert os.stat(house.config).st_mode & 0o777 == 0o600
        for group in 'relay', 'limits', 'credentials', 'endpoint':
            assert f'[{group}]' in text, group
        assert len(secret_of(text)) >= 43
        assert re.search(r'^external-address=\S', text, re.MULTILINE)
        assert secret_of(text) not in out


def says_what_comes_next(binary):
    with House(binary) as house:
        out = init(house, '--config', house.config)
        for part in ('stun:', 'turn:', '?transport=udp', '?transport=tcp', '/api/ice-servers',
                     'username', 'password', 'ufw allow 3478/udp', 'ufw allow 3478/tcp',
                     'ufw allow 5349/udp', 'ufw allow 5349/tcp',
                     'ufw allow 49152:65535/udp', '--add-port=49152-65535/udp', 'nft add rule',
                     f'turnhouse-server --config \'{house.config}\''):
            assert part in out, (part, out)


def config_and_credential_are_good(binary):
    with House(binary) as house:
        out = init(house, '--config', house.config)
        username = re.search(r'username +(\S+)', out)[1]
        password = re.search(r'password +(\S+)', out)[1]
        secret = secret_of(read(house.config))
        mac = hmac.new(secret.encode(), username.encode(), hashlib.sha1)
        assert password == base64.b64encode(mac.digest()).decode()
        code, _, err = house.run('--config', house.config, '--credentials', 'anna')
        assert (code, err) == (0, ''), (code, err)


def secrets_differ(binary):
    with House(binary) as house:
        init(house, '--config', house.path('one'))
        init(house, '--config', house.path('two'))
        assert secret_of(read(house.path('one'))) != secret_of(read(house.path('two')))


def never_overwrites(binary):
    with House(binary) as house:
        house.write_config(b'# mine\n')
        code, out, err = house.run('--init', '--config', house.config)
        assert (code, out) == (1, ''), (code, out)
        assert_one_line(err)
        assert house.config in err
        assert read(house.config) == '# mine\n'
        assert not os.path.exists(house.state)


def never_through_a_link(binary):
    with House(binary) as house:
        os.symlink(house.path('target'), house.config)
        code, _, err = house.run('--init', '--config', house.config)
        assert code == 1
        assert_one_line(err)
        assert not os.path.exists(house.path('target'))


def default_place(binary):
    with House(binary) as house:
        init(house)
        path = house.path('config/turnhouse/turnhouse-server.conf')
        assert os.stat(path).st_mode & 0o777 == 0o600
        assert os.stat(os.path.dirname(path)).st_mode & 0o777 == 0o700
        code, _, err = house.run('--init')
        assert code == 1
        assert_one_line(err)


def folder_cannot_be_made(binary):
    with House(binary) as house:
        house.write_config()
        code, _, err = house.run('--init', '--config', house.path('server.conf/inside'))
        assert code == 1
        assert_one_line(err)


def run():
    binary = sys.argv[1]
    cases = Cases()
    cases.add('/server/init/writes-a-config', writes_a_config, binary)
    cases.add('/server/init/says-what-comes-next', says_what_comes_next, binary)
    cases.add('/server/init/config-and-credential-are-good', config_and_credential_are_good, binary)
    cases.add('/server/init/secrets-differ', secrets_differ, binary)
    cases.add('/server/init/never-overwrites', never_overwrites, binary)
    cases.add('/server/init/never-through-a-link', never_through_a_link, binary)
    cases.add('/server/init/default-place', default_place, binary)
    cases.add('/server/init/folder-cannot-be-made', folder_cannot_be_made, binary)
    return cases.run(at_once=2)


main(run)
