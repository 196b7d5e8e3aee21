# SPDX-License-Identifier: GPL-3.0-or-later
"""Does to a window what a keyboard or a window manager would."""

import subprocess

from accessible import wait_for
from support import children


def xdotool(*arguments):
    """Returns what it writes."""
    return subprocess.run([children.program('xdotool'), *arguments], capture_output=True, text=True,
                          check=True).stdout


def window_id(title='Turnhouse'):
    return xdotool('search', '--onlyvisible', '--name', f'^{title}$').split()[0]


def hide_window():
    """Of the one that is there, as a window manager does where nobody can see it."""
    xdotool('windowunmap', '--sync', window_id())


def press_keys(*keys, title='Turnhouse'):
    xdotool('windowfocus', '--sync', window_id(title))
    for key in keys:
        xdotool('key', key)


def click(program, role, name):
    """With the mouse, for what cannot be pressed by name alone."""
    x, y = program.middle(role, name)
    xdotool('mousemove', str(x), str(y), 'click', '1')


def click_in_view(program, role, name, title):
    """The same in the window of that title, whose page may have to be scrolled first."""
    width, height = map(int, xdotool('getwindowgeometry', window_id(title)).split()[-1].split('x'))

    def is_in_view():
        y = program.middle(role, name)[1]
        if 70 < y < height - 70:
            return True
        xdotool('mousemove', str(width // 2), str(height // 2), 'click', '4' if y <= 70 else '5')
        return False

    wait_for(f'{role} {name!r} in view', is_in_view)
    click(program, role, name)


def choose(program, name, before, choice, place):
    """Another choice of a combo box than before; place: how many are above it."""
    click(program, 'combo box', name)
    program.wait('label', choice)
    press_keys('Home', *['Down'] * place, 'Return')
    program.wait_until_gone('label', before)
