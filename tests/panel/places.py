# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks in which the panel's relay and its visitors are: loopback as any test has it, or one of
its own with the addresses and ports that people would see."""

import os
import subprocess
import tempfile

from support.certificates import Authority

FONT = 'Cantarell 11'  # GNOME's, at its size

COMMON = """\
[io/github/turnhouse/Turnhouse]
relay-listen={listen}
relay-port={port}
relay-tls-port={tls_port}
relay-relay-ports='{first}-{last}'
relay-external-address={external}
relay-allow-peers={peers}
relay-server-name='{name}'
endpoint-port={endpoint_port}
endpoint-hybrid=false
limits-user-quota=200
ice-test-hourly=false
"""


class Loopback:
    """As it is: every machine has it."""

    font = FONT
    relay = '127.0.0.1'
    neighbour = 'localhost'  # what another server there is called
    authority = None  # that everybody there trusts

    def settings(self, panel, first, last):
        return COMMON.format(listen="['127.0.0.1', '::1']", port=panel.port, tls_port=panel.port,
                             first=first, last=last,
                             external="['127.0.0.1', '::1']", peers="['127.0.0.0/8', '::1/128']",
                             name='', endpoint_port=panel.endpoint_port)

    def client(self, number):
        """An address for a client or peer."""
        return f'127.{number // 40 + 1}.0.{number % 40 + 7}'

    peer = client


class Documentation(Loopback):
    """A network namespace of our own, which nothing leaves, with documentation's addresses, and a
    mount namespace, where names can be looked up and certificates are trusted."""

    relay = '198.51.100.1'
    name = 'turn.example.org'
    neighbour = 'turn.example.net'
    system_trust = '/etc/ssl/certs/ca-certificates.crt'
    networks = ('198.51.100.0/24', '203.0.113.0/24', '192.0.2.0/24')

    def __init__(self):
        run('ip', 'link', 'set', 'lo', 'up')
        for network in self.networks:
            run('ip', 'route', 'add', 'local', network, 'dev', 'lo')
        run('ip', 'address', 'add', f'{self.relay}/32', 'dev', 'lo')
        self._directory = tempfile.TemporaryDirectory()
        self.authority = Authority(self._directory.name)
        hosts = os.path.join(self._directory.name, 'hosts')
        with open(hosts, 'w', encoding='ascii') as file:
            file.write(f'127.0.0.1 localhost {self.neighbour}\n{self.relay} {self.name}\n')
        run('mount', '--bind', hosts, '/etc/hosts')
        run('mount', '--bind', self.authority.root, self.system_trust)

    def settings(self, panel, first, last):
        panel.port, panel.endpoint_port = 3478, 8489
        return COMMON.format(listen=f"['{self.relay}', '127.0.0.1']", port=3478, tls_port=5349,
                             first=49152, last=65535, external=f"['{self.relay}']",
                             peers=list(self.networks),
                             name=self.name, endpoint_port=8489)

    def client(self, number):
        return f'203.0.113.{(number * 37 + 7) % 250 + 1}'

    def peer(self, number):
        return f'192.0.2.{(number * 23 + 40) % 250 + 1}'


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f'{" ".join(command)}: {done.stderr or done.stdout}'
