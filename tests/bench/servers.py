# SPDX-License-Identifier: GPL-3.0-or-later
"""What is put under load: ours, the coturn that this machine has installed, and the forwarder."""

import os
import secrets
import subprocess
import tempfile
import time

from support import children

PORT, TLS_PORT = 3478, 5349
START_SECONDS = 10

TURNHOUSE_CONFIG = """\
[relay]
listen = {address}
port = {port}
tls-port = {tls_port}
external-address = {address}
realm = bench
workers = 1
allow-peers = {allow}

[limits]
user-quota = 0
unauthorized-per-second = 0

[credentials]
secret = {secret}

[endpoint]
port = 0
"""

COTURN_CONFIG = """\
listening-ip={address}
relay-ip={address}
listening-port={port}
realm=bench
relay-threads=1
use-auth-secret
static-auth-secret={secret}
allow-loopback-peers
tls-listening-port={tls_port}
cert={directory}/certificate
pkey={directory}/key
no-dtls
no-cli
no-multicast-peers
no-stdout-log
simple-log
log-file={directory}/log
pidfile={directory}/pid
userdb={directory}/users
"""


class Failed(Exception):
    """A server or a measurement that did not work."""


class Kind:
    """One of the servers that are compared: its program, and how to run it from a folder."""

    start = ['nice', '-n', '-5']

    def __init__(self, name, program, option, config):
        self.name, self._program = name, os.path.abspath(program)
        self._option, self._config = option, config

    def prepare(self, folder, **values):
        """Writes what it needs into the folder; the command that runs it."""
        make_certificate(folder)
        write(folder, 'config', self._config.format(directory=folder, **values))
        return [self._program, self._option, os.path.join(folder, 'config')]

    def find_process(self, child, _folder):
        return child.pid

    def stop(self, child, _process):
        children.stop(child)

    def version(self):
        done = subprocess.run([self._program, '--version'], capture_output=True, text=True,
                              check=False)
        lines = (done.stdout + done.stderr).strip().splitlines()
        return lines[0].split()[-1] if lines else 'of unknown version'


class Forwarder(Kind):
    """The plain forwarder: what is left when a relay does nothing but relay."""

    def __init__(self, program):
        super().__init__('forwarder', program, None, '')

    def prepare(self, folder, **values):
        return [self._program, values['address'], str(values['port'])]

    def version(self):
        return ''


def make_certificate(folder):
    """One as Turnhouse makes for itself, for those who do not."""
    subprocess.run(['openssl', 'req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt',
                    'ec_paramgen_curve:P-256', '-subj', '/CN=bench', '-days', '2',
                    '-keyout', os.path.join(folder, 'key'),
                    '-out', os.path.join(folder, 'certificate')], check=True, capture_output=True)


def turnhouse(program):
    return Kind('Turnhouse', program, '--config', TURNHOUSE_CONFIG)


def coturn(program):
    return Kind('coturn', program, '-c', COTURN_CONFIG)


class Server:
    """A running server, alone on one processor in a namespace."""

    def __init__(self, kind, network, processor):
        self.network, self._kind = network, kind
        self._folder = tempfile.TemporaryDirectory(prefix='turnhouse-bench-')
        secret = secrets.token_hex(32)
        self.secret_file = write(self._folder.name, 'secret', secret)
        command = kind.prepare(self._folder.name, address=network.address, allow=network.allow,
                               port=PORT, tls_port=TLS_PORT, secret=secret)
        with open(self._output_path(), 'wb') as output:
            self._child = children.start(
                ['ip', 'netns', 'exec', network.server_space, 'taskset', '-c', str(processor),
                 *kind.start, *command], stdout=output, stderr=output, cwd=self._folder.name,
                env=os.environ | {'STATE_DIRECTORY': os.path.join(self._folder.name, 'state')})
        self._wait_until_bound()
        self.process = kind.find_process(self._child, self._folder.name)

    def stop(self):
        self._kind.stop(self._child, self.process)
        self._folder.cleanup()

    def _wait_until_bound(self):
        deadline = time.monotonic() + START_SECONDS
        while not self._is_bound('udp') or not self._is_bound('tcp'):
            if self._child.poll() is not None or time.monotonic() > deadline:
                children.stop(self._child)
                output = self._output()
                self._folder.cleanup()
                raise Failed(f'the server did not start: {output}')
            time.sleep(0.05)
        time.sleep(0.3)  # its threads may come after its sockets

    def _is_bound(self, transport):
        """What the kernel shows of the namespace that the process is in."""
        try:
            with open(f'/proc/{self._child.pid}/net/{transport}', encoding='ascii') as table:
                return any(line.split()[1].endswith(f':{PORT:04X}') for line in table)
        except OSError:
            return False

    def _output_path(self):
        return os.path.join(self._folder.name, 'output')

    def _output(self):
        with open(self._output_path(), encoding='utf-8', errors='replace') as file:
            return ' | '.join(file.read().strip().splitlines()[-3:])


def write(folder, name, text):
    """Writes a file that only its owner may read; its path."""
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w', encoding='utf-8', opener=_open_private) as file:
        file.write(text)
    return path


def _open_private(path, flags):
    return os.open(path, flags, 0o600)
