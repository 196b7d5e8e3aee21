# SPDX-License-Identifier: GPL-3.0-or-later
"""The preferences of the real window, and what the running relay makes of them.

Arguments: the program, the folder of the compiled settings schema, a folder for pictures.
"""

import json
import os
import shutil
import sys
import urllib.request

from accessible import wait_for
from calls import Call, can_call, fetch_credentials
from keyboard import click_in_view, press_keys, window_id, xdotool
from panel import NO_LEAKS, Panel, save_screenshot
from support import children
from support.ports import free_port
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]
BAD_PORT = '"99999" does not fit; allowed: a port from 1 to 65535, or 0 (off)'
WAITS = 'Changes wait until the relay restarts'


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, **{'window': (640, 1300)} | NO_LEAKS | options)


def keys(*names):
    press_keys(*names, title='Preferences')


def open_preferences(panel):
    program = panel.program()
    program.wait('heading', 'Relay is running')
    press_keys('ctrl+comma')
    wait_for('the preferences', lambda: 'Preferences' in program.windows())
    program.wait('text', 'Port')
    return program


def enter(program, role, name, text, done='Return'):
    """Replaces what stands in an entry, by keyboard."""
    click_in_view(program, role, name, 'Preferences')
    keys('ctrl+a')
    xdotool('type', text)
    keys(done)


def show_page(program, title):
    """Of the preferences; the window behind them may have one of that title, too."""
    program.press_in_front('page tab', title)


def text_of(program, role, name):
    return program.contents(role, name)


def ask_endpoint(panel):
    url = f'http://127.0.0.1:{panel.endpoint_port}/api/ice-servers?user=anna'
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)['iceServers']


def opens_from_menu_and_by_key():
    with new_panel() as panel:
        program = open_preferences(panel)
        keys('Escape')
        wait_for('its end', lambda: 'Preferences' not in program.windows())
        press_keys('F10')
        program.press('menu item', 'Preferences')
        wait_for('the preferences', lambda: 'Preferences' in program.windows())
        panel.stop()


def a_bad_port_is_told_and_changes_nothing():
    with new_panel() as panel:
        program = open_preferences(panel)
        enter(program, 'text', 'Port', '99999')
        program.wait('label', BAD_PORT)
        assert program.description('text', 'Port') == BAD_PORT
        assert panel.setting('relay-port') == str(panel.port)
        assert not program.find('label', WAITS)

        xdotool('type', 'x')  # still wrong, and still said
        program.wait('label', BAD_PORT)
        keys('Escape')
        program.wait_until_gone('label', BAD_PORT)
        assert text_of(program, 'text', 'Port') == str(panel.port)
        assert program.description('text', 'Port') == ''
        assert can_call(panel, fetch_credentials(panel))
        panel.stop()


def a_port_waits_for_the_restart():
    with new_panel() as panel:
        program = open_preferences(panel)
        before, after = panel.port, free_port(following=1)
        enter(program, 'text', 'Port', str(after))
        program.wait('label', 'Waits until the relay restarts')
        program.wait('label', 'No call ends')
        wait_for('the setting', lambda: panel.setting('relay-port') == str(after))
        assert can_call(panel, fetch_credentials(panel)), 'the relay has moved already'

        enter(program, 'text', 'Port', str(before))
        program.wait_until_gone('label', WAITS)
        enter(program, 'text', 'Port', str(after))
        program.wait('label', WAITS)
        program.press('push button', 'Restart Relay')
        program.wait_until_gone('label', WAITS)
        program.wait_until_gone('label', 'Waits until the relay restarts')
        panel.port = after
        assert can_call(panel, fetch_credentials(panel))
        panel.stop()


def a_restart_asks_with_numbers():
    with new_panel() as panel:
        program = open_preferences(panel)
        with Call(panel):
            enter(program, 'text', 'Realm', 'elsewhere')
            program.wait('label', 'Ends 1 call')
            program.press('push button', 'Restart Relay')
            program.wait('label', 'Restart and end 1 call?')
            save_screenshot(os.path.join(PICTURES, 'preferences-restart.png'), 640, 760)
            program.answer('Cancel')
            program.wait_until_gone('label', 'Restart and end 1 call?')
            program.wait('label', 'Ends 1 call')
            program.press('push button', 'Restart Relay')
            program.answer('Restart')
            program.wait_until_gone('label', WAITS)
            program.wait_for_text(lambda text: text.startswith('No one is connected'))
        panel.stop()


def a_switch_acts_at_once():
    with new_panel() as panel:
        program = open_preferences(panel)
        assert len(ask_endpoint(panel)) == 2
        show_page(program, 'Endpoint')
        program.press('check box', 'Public STUN servers first')
        wait_for('the setting', lambda: panel.setting('endpoint-hybrid') == 'true')
        wait_for('the endpoint', lambda: 'stun.l.google.com' in ask_endpoint(panel)[0]['urls'][0])
        assert not program.find('label', WAITS)
        panel.stop()


def a_number_takes_no_nonsense():
    with new_panel() as panel:
        program = open_preferences(panel)
        show_page(program, 'Limits')
        enter(program, 'spin button', 'TCP connections', '0')
        wrong = '"0" does not fit; allowed: a whole number from 1 to 1000000'
        program.wait('label', wrong)
        assert panel.setting('limits-connections') is None
        enter(program, 'spin button', 'TCP connections', '250', 'Tab')
        program.wait_until_gone('label', wrong)
        wait_for('the setting', lambda: panel.setting('limits-connections') == '250')
        click_in_view(program, 'spin button', 'TCP connections', 'Preferences')
        keys('Up')
        wait_for('the setting', lambda: panel.setting('limits-connections') == '251')
        panel.stop()


def a_lifetime_has_a_unit():
    with new_panel() as panel:
        program = open_preferences(panel)
        show_page(program, 'Credentials')
        wait_for('the page', lambda: program.middle('spin button', 'Lifetime') != (0, 0))
        enter(program, 'spin button', 'Lifetime', '9999')
        program.wait('label', '"9999" does not fit; allowed: a whole number from 1 to 3650')
        enter(program, 'spin button', 'Lifetime', '3')
        wait_for('the setting', lambda: panel.setting('credentials-ttl') == str(3 * 86400))
        panel.stop()


def lists_grow_and_shrink():
    with new_panel() as panel:
        program = open_preferences(panel)
        enter(program, 'text', 'More UDP ports', '443x')
        wrong = '"443x" does not fit; allowed: ports from 1 to 65535'
        program.wait('label', wrong)
        assert panel.setting('relay-extra-udp-ports') is None
        enter(program, 'text', 'More UDP ports', '443, 3479')
        program.wait_until_gone('label', wrong)
        wait_for('the setting',
                 lambda: panel.setting('relay-extra-udp-ports') == "['443', '3479']")
        program.press('push button', 'Remove 443 from More UDP ports')
        wait_for('the setting', lambda: panel.setting('relay-extra-udp-ports') == "['3479']")

        for address in '127.0.0.1', '::1':
            program.press('push button', f'Remove {address} from Address seen from outside')
        wait_for('the setting', lambda: panel.setting('relay-external-address') == "['auto']")
        program.wait('label', 'Found by the relay itself')
        panel.stop()


def a_file_is_chosen():
    with new_panel() as panel:
        path = os.path.join(panel.home, 'certificate.pem')
        shutil.copy(__file__, path)
        program = open_preferences(panel)
        show_page(program, 'Endpoint')
        program.press('push button', 'Certificate: choose a file')
        wait_for('the window to choose in', lambda: 'Certificate' in program.windows())
        press_keys('slash', title='Certificate')
        xdotool('type', path[1:])
        press_keys('Return', title='Certificate')
        wait_for('the setting', lambda: panel.setting('tls-certificate') == f"'{path}'")
        panel.stop()


def others_may_change_it():
    with new_panel() as panel:
        program = open_preferences(panel)
        code, written = children.output(
            [children.program('gsettings'), 'set', 'io.github.turnhouse.Turnhouse', 'relay-realm',
             'outside'], 20, env=panel.environment())
        assert code == 0, written
        wait_for('the realm', lambda: text_of(program, 'text', 'Realm') == 'outside')
        program.wait('label', WAITS)
        panel.stop()


def search_finds_titles_and_explanations():
    with new_panel() as panel:
        program = open_preferences(panel)
        for text, role, title in ('metr', 'check box', 'Metrics'), \
                                 ('flood others', 'spin button', 'Answers to strangers'):
            before = program.texts().count(title)
            keys('ctrl+f')
            xdotool('type', text)
            wait_for(title, lambda: program.texts().count(title) == before + 1)
            keys('Tab', 'Return')  # to what was found, and there
            wait_for('its page', lambda: program.middle(role, title) != (0, 0))
        keys('ctrl+f')
        xdotool('type', 'nothing like that')
        wait_for('no result', lambda: program.middle('label', 'No Results Found') != (0, 0))
        panel.stop()


def resets_one_and_all():
    with new_panel() as panel:
        program = open_preferences(panel)
        assert panel.setting('relay-port') == str(panel.port)
        program.press('push button', 'Reset Port to default')
        wait_for('the setting', lambda: panel.setting('relay-port') is None)
        wait_for('the entry', lambda: text_of(program, 'text', 'Port') == '3478')
        program.wait_until_gone('push button', 'Reset Port to default')

        program.press('push button', 'Reset All…')
        program.wait('label', 'Reset 8 preferences to their defaults?')
        program.answer('Cancel')
        program.wait_until_gone('label', 'Reset 8 preferences to their defaults?')
        assert panel.setting('endpoint-hybrid') == 'false'
        program.press('push button', 'Reset All…')
        program.answer('Reset All')
        wait_for('the settings', lambda: panel.setting('endpoint-hybrid') is None
                 and panel.setting('relay-listen') is None)
        program.wait('label', 'Everything is at its default')
        panel.stop()


def everything_has_a_name():
    with new_panel() as panel:
        program = open_preferences(panel)
        enter(program, 'text', 'Port', '99999')
        program.wait('label', BAD_PORT)
        nameless = program.unnamed(('push button', 'check box', 'combo box', 'text', 'spin button',
                                    'list item', 'image'))
        assert not nameless, nameless
        panel.stop()


def fits_a_phone():
    with new_panel(window=(360, 600)) as panel:
        open_preferences(panel)
        xdotool('windowsize', window_id('Preferences'), '300', '294')
        # The 360 pixels that libadwaita asks for, and the frame that is drawn without a compositor.
        wait_for('the size', lambda: xdotool('getwindowgeometry', window_id('Preferences'))
                 .split()[-1] == '370x294')
        panel.stop()


FUNCTIONS = [
    opens_from_menu_and_by_key, a_bad_port_is_told_and_changes_nothing,
    a_port_waits_for_the_restart, a_restart_asks_with_numbers, a_switch_acts_at_once,
    a_number_takes_no_nonsense, a_lifetime_has_a_unit, lists_grow_and_shrink, a_file_is_chosen,
    others_may_change_it, search_finds_titles_and_explanations, resets_one_and_all,
    everything_has_a_name, fits_a_phone,
]

main(lambda: run_functions('preferences/', FUNCTIONS, sys.argv[4:]))
