# SPDX-License-Identifier: GPL-3.0-or-later
"""Real browsers open links that the real window made, and what they find is seen there.

Arguments: the program, the folder of the compiled settings schema, and a folder for pictures.
"""

import os
import re
import sys
import urllib.error
import urllib.request

import browsers
from accessible import wait_for
from devices import GOES_WELL, PHONE, Device
from panel import NO_LEAKS, Panel, save_screenshot
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]
SIZE = (960, 1100)
VISIT_SECONDS = 60  # from the start of a browser to a verdict
LINK = re.compile(r'http://127\.0\.0\.1:\d+/test\?link=[\w-]{22}')
VERDICT = re.compile(r'Calls get through from there')
FIGURES = re.compile(r'\d ms · [\d.]+ % lost · [\d.]+ [kMG]?bit/s')


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, window=SIZE, page='ice-test', **options)


def share(program):
    """Has the endpoint listen for others, which asks for nothing but one click."""
    program.wait('label', 'Only this machine can open the test page')
    program.press('push button', 'Share Endpoint')
    return shown_link(program)


def shown_link(program):
    return program.wait_for_text(LINK.fullmatch)


def verdicts(program):
    return [text for text in program.texts() if VERDICT.match(text)]


def status_of(link):
    """The status and the error with which a link is answered to a program."""
    try:
        with urllib.request.urlopen(link, timeout=10) as answer:
            return answer.status, ''
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def visit(program, link, browser, name):
    """From a link to a verdict in the window."""
    before = len(verdicts(program))
    with browsers.visiting(browser, link):
        program.wait_for_text(lambda text: text == name, VISIT_SECONDS)
        wait_for(f'the verdict of {name}', lambda: len(verdicts(program)) > before, VISIT_SECONDS)
        return verdicts(program)


def two_browsers_run_the_test():
    with new_panel() as panel:
        program = panel.program()
        link = share(program)
        visit(program, link, browsers.chromium, 'Chrome on Linux')
        program.wait('label', 'The link was opened')
        code, error = status_of(link)
        assert code == 410 and 'was used' in error, (code, error)
        program.press('push button', 'New Link')
        other = shown_link(program)
        assert other != link
        seen = visit(program, other, browsers.firefox, 'Firefox on Linux')
        assert len(seen) >= 2, seen
        assert all(any(FIGURES.search(line) for line in text.split('\n')) for text in seen), seen
        program.press('toggle button', 'Chrome on Linux') if program.find(
            'toggle button', 'Chrome on Linux') else None
        everything = program.everything()
        assert 'relay' in everything
        save_screenshot(os.path.join(PICTURES, 'devices.png'), *SIZE)
        panel.stop()


def tells_of_a_page_that_was_closed():
    with new_panel() as panel:
        program = panel.program()
        share(program)
        with Device(shown_link(program), PHONE) as device:
            program.wait('label', 'Chrome on Android')
            device.tell(*GOES_WELL[:3])
        program.wait_for_text(lambda text: 'The page was closed' in text)
        panel.stop()


FUNCTIONS = [two_browsers_run_the_test, tells_of_a_page_that_was_closed]

main(lambda: run_functions('panel/devices/', FUNCTIONS))
