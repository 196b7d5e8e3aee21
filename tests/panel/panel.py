# SPDX-License-Identifier: GPL-3.0-or-later
"""The real turnhouse program with settings and a state directory of its own."""

import os
import re
import shutil
import subprocess
import tempfile
import time

from accessible import Program, wait_for
from support import children
from support.ports import free_port, relay_range

SANITIZER_REPORT = re.compile(r'(Address|Leak|Thread)Sanitizer|runtime error:')
COMPLAINT = re.compile(r'(Gtk|Gdk|Adwaita|GLib|GLib-GObject|GLib-GIO)-(WARNING|CRITICAL)'
                       r'|turnhouse-\w+-(WARNING|CRITICAL)')
# Past its 2,048th quark GLib takes a new table of them and leaves the first where it is, for readers
# without a lock: gquark.c says so. A suppression cannot name it, as its stack ends in g_malloc().
FIRST_QUARKS = re.compile(
    r'=+\n==\d+==ERROR: LeakSanitizer: detected memory leaks\n\n'
    r'Direct leak of 16384 byte\(s\) in 1 object\(s\) allocated from:\n'
    r' +#0 .* in \w*malloc .*\n +#1 .* in g_malloc .*\n\n'
    r'SUMMARY: AddressSanitizer: 16384 byte\(s\) leaked in 1 allocation\(s\)\.\n')
LEAK_EXIT_CODE = 1
STOP_SECONDS = 20

# Options for a panel in which a library is known to leak: GDK 4.8's clipboard now and then, when
# another program asks what it holds; libsecret 0.20 whenever it unlocks; libadwaita 1.2 the rows of
# a window of preferences.
NO_LEAKS = {'ASAN_OPTIONS': (os.environ.get('ASAN_OPTIONS', '') + ':detect_leaks=0').lstrip(':')}

SETTINGS = """\
[io/github/turnhouse/Turnhouse]
relay-listen=['127.0.0.1', '::1']
relay-port={port}
relay-tls-port=0
relay-relay-ports='{first}-{last}'
relay-external-address=['127.0.0.1', '::1']
relay-allow-peers=['127.0.0.0/8', '::1/128']
endpoint-port={endpoint_port}
endpoint-hybrid=false
ice-test-hourly=false
"""

# Settings with no limits in the way of a load.
NO_LIMITS = """\
limits-user-quota=0
limits-unauthorized-per-second=0
"""


class Panel:
    """Running inside a with block. home: kept from an earlier start; else a new one is made.
    settings: lines for its key file. arguments: on its command line."""

    def __init__(self, binary, schemas, home=None, window=(960, 1100), welcomed=True,
                 page='server', settings='', arguments=(), **environment):
        self._command = [binary, *arguments]
        self._schemas = schemas
        self._environment = environment
        self._child = None
        self._home_is_ours = home is None
        self.home = home or tempfile.mkdtemp(prefix='turnhouse-panel-test-')
        self._log_path = os.path.join(self.home, 'log')
        if self._home_is_ours:
            self.port, self.endpoint_port = free_port(following=1), free_port()
            self._write_settings(settings)
            self._write_state(window, welcomed, page)

    def __enter__(self):
        self.started_at = time.monotonic()
        with open(self._log_path, 'wb') as log:
            self._child = children.start(self._command, env=self.environment(), stdout=log,
                                         stderr=log)
        return self

    def __exit__(self, *_):
        if self._child is not None:
            children.stop(self._child, 0)
        if self._home_is_ours:
            shutil.rmtree(self.home, ignore_errors=True)

    def environment(self):
        return os.environ | {
            'GSETTINGS_BACKEND': 'keyfile', 'GSETTINGS_SCHEMA_DIR': self._schemas,
            'XDG_CONFIG_HOME': os.path.join(self.home, 'config'),
            'XDG_STATE_HOME': os.path.join(self.home, 'state'),
            'G_MESSAGES_DEBUG': 'turnhouse-panel', 'TZ': 'UTC',
        } | self._environment

    def program(self):
        """The program as assistive technology sees it, once its window is there."""
        return Program(self._child.pid)

    def wait_for_first_frame(self):
        """Milliseconds from the start of the process to the first frame."""
        wait_for('the first frame', lambda: 'first frame after' in self.log(), 30, 0.005)
        return (time.monotonic() - self.started_at) * 1000

    def stop(self):
        """Ends the program as a session does, and fails unless it was well until its end."""
        child, self._child = self._child, None
        alive = child.poll() is None
        code = children.stop(child, STOP_SECONDS)
        self._assert_well(code)
        assert alive, f'the panel ended by itself with {code}:\n{self.log()}'

    def wait_until_ended(self):
        """Fails unless the program ends by itself, and well."""
        child, self._child = self._child, None
        wait_for('the end of the program', lambda: child.poll() is not None)
        self._assert_well(children.stop(child))

    def processor_share(self, seconds):
        """Which part of one processor the program uses over that time."""
        before = self._processor_seconds()
        time.sleep(seconds)
        return (self._processor_seconds() - before) / seconds

    def memory(self):
        """Resident MiB."""
        with open(f'/proc/{self._child.pid}/status', encoding='ascii', errors='replace') as file:
            return next(int(line.split()[1]) / 1024 for line in file if line.startswith('VmRSS'))

    def log(self):
        with open(self._log_path, encoding='utf-8', errors='replace') as file:
            return file.read()

    def setting(self, key):
        """What the settings' file says of a key; None if it says nothing."""
        with open(self._settings_path(), encoding='utf-8') as file:
            found = re.search(rf'^{key}=(.*)$', file.read(), re.MULTILINE)
        return found and found.group(1)

    def change_setting(self, key, value):
        """Before the program starts."""
        with open(self._settings_path(), encoding='utf-8') as file:
            lines = [line for line in file if not line.startswith(key + '=')]
        with open(self._settings_path(), 'w', encoding='utf-8') as file:
            file.writelines([*lines, f'{key}={value}\n'])

    def state_file(self, name):
        return os.path.join(self.home, 'state', 'turnhouse-panel', name)

    def _assert_well(self, code):
        log, quarks = FIRST_QUARKS.subn('', self.log())
        if quarks and code == LEAK_EXIT_CODE:
            code = 0
        assert not SANITIZER_REPORT.search(log), log
        assert not COMPLAINT.search(log), log
        assert code == 0, f'the panel ended with {code}:\n{log}'

    def _processor_seconds(self):
        with open(f'/proc/{self._child.pid}/stat', encoding='ascii') as file:
            fields = file.read().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def _settings_path(self):
        return os.path.join(self.home, 'config', 'glib-2.0', 'settings', 'keyfile')

    def _write_settings(self, more):
        first, last = relay_range()
        os.makedirs(os.path.dirname(self._settings_path()))
        with open(self._settings_path(), 'w', encoding='utf-8') as file:
            file.write(self._settings_text(first, last) + more)

    def _settings_text(self, first, last):
        return SETTINGS.format(port=self.port, first=first, last=last,
                               endpoint_port=self.endpoint_port)

    def _write_state(self, window, welcomed, page):
        os.makedirs(os.path.dirname(self.state_file('panel.ini')), mode=0o700)
        with open(self.state_file('panel.ini'), 'w', encoding='utf-8') as file:
            file.write(f'[window]\nwidth={window[0]}\nheight={window[1]}\npage={page}\n'
                       f'[welcome]\ndismissed={str(welcomed).lower()}\n')


def save_screenshot(path, width, height):
    """The top left corner of the display, where the one window is, as a PNG."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    code, written = children.output(
        [children.program('import'), '-window', 'root', '-crop', f'{width}x{height}+0+0',
         '+repage', path], 20)
    assert code == 0, written


def clipboard_text():
    """What the clipboard holds, as another program gets it."""
    script = ("import gi; gi.require_version('Gtk', '4.0');"
              'from gi.repository import Gtk, Gdk, GLib;'
              'Gtk.init(); loop = GLib.MainLoop();'
              'clipboard = Gdk.Display.get_default().get_clipboard();'
              'clipboard.read_text_async(None, lambda c, r:'
              ' (print(c.read_text_finish(r)), loop.quit()));'
              'GLib.timeout_add_seconds(10, loop.quit); loop.run()')
    return subprocess.run(['/usr/bin/python3', '-c', script], check=True, capture_output=True,
                          text=True, timeout=30).stdout.strip()
