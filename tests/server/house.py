# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder of its own for one case, in which turnhouse-server finds its configuration and state."""

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import tempfile
import time

from support import children
from support.ports import free_port, relay_range

SECONDS = 30
SANITIZER_REPORT = re.compile(r'(Address|Leak|Thread)Sanitizer|runtime error:')

CONFIG = """\
[relay]
listen = 127.0.0.1
port = {port}
tls-port = 0
relay-ports = {first}-{last}
allow-peers = 127.0.0.0/8
workers = 1

[credentials]
secret = {secret}

[endpoint]
port = {endpoint_port}
tokens = chat:{token}
"""


class House:
    """Inside a with block; what it started and wrote is gone afterwards."""

    def __init__(self, binary):
        self._binary = os.path.abspath(binary)
        self.child = None
        self.port = free_port(following=1)
        self.endpoint_port = free_port(following=1)
        self._relay_range = relay_range()
        self.secret = secrets.token_hex(32)
        self.token = secrets.token_hex(32)
        self.directory = tempfile.mkdtemp(prefix='turnhouse-test-')
        self.config = self.path('server.conf')
        self.state = self.path('state')
        self.log_path = self.path('log')
        self.environment = os.environ | {
            'HOME': self.directory, 'STATE_DIRECTORY': self.state,
            'XDG_CONFIG_HOME': self.path('config'),
        }
        self.environment.pop('NOTIFY_SOCKET', None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child is not None:
            children.stop(self.child, 0)
        shutil.rmtree(self.directory, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write_config(self, text=None):
        """Writes a configuration that works, or the one given."""
        with open(self.config, 'wb', opener=_open_private) as file:
            file.write(text if text is not None else self.good_config().encode())

    def good_config(self):
        first, last = self._relay_range
        return CONFIG.format(port=self.port, first=first, last=last, secret=self.secret,
                             token=self.token, endpoint_port=self.endpoint_port)

    def run(self, *arguments):
        """Runs the program to its end: exit code, stdout, stderr."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            child = children.start([self._binary, *arguments], stdout=out, stderr=err,
                                   env=self.environment, cwd=self.directory)
            try:
                child.wait(SECONDS)
            finally:
                code = children.stop(child, 0)
            texts = [_read_again(file) for file in (out, err)]
        assert not SANITIZER_REPORT.search(texts[1]), texts[1]
        return code, *texts

    def start(self, with_config=True):
        """Starts it as a service, without waiting for anything."""
        arguments = ['--config', self.config] if with_config else []
        with open(self.log_path, 'wb') as log:
            self.child = children.start([self._binary, *arguments], stdout=log, stderr=log,
                                         env=self.environment, cwd=self.directory)
        return self.child

    def wait_for_log(self, pattern):
        """Waits until the log has a line that fits."""
        deadline = time.monotonic() + SECONDS
        while not re.search(pattern, self.log(), re.MULTILINE):
            if self.child.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f'no {pattern!r} in the log:\n{self.log()}')
            time.sleep(0.02)

    def stop(self):
        """Ends the service as systemd does; returns its exit code."""
        child, self.child = self.child, None
        code = children.stop(child, SECONDS)
        assert not SANITIZER_REPORT.search(self.log()), self.log()
        return code

    def status(self):
        """What --status --json says."""
        code, out, err = self.run('--status', '--json')
        assert (code, err) == (0, ''), (code, out, err)
        return json.loads(out)

    def credential(self, user, *options):
        """User name and password, made from the secret that is in force now."""
        code, out, err = self.run('--config', self.config, '--json', *options,
                                  '--credentials', user)
        assert (code, err) == (0, ''), (code, out, err)
        answer = json.loads(out)
        return answer['username'], answer['password']

    def wait_until(self, condition):
        """Waits until that function returns something true."""
        deadline = time.monotonic() + SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f'waited in vain; the log:\n{self.log()}')
            time.sleep(0.05)

    def log(self):
        with open(self.log_path, encoding='utf-8', errors='replace') as file:
            return file.read()


@contextlib.contextmanager
def running(binary):
    """A house with a server that is ready."""
    with House(binary) as house:
        house.write_config()
        house.start()
        house.wait_for_log(r'\bready$')
        yield house


@contextlib.contextmanager
def watched_by_systemd(binary):
    """A house, and the socket where systemd hears of its server."""
    with House(binary) as house, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        house.environment['NOTIFY_SOCKET'] = house.path('notify')
        systemd.bind(house.path('notify'))
        systemd.settimeout(SECONDS)
        house.write_config()
        yield house, systemd


def assert_one_line(text):
    assert text.count('\n') == 1 and text.endswith('\n') and text.strip(), repr(text)


def _open_private(path, flags):
    return os.open(path, flags, 0o600)


def _read_again(file):
    file.seek(0)
    return file.read().decode(errors='replace')
