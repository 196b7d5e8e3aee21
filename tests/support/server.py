# SPDX-License-Identifier: GPL-3.0-or-later
"""A real turnhouse-server, alone on free loopback ports, with a state directory of its own."""

import base64
import hashlib
import hmac
import json
import os
import re
import secrets
import shutil
import tempfile
import time

from support import children, jwt
from support.ports import free_port, relay_range

SANITIZER_REPORT = re.compile(r'(Address|Leak|Thread)Sanitizer|runtime error:')
START_SECONDS = 30
STOP_SECONDS = 20

CONFIG = """\
[relay]
listen = 127.0.0.1, ::1
port = {port}
tls-port = {tls_port}
relay-ports = {first}-{last}
external-address = 127.0.0.1, ::1
allow-peers = 127.0.0.0/8, ::1/128

[credentials]
secret = {secret}
api-key = {api_key}
api-secret = {api_secret}

[endpoint]
port = {endpoint_port}
hybrid = false
"""


class Server:
    """Running inside a with block; leaving it without stop() kills the program. tls: it speaks TLS,
    with a certificate of its own making unless the settings name one."""

    def __init__(self, binary, endpoint_settings='', tls=False):
        self._binary = binary
        self._endpoint_settings = endpoint_settings
        self._child = None
        self.environment = {}
        self.port = free_port()
        self.tls_port = free_port() if tls else 0
        self.endpoint_port = free_port()
        self.secret = secrets.token_hex(32)
        self.api_key = 'API' + secrets.token_hex(6)
        self.api_secret = secrets.token_hex(32)

    def __enter__(self):
        self.directory = tempfile.mkdtemp(prefix='turnhouse-test-')
        self._log_path = os.path.join(self.directory, 'log')
        config = os.path.join(self.directory, 'turnhouse.conf')
        with open(config, 'w', encoding='utf-8', opener=_open_private) as file:
            file.write(self.configuration())
        self._command = [self._binary, '--config', config]
        self._environment = os.environ | self.environment | {
            'STATE_DIRECTORY': os.path.join(self.directory, 'state')}
        with open(self._log_path, 'wb') as log:
            self._child = children.start(self._command, env=self._environment,
                                         stdout=log, stderr=log)
        self._wait_until_ready()
        return self

    def __exit__(self, *_):
        if self._child is not None:
            children.stop(self._child, 0)
        shutil.rmtree(self.directory, ignore_errors=True)

    def configuration(self):
        """The text of its configuration file."""
        first, last = relay_range()
        return CONFIG.format(port=self.port, tls_port=self.tls_port, first=first, last=last,
                             secret=self.secret,
                             api_key=self.api_key, api_secret=self.api_secret,
                             endpoint_port=self.endpoint_port) + self._endpoint_settings

    @property
    def pid(self):
        return self._child.pid

    def stop(self):
        """Stops the server as systemd would, and fails unless it was well until its end."""
        child, self._child = self._child, None
        alive = child.poll() is None
        code = children.stop(child, STOP_SECONDS)
        assert alive, f'the server ended by itself with {code}:\n{self.log()}'
        assert not SANITIZER_REPORT.search(self.log()), self.log()
        assert code == 0, f'the server ended with {code}:\n{self.log()}'

    def log(self):
        """All that the server wrote."""
        with open(self._log_path, encoding='utf-8', errors='replace') as file:
            return file.read()

    def run(self, *arguments):
        """Runs the server's program with these arguments beside it; all that it wrote."""
        code, written = children.output([*self._command, *arguments], START_SECONDS,
                                        env=self._environment)
        assert code == 0, f'{arguments} ended with {code}:\n{written}'
        return written

    def minted(self, user, scheme='rest'):
        """User name and password as the server's program makes them."""
        made = json.loads(self.run('--credentials', user, '--scheme', scheme, '--json'))
        return made['username'], made['password']

    def credentials(self, user):
        """User name and password by the REST scheme, minted here as an app of one's own would."""
        username = f'{int(time.time()) + 3600}:{user}'
        mac = hmac.new(self.secret.encode(), username.encode(), hashlib.sha1)
        return username, base64.b64encode(mac.digest()).decode()

    def token(self, user, seconds=60, **claims):
        """A JWT that makes its bearer that user at the endpoint, as an app of one's own would."""
        now = int(time.time())
        return jwt.sign({'iss': self.api_key, 'sub': user, 'nbf': now, 'exp': now + seconds}
                        | claims, self.api_secret)

    def _wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while not re.search(r'\bready\b', self.log()):
            if self._child.poll() is not None or time.monotonic() > deadline:
                children.stop(self._child, 0)
                raise RuntimeError(f'the server did not become ready:\n{self.log()}')
            time.sleep(0.05)


def _open_private(path, flags):
    return os.open(path, flags, 0o600)
