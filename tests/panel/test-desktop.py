# SPDX-License-Identifier: GPL-3.0-or-later
"""The panel among the other programs of a desktop: without its window, started with the session,
spoken to from a terminal, and telling what happens while nobody looks.

Arguments: the program, the folder of the compiled settings schema, a folder for pictures.
"""

import json
import os
import socket
import subprocess
import sys
import time

from accessible import wait_for
from calls import LOCALHOST, Call, can_call, fetch_credentials
from keyboard import press_keys, window_id, xdotool
from notifications import Notifications
from panel import NO_LEAKS, Panel, save_screenshot
from portals import Portals
from support import children
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]
BACKGROUND, AUTOSTART, AWAKE = ('Run in the Background', 'Start with the Session',
                                'Stay Awake During Calls')


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, **options)


def windows():
    return children.output([children.program('xdotool'), 'search', '--onlyvisible', '--name',
                            '^Turnhouse$'], 10)[1].split()


def command(panel, *arguments):
    """The code and what is written by a second start of the program."""
    return children.output([BINARY, *arguments], 30, env=panel.environment())


def open_preferences(program):
    press_keys('ctrl+comma')
    program.wait('label', BACKGROUND)


def switch(program, name):
    program.press('check box', name)


def asked_when_closed_it_goes_on():
    with new_panel() as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        press_keys('ctrl+w')
        program.wait('label', 'Stop the Relay?')
        save_screenshot(os.path.join(PICTURES, 'close-question.png'), 960, 700)
        program.answer('Keep Running')
        wait_for('the window to go', lambda: not windows())
        assert can_call(panel, fetch_credentials(panel))

        code, said = command(panel)
        assert code == 0, said
        wait_for('the window', windows)
        open_preferences(program)
        assert program.is_checked('check box', BACKGROUND)
        press_keys('Escape', title='Preferences')
        press_keys('ctrl+w')
        wait_for('the window to go, without a question', lambda: not windows())
        command(panel)
        wait_for('the window', windows)
        press_keys('ctrl+q')
        panel.wait_until_ended()


def asked_when_closed_it_quits():
    with new_panel() as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        press_keys('ctrl+w')
        program.answer('Quit')
        panel.wait_until_ended()


def answers_a_terminal():
    with new_panel() as panel:
        code, said = command(panel, '--status')
        assert code == 0 or 'No Turnhouse runs' in said, said
        panel.program().wait('heading', 'Relay is running')
        old = fetch_credentials(panel)
        code, said = command(panel, '--status')
        assert code == 0 and 'running since' in said, said
        code, said = command(panel, '--status', '--json')
        assert code == 0 and json.loads(said)['state'] == 'running', said
        code, said = command(panel, '--rotate')
        assert code == 0 and said.startswith('A new secret is in force.'), said
        assert can_call(panel, old)
        code, said = command(panel, '--rotate', '--revoke')
        assert code == 0 and not can_call(panel, old), said
        code, said = command(panel, '--rotate', 'api')
        assert code == 0 and said.startswith('A new API secret'), said
        for wrong in (['--rotate', 'all'], ['--revoke'], ['turn:example.org'], ['--json']):
            code, said = command(panel, *wrong)
            assert code == 2 and said.startswith('turnhouse: '), (wrong, said)
        panel.stop()
        code, said = command(panel, '--status')
        assert code == 1 and 'No Turnhouse runs' in said, said


def two_do_not_share_their_secrets():
    """The second is on a session bus of its own, where the first cannot be seen."""
    with new_panel() as panel:
        panel.program().wait('heading', 'Relay is running')
        child = children.start(['dbus-run-session', '--', BINARY], env=panel.environment(),
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for('its window', lambda: len(windows()) == 2)
            time.sleep(1)
            save_screenshot(os.path.join(PICTURES, 'runs-elsewhere.png'), 960, 700)
        finally:
            children.stop(child)
        assert can_call(panel, fetch_credentials(panel))
        panel.stop()


def tells_what_happens_while_nobody_looks():
    with Notifications() as desktop, new_panel(arguments=['--background']) as panel:
        wait_for('the relay', lambda: command(panel, '--status')[0] == 0)
        assert not windows()
        with Call(panel, user='anna'):
            wait_for('a notification', lambda: desktop.shown)
            number, (title, _) = next(iter(desktop.shown.items()))
            assert title == 'The first client is here', desktop.shown
            desktop.click(number)
            wait_for('the window', windows)
            panel.program().wait_for_button('anna, ')
        press_keys('ctrl+q')
        panel.wait_until_ended()


def a_problem_is_told_and_mended_from_its_notification():
    with Notifications() as desktop, socket.socket() as one:
        panel = new_panel(arguments=['--background'])
        one.bind((LOCALHOST, panel.endpoint_port))
        one.listen()
        with panel:
            wait_for('a notification', lambda: desktop.shown)
            number, (title, _) = next(iter(desktop.shown.items()))
            assert str(panel.endpoint_port) in title, desktop.shown
            desktop.click(number, wait_for('its button', lambda: desktop.buttons.get(number))[0])
            wait_for('another port', lambda: panel.setting('endpoint-port') not in (
                None, str(panel.endpoint_port)))
            assert not windows()
            panel.stop()


def asks_the_portals_of_a_sandbox():
    with Portals() as portals, new_panel(GTK_USE_PORTAL='1') as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        open_preferences(program)
        switch(program, AUTOSTART)
        wait_for('a request', lambda: portals.asked)
        assert portals.asked[0]['autostart'] is True
        assert portals.asked[0]['commandline'] == ['turnhouse', '--background']
        wait_for('the other switch', lambda: program.is_checked('check box', BACKGROUND))
        switch(program, AWAKE)
        wait_for('a word on the relay', lambda: portals.statuses == ['The relay is ready'])
        with Call(panel):
            wait_for('a reason to stay awake', lambda: portals.awake)
            wait_for('a word on the call',
                     lambda: portals.statuses[-1].endswith(' through the relay'))

        portals.allows = False
        switch(program, AUTOSTART)
        switch(program, AUTOSTART)
        wait_for('the switches to go back', lambda: not (
            program.is_checked('check box', AUTOSTART) or
            program.is_checked('check box', BACKGROUND)))
        panel.stop()
    return portals.awake[0]


def starts_with_the_session_by_a_file():
    with new_panel() as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        open_preferences(program)
        save_screenshot(os.path.join(PICTURES, 'preferences-desktop.png'), 960, 1100)
        switch(program, AUTOSTART)
        path = os.path.join(panel.home, 'config', 'autostart',
                            'io.github.turnhouse.Turnhouse.desktop')
        wait_for('the file', lambda: os.path.exists(path))
        with open(path, encoding='utf-8') as file:
            assert 'Exec=turnhouse --background\n' in file.read()
        switch(program, AUTOSTART)
        wait_for('its end', lambda: not os.path.exists(path))
        panel.stop()


FUNCTIONS = [
    asked_when_closed_it_goes_on, asked_when_closed_it_quits, answers_a_terminal,
    two_do_not_share_their_secrets, tells_what_happens_while_nobody_looks,
    a_problem_is_told_and_mended_from_its_notification, asks_the_portals_of_a_sandbox,
    starts_with_the_session_by_a_file,
]

main(lambda: run_functions('panel/desktop/', FUNCTIONS, sys.argv[4:]))
