# SPDX-License-Identifier: GPL-3.0-or-later
"""The relay inside the panel, whose window is open on a display of its own and draws its chart.

All of it, the display server too, shares the one processor that a server alone would have.
"""

import os
import shutil
import signal
import subprocess
import time

from servers import write
from support import children

RUN_X = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, 'panel', 'run-x')

SETTINGS = """\
[io/github/turnhouse/Turnhouse]
relay-listen=['{address}']
relay-port={port}
relay-tls-port=0
relay-external-address=['{address}']
relay-allow-peers=['{allow}']
limits-user-quota=0
limits-unauthorized-per-second=0
credentials-secret-file='{folder}/secret'
endpoint-port=0
"""

STATE = """\
[window]
width=960
height=1100
[welcome]
dismissed=true
"""

DRAW_SECONDS = 2
STOP_SECONDS = 10


def is_possible():
    return all(shutil.which(program) for program in ('Xvfb', 'dbus-run-session'))


class Panel:
    """A servers.Kind; as programs on a desktop it has no better priority than others."""

    start = []

    def __init__(self, program, schemas):
        self._program, self._schemas = os.path.abspath(program), os.path.abspath(schemas)

    def prepare(self, folder, **values):
        write(folder, 'config/glib-2.0/settings/keyfile', SETTINGS.format(folder=folder, **values))
        write(folder, 'state/turnhouse-panel/panel.ini', STATE)
        variables = {'GSETTINGS_BACKEND': 'keyfile', 'GSETTINGS_SCHEMA_DIR': self._schemas,
                     'XDG_CONFIG_HOME': f'{folder}/config', 'XDG_STATE_HOME': f'{folder}/state'}
        return [RUN_X, 'sh', '-c', 'echo $$ >"$0"; exec env "$@"', f'{folder}/process',
                *(f'{name}={value}' for name, value in variables.items()), self._program]

    def find_process(self, _child, folder):
        """The relay is bound; its window takes a little longer."""
        time.sleep(DRAW_SECONDS)
        with open(f'{folder}/process', encoding='ascii') as file:
            return int(file.read())

    def stop(self, child, process):
        """Ends the panel first, so that run-x tidies up after it."""
        try:
            os.kill(process, signal.SIGTERM)
            child.wait(STOP_SECONDS)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass
        children.stop(child)
