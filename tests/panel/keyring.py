# SPDX-License-Identifier: GPL-3.0-or-later
"""The desktop's keyring as a user has it: gnome-keyring on the session bus, and its prompt."""

import os
import subprocess

from gi.repository import Gio, GLib

from accessible import wait_for
from support import children

PASSWORD = 'letmein'
SERVICE, PATH = 'org.freedesktop.secrets', '/org/freedesktop/secrets'
COLLECTION = PATH + '/collection/login'


class Keyring:
    """Running and unlocked inside a with block, with a folder for what it keeps."""

    def __init__(self, folder):
        self._folder = folder
        self._bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self._child = None

    def __enter__(self):
        daemon = children.program('gnome-keyring-daemon')
        command = f'printf %s {PASSWORD} | exec {daemon} --foreground --unlock --components=secrets'
        environment = os.environ | {'XDG_DATA_HOME': self._folder}
        self._child = children.start(['sh', '-c', command], env=environment,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for('the keyring', self._is_there)
        return self

    def __exit__(self, *_):
        children.stop(self._child)

    def lock(self):
        self._call(PATH, 'org.freedesktop.Secret.Service', 'Lock',
                   GLib.Variant('(ao)', ([COLLECTION],)))

    def labels(self):
        """What people see of what it keeps."""
        items = self._property(COLLECTION, 'org.freedesktop.Secret.Collection', 'Items')
        return [self._property(item, 'org.freedesktop.Secret.Item', 'Label') for item in items]

    def _is_there(self):
        answer = self._bus.call_sync('org.freedesktop.DBus', '/', 'org.freedesktop.DBus',
                                     'NameHasOwner', GLib.Variant('(s)', (SERVICE,)), None,
                                     Gio.DBusCallFlags.NONE, -1, None)
        return answer.unpack()[0]

    def _property(self, path, interface, name):
        return self._call(path, 'org.freedesktop.DBus.Properties', 'Get',
                          GLib.Variant('(ss)', (interface, name)))[0]

    def _call(self, path, interface, method, arguments):
        return self._bus.call_sync(SERVICE, path, interface, method, arguments, None,
                                   Gio.DBusCallFlags.NONE, 10000, None).unpack()


def answer_prompt(*keys):
    """Presses keys in the prompt once it is there, and waits until it is gone."""
    wait_for('the prompt', _prompt, 20)
    subprocess.run([children.program('xdotool'), 'windowfocus', '--sync', _prompt(), 'key', *keys],
                   check=True, capture_output=True)
    wait_for('the end of the prompt', lambda: not _prompt(), 20)


def _prompt():
    found = subprocess.run([children.program('xdotool'), 'search', '--onlyvisible', '--class',
                            'gcr-prompter'], capture_output=True, text=True, check=False)
    return found.stdout.split()[-1] if found.stdout.strip() else None
