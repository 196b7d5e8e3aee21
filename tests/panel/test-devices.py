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
from keyboard import click
from panel import Panel, save_screenshot
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]
SIZE = (960, 1100)
VISIT_SECONDS = 60  # from the start of a browser to a verdict
LINK = re.compile(r'http://127\.0\.0\.1:\d+/test\?link=[\w-]{22}')
VERDICT = re.compile(r'Calls get through from there; TLS is not offered.*', re.DOTALL)
FIGURES = re.compile(r'[\d.]+ ms · [\d.]+ % lost · [\d.]+ [kMG]bit/s')
CANDIDATE = re.compile(r'127\.0\.0\.1:\d+')
PAIR = re.compile(r'127\.0\.0\.1:\d+ \(relay\) ↔ 127\.0\.0\.1:\d+ \(relay\)')


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, window=SIZE, page='ice-test', **options)


def share(program):
    """Has the endpoint listen for others, which asks for nothing but one click."""
    program.press('push button', 'Share Endpoint')
    return shown_link(program)


def shown_link(program, other=None):
    return program.wait_for_text(lambda text: LINK.fullmatch(text) and text != other)


def status_of(link):
    """The status and the error with which a link is answered to a program."""
    try:
        with urllib.request.urlopen(link, timeout=10) as answer:
            return answer.status, ''
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def visit(program, link, browser, name):
    """What the window says of a browser that opened the link, once it knows the verdict."""
    def verdict():
        texts = program.texts()
        return next((text for text in texts[texts.index(name) + 1:] if VERDICT.match(text)), None) \
            if name in texts else None
    with browsers.visiting(browser, link):
        return wait_for(f'the verdict of {name}', verdict, VISIT_SECONDS, 1)


def lose_a_device(program, link):
    """A page that is closed too early is told of, too; another link."""
    with Device(link, PHONE) as device:
        device.tell(*GOES_WELL[:3])
    program.wait_for_text('The page was closed before its test came to an end'.__eq__)
    return new_link(program, link)


def new_link(program, link):
    """Where the last one was used up, which both sides say."""
    code, error = status_of(link)
    assert code == 410 and 'was used' in error, (code, error)
    program.press('push button', 'New Link')  # of the row that says so
    return shown_link(program, link)


def devices_run_the_test():
    with new_panel() as panel:
        program = panel.program()
        link = lose_a_device(program, share(program))
        for browser, name in ((browsers.chromium, 'Chrome on Linux'),
                              (browsers.firefox, 'Firefox on Linux')):
            verdict, _, figures = visit(program, link, browser, name).partition('\n')
            assert FIGURES.fullmatch(figures), (name, verdict, figures)
            link = new_link(program, link)
        click(program, 'label', 'Firefox on Linux')
        texts = program.texts()
        assert len([text for text in texts if CANDIDATE.fullmatch(text)]) >= 2, texts
        assert len([text for text in texts if PAIR.fullmatch(text)]) == 2, texts
        assert texts.count('Not offered') == 5, texts  # TLS twice, and all that the phone left out
        save_screenshot(os.path.join(PICTURES, 'devices.png'), *SIZE)
        panel.stop()


main(lambda: run_functions('panel/devices/', [devices_run_the_test]))
