# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers under load: ours, and the coturn that this machine has installed."""

import os
import secrets
import subprocess
import tempfile
import time

from support import children

PORT = 3478
START_SECONDS = 10

TURNHOUSE_CONFIG = """\
[relay]
listen = {address}
port = {port}
tls-port = 0
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
no-tls
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
    """One of the servers that are compared; arguments follow its program and name its config."""

    def __init__(self, name, program, arguments, config):
        self.name, self.program, self.config = name, program, config
        self._arguments = arguments

    def command(self, config_path):
        return [self.program, *self._arguments, config_path]

    def version(self):
        done = subprocess.run([self.program, '--version'], capture_output=True, text=True,
                              check=False)
        lines = (done.stdout + done.stderr).strip().splitlines()
        return lines[0].split()[-1] if lines else 'of unknown version'


def turnhouse(program):
    return Kind('Turnhouse', program, ['--config'], TURNHOUSE_CONFIG)


def coturn(program):
    return Kind('coturn', program, ['-c'], COTURN_CONFIG)


class Server:
    """A running server, alone on one processor in a namespace."""

    def __init__(self, kind, network, processor):
        self.network = network
        self._directory = tempfile.TemporaryDirectory(prefix='turnhouse-bench-')
        self.secret_file = self._path('secret')
        secret = secrets.token_hex(32)
        self._write('secret', secret)
        self._write('config', kind.config.format(
            address=network.address, allow=network.allow, port=PORT, secret=secret,
            directory=self._directory.name))
        with open(self._path('output'), 'wb') as output:
            self._child = children.start(
                ['ip', 'netns', 'exec', network.server_space, 'taskset', '-c', str(processor),
                 'nice', '-n', '-5', *kind.command(self._path('config'))],
                stdout=output, stderr=output, cwd=self._directory.name,
                env=os.environ | {'STATE_DIRECTORY': self._path('state')})
        self.process = self._child.pid
        self._wait_until_bound()

    def stop(self):
        children.stop(self._child)
        self._directory.cleanup()

    def is_running(self):
        return self._child.poll() is None

    def _wait_until_bound(self):
        deadline = time.monotonic() + START_SECONDS
        while not self._is_bound('udp') or not self._is_bound('tcp'):
            if not self.is_running() or time.monotonic() > deadline:
                output = self._output()
                self.stop()
                raise Failed(f'the server did not start: {output}')
            time.sleep(0.05)
        time.sleep(0.3)  # its threads may come after its sockets

    def _is_bound(self, transport):
        """What the kernel shows of the namespace that the process is in."""
        try:
            with open(f'/proc/{self.process}/net/{transport}', encoding='ascii') as table:
                return any(line.split()[1].endswith(f':{PORT:04X}') for line in table)
        except OSError:
            return False

    def _output(self):
        with open(self._path('output'), encoding='utf-8', errors='replace') as file:
            return ' | '.join(file.read().strip().splitlines()[-3:])

    def _path(self, name):
        return os.path.join(self._directory.name, name)

    def _write(self, name, text):
        with open(self._path(name), 'w', encoding='utf-8', opener=_open_private) as file:
            file.write(text)


def _open_private(path, flags):
    return os.open(path, flags, 0o600)
