# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon the real window is there, and how little it takes while nothing happens.

Arguments: the program, the folder of the compiled settings schema, a folder for pictures, and
"sanitized" where the program is slowed down by that.
"""

import sys
import time

from calls import Call
from keyboard import hide_window
from panel import Panel
from support.tap import main, run_functions

BINARY, SCHEMAS = sys.argv[1:3]
SANITIZED = 'sanitized' in sys.argv[4:]

FIRST_FRAME_LIMIT_MS = 10000 if SANITIZED else 1000
IDLE_LIMIT = 0.02 if SANITIZED else 0.01
HIDDEN_LIMIT = 0.01 if SANITIZED else 0.002


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, **options)


def first_frame_comes_soon():
    with new_panel() as warm:
        warm.wait_for_first_frame()
        warm.stop()
    with new_panel() as panel:
        milliseconds = panel.wait_for_first_frame()
        panel.program().wait('heading', 'Relay is running')
        panel.stop()
    assert milliseconds < FIRST_FRAME_LIMIT_MS, f'{milliseconds:.0f} ms'
    return f'{milliseconds:.0f} ms'


def idles_quietly():
    with new_panel() as panel:
        panel.program().wait('heading', 'Relay is running')
        time.sleep(2)
        share = panel.processor_share(5)
        panel.stop()
    assert share < IDLE_LIMIT, f'{share:.1%} of a processor'
    return f'{share:.1%} of a processor'


def rests_while_hidden():
    with new_panel(page='connections') as panel:
        program = panel.program()
        with Call(panel, user='anna'):
            program.wait_for_button('anna, ')
            hide_window()
        time.sleep(3)
        share = panel.processor_share(5)
        panel.stop()
    assert share < HIDDEN_LIMIT, f'{share:.2%} of a processor'
    return f'{share:.2%} of a processor'


main(lambda: run_functions('panel/speed/', [
    first_frame_comes_soon, idles_quietly, rests_while_hidden,
]))
