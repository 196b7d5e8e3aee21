# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Turnhouse is tried as a Flatpak: an installation of its own with a stand-in runtime, a web
server on loopback, a key that signs, and the application in its sandbox."""

import http.server
import os
import shutil
import subprocess
import tempfile
import threading

from accessible import Program, wait_for
from keyboard import press_keys
from panel import SETTINGS
from support import children
from support.ports import free_port, relay_range
from support.tap import Skip

ID = 'io.github.turnhouse.Turnhouse'
PROGRAMS = ('bwrap', 'flatpak', 'flatpak-builder', 'gpg', 'mmdebstrap', 'ostree')
PORTAL = '/usr/libexec/xdg-desktop-portal'
BUILD_SECONDS = 1800
STOP_SECONDS = 20


def run(*arguments, seconds=120, **environment):
    """Runs a program that must do well; returns all that it wrote."""
    code, written = children.output([str(argument) for argument in arguments], seconds,
                                    env=os.environ | environment)
    assert code == 0, f'{" ".join(map(str, arguments))} ended with {code}:\n{written}'
    return written


def flatpak(*arguments, **options):
    return run('flatpak', '--user', *arguments, **options)


def need_a_sandbox():
    """Skips the test where Flatpak could not run anything."""
    for program in PROGRAMS:
        children.program(program)
    code, written = children.output(['bwrap', '--unshare-all', '--ro-bind', '/', '/', 'true'], 20)
    if code != 0:
        raise Skip(f'bubblewrap may not make sandboxes here: {written.strip()}')


class Key:
    """A GPG key in a folder of its own, in a with block."""

    def __enter__(self):
        self.homedir = tempfile.mkdtemp(prefix='th-gpg-')
        self._gpg('--passphrase', '', '--quick-generate-key', self.name, 'ed25519', 'sign', 'never')
        return self

    def __exit__(self, *_):
        run('gpgconf', '--homedir', self.homedir, '--kill', 'all')
        shutil.rmtree(self.homedir, ignore_errors=True)

    name = 'Turnhouse Test'

    def export(self, path):
        self._gpg('--output', path, '--export', self.name)

    def _gpg(self, *arguments):
        run('gpg', '--homedir', self.homedir, '--batch', '--quiet', '--pinentry-mode', 'loopback',
            *arguments)


class Portal:
    """The desktop's portals as GNOME has them, in a with block."""

    def __enter__(self):
        if not os.path.exists(PORTAL):
            raise Skip('xdg-desktop-portal is not installed')
        self._child = children.start([PORTAL], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL,
                                     env=os.environ | {'XDG_CURRENT_DESKTOP': 'GNOME'})
        run('gdbus', 'wait', '--session', '--timeout', 20, 'org.freedesktop.portal.Desktop')
        return self

    def __exit__(self, *_):
        children.stop(self._child)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Website:
    """A folder as static files at a URL on loopback, in a with block."""

    def __init__(self, folder):
        def handler(*arguments):
            return _Quiet(*arguments, directory=folder)
        self._server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
        self.url = f'http://127.0.0.1:{self._server.server_address[1]}'

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class Application:
    """The installed application, of one home folder: start() and stop() it, in a with block."""

    def __init__(self, application_id=ID):
        self.id = application_id
        self.data = os.path.join(os.environ['HOME'], '.var', 'app', application_id)
        self.port, self.endpoint_port = free_port(following=1), free_port()
        self._log = os.path.join(os.environ['HOME'], application_id + '.log')
        self._child = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._child is not None:
            children.stop(self._child, 0)

    def write_settings(self):
        """Where GSettings keeps them in a sandbox."""
        first, last = relay_range()
        path = '/'.join(self.id.split('.'))
        os.makedirs(os.path.dirname(self.settings_path()), exist_ok=True)
        with open(self.settings_path(), 'w', encoding='utf-8') as file:
            file.write(SETTINGS.format(port=self.port, first=first, last=last,
                                       endpoint_port=self.endpoint_port)
                       .replace('io/github/turnhouse/Turnhouse', path))

    def settings_path(self):
        return os.path.join(self.data, 'config', 'glib-2.0', 'settings', 'keyfile')

    def state_file(self, name):
        return os.path.join(self.data, '.local', 'state', 'turnhouse-panel', name)

    def write_state(self, page='server', width=960, height=1100):
        os.makedirs(os.path.dirname(self.state_file('')), mode=0o700, exist_ok=True)
        with open(self.state_file('panel.ini'), 'w', encoding='utf-8') as file:
            file.write(f'[window]\nwidth={width}\nheight={height}\npage={page}\n'
                       '[welcome]\ndismissed=true\n')

    def start(self, *options, **environment):
        """Returns: the program as assistive technology sees it."""
        with open(self._log, 'wb') as log:
            self._child = children.start(
                ['flatpak', '--user', 'run', *options, self.id], stdout=log, stderr=log,
                env=os.environ | environment)
        try:
            return Program()
        except AssertionError as error:
            raise AssertionError(f'{error}:\n{self.log()}') from None

    def stop(self):
        child, self._child = self._child, None
        press_keys('ctrl+q')
        wait_for('the end of the application', lambda: child.poll() is not None, STOP_SECONDS)
        code = children.stop(child)
        assert code == 0, f'the application ended with {code}:\n{self.log()}'

    def say(self, *arguments):
        """What the program prints, run with these arguments."""
        return flatpak('run', self.id, *arguments).splitlines()[-1]  # flatpak may speak first

    def log(self):
        with open(self._log, encoding='utf-8', errors='replace') as file:
            return file.read()


class Source:
    """A copy of the sources, which the test may change."""

    def __init__(self, root, folder):
        self.folder = folder
        names = subprocess.run(
            ['git', '-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
            check=True, stdout=subprocess.PIPE).stdout.decode().split('\0')
        for name in filter(None, names):
            target = os.path.join(folder, name)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            if os.path.exists(os.path.join(root, name)):
                shutil.copy2(os.path.join(root, name), target)

    def publish(self, key, url, output, *options):
        """Builds and publishes with the scripts of these sources."""
        return run(os.path.join(self.folder, 'flatpak', 'publish'), '--url', url, '--key', key.name,
                   '--homedir', key.homedir, *options, output, seconds=BUILD_SECONDS)

    def set_version(self, version):
        path = os.path.join(self.folder, 'meson.build')
        with open(path, encoding='utf-8') as file:
            text = file.read()
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text.replace("version: '0.1.0'", f"version: '{version}'", 1))
