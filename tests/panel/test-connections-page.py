# SPDX-License-Identifier: GPL-3.0-or-later
"""The Connections page of the real window, while real clients use its relay.

Arguments: the program, the folder of the compiled settings schema, and a folder for pictures.
"""

import os
import re
import sys

from accessible import wait_for
from calls import Call
from panel import Panel, save_screenshot
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, page='connections', **options)


def wait_for_node(program, user):
    """The name of the graph's node for a client of that user that talks to somebody."""
    return program.wait_for_button(user + ', ')


def open_details(program, user):
    program.press('push button', wait_for_node(program, user))
    program.wait('push button', 'Close Details')


def says_that_no_one_is_there():
    with new_panel() as panel:
        program = panel.program()
        program.wait('label', 'No One Is Connected')
        program.wait('label', 'Calls appear here as soon as an app uses this relay')
        save_screenshot(os.path.join(PICTURES, 'connections-empty.png'), 960, 680)
        panel.stop()


def shows_a_call_and_its_details():
    with new_panel() as panel:
        program = panel.program()
        with Call(panel, user='anna'):
            open_details(program, 'anna')
            program.wait_for_text(lambda text: text.startswith('Talking, for '), 20)
            program.wait('label', 'TCP, IPv4')
            program.wait('label', 'asked without credentials, was challenged (401)')
            port = program.wait_for_text(lambda text: text.startswith('allowed, got port '))
            program.wait_for_text(lambda text: re.fullmatch(r'channel 0x[4-7]\w{3} to .*', text))
            rate = program.wait_for_text(lambda text: re.fullmatch(r'[\d.]+ kbit/s · .*B', text))
            program.wait_for_text(lambda text: text.startswith('newest secret, '))
            nameless = program.unnamed(('push button', 'check box', 'toggle button'))
            assert len(nameless) <= 1, nameless  # GTK's own part of a drop-down
            save_screenshot(os.path.join(PICTURES, 'connections-details.png'), 960, 680)
        panel.stop()
    return f'{port}; {rate}'


def ends_a_session():
    with new_panel() as panel:
        program = panel.program()
        with Call(panel, user='anna'):
            open_details(program, 'anna')
            program.wait_for_text(lambda text: text.startswith('Talking, for '), 20)
            program.press('push button', 'End Session')
            program.wait_for_text(lambda text: text.startswith('1 call of anna stops.'))
            program.answer('End Session')
            program.wait_for_text(lambda text: text.startswith('Ended, after '))
            program.wait('label', 'ended from here')
            program.wait_until_gone('push button', 'End Session')
        panel.stop()


def finds_by_user():
    with new_panel() as panel:
        program = panel.program()
        with Call(panel, user='anna'), Call(panel, user='ben', options=('-y',)):
            open_details(program, 'anna')
            wait_for_node(program, 'ben')
            program.press('push button', 'Filter by User')
            wait_for('the end of ben', lambda: not any(
                name.startswith('ben, ') for name in program.buttons()))
            wait_for_node(program, 'anna')
            program.type_into('Search users and addresses', 'nobody at all')
            program.wait('label', 'Nothing Found')
            program.press('push button', 'Clear Search')
            wait_for_node(program, 'ben')
        panel.stop()


def shows_the_same_as_a_table():
    with new_panel() as panel:
        program = panel.program()
        with Call(panel, user='anna'), Call(panel, user='door-camera', options=('-c',)):
            wait_for_node(program, 'anna')
            program.press('page tab', 'Table')
            for title in 'User', 'Transport', 'Client', 'Peers', 'To Peers', 'Total':
                program.wait(None, title)
            program.wait(None, 'anna')
            program.wait(None, 'door-camera')
            program.wait(None, 'TCP')
            save_screenshot(os.path.join(PICTURES, 'connections-table.png'), 960, 680)
        program.wait('label', 'No One Is Connected')
        panel.stop()


def blocks_a_network():
    with new_panel() as panel:
        program = panel.program()
        with Call(panel, user='anna'):
            open_details(program, 'anna')
            program.press('push button', 'Block 127.0.0.0/24')
            program.wait('label', 'Block 127.0.0.0/24?')
            program.answer('Block')
            program.wait_for_toast('127.0.0.0/24 blocked')
        assert panel.setting('relay-deny-peers') == "['127.0.0.0/24']"
        with Call(panel, user='ben') as refused:
            refused.wait_until_ended()
        panel.stop()


FUNCTIONS = [
    says_that_no_one_is_there, shows_a_call_and_its_details, ends_a_session, finds_by_user,
    shows_the_same_as_a_table, blocks_a_network,
]

main(lambda: run_functions('panel/connections/', FUNCTIONS))
