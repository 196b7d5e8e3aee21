# SPDX-License-Identifier: GPL-3.0-or-later
"""Does to a window what a keyboard or a window manager would."""

import subprocess

from support import children


def xdotool(*arguments):
    """Returns what it writes."""
    return subprocess.run([children.program('xdotool'), *arguments], capture_output=True, text=True,
                          check=True).stdout


def window_id(title='Turnhouse'):
    return xdotool('search', '--onlyvisible', '--name', f'^{title}$').split()[0]


def press_keys(*keys, title='Turnhouse'):
    xdotool('windowfocus', '--sync', window_id(title))
    for key in keys:
        xdotool('key', key)
