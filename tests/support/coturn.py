# SPDX-License-Identifier: GPL-3.0-or-later
"""A real coturn on free loopback ports, with a shared secret and, if wished, a certificate."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time

from support import children
from support.ports import free_port, relay_range

SECONDS = 20

CONFIG = """\
listening-ip=127.0.0.1
listening-ip=::1
relay-ip=127.0.0.1
relay-ip=::1
listening-port={port}
tls-listening-port={tls_port}
min-port={first}
max-port={last}
realm=coturn
use-auth-secret
static-auth-secret={secret}
no-cli
log-file={directory}/turnserver.log
pidfile={directory}/turnserver.pid
userdb={directory}/turndb
"""


class Coturn:
    """Running inside a with block; options are lines of its configuration."""

    def __init__(self, *options, pair=None):
        self._program = children.program('turnserver')
        self._options = list(options)
        if pair is not None:
            self._options += [f'cert={pair[0]}', f'pkey={pair[1]}']
        else:
            self._options += ['no-tls', 'no-dtls']
        self._tls = pair is not None
        self.port = free_port(following=1)  # it takes the next one too
        self.tls_port = free_port(following=1)
        self.secret = secrets.token_hex(16)

    def __enter__(self):
        self._directory = tempfile.mkdtemp(prefix='turnhouse-coturn-')
        first, last = relay_range()
        path = os.path.join(self._directory, 'turnserver.conf')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(CONFIG.format(port=self.port, tls_port=self.tls_port, first=first,
                                     last=last, secret=self.secret, directory=self._directory))
            file.write('\n'.join(self._options) + '\n')
        self._child = children.start([self._program, '-c', path], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL)
        self._wait()
        return self

    def __exit__(self, *_):
        children.stop(self._child)
        shutil.rmtree(self._directory, ignore_errors=True)

    def _wait(self):
        """Until it answers over UDP, and takes connections for TLS."""
        deadline = time.monotonic() + SECONDS
        while not (self._answers() and (not self._tls or self._takes_connections())):
            assert time.monotonic() < deadline, 'coturn does not start'

    def _answers(self):
        request = bytes.fromhex('00010000 2112a442') + os.urandom(12)
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.settimeout(0.2)
            client.sendto(request, ('127.0.0.1', self.port))
            try:
                return client.recv(2000)[:2] == b'\x01\x01'
            except OSError:
                time.sleep(0.05)
                return False

    def _takes_connections(self):
        try:
            socket.create_connection(('127.0.0.1', self.tls_port), 1).close()
            return True
        except OSError:
            time.sleep(0.05)
            return False
