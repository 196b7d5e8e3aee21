# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of the ICE test, by keyboard and by what assistive technology is told.

All cases are at one panel, one after the other: looking at a page with so much on it takes longer
than the tests on it. Arguments: the program, the folder of the compiled settings schema, a folder
for pictures.
"""

import json
import os
import re
import socket
import sys

from accessible import Atspi, wait_for
from calls import LOCALHOST
from keyboard import press_keys
from panel import NO_LEAKS, Panel, clipboard_text, save_screenshot
from support.tap import Cases, main

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]
_, OTHER_SERVERS, PASTED_TEXT = TARGETS = 'This Relay', 'Other Servers', 'Pasted Text'
WRONG_SECRET = 'Calls will fail: The secret or password is wrong (401)'
BROWSER_TEXT = """\
a=candidate:842163049 1 udp 2122260223 192.0.2.20 51822 typ host generation 0
a=candidate:3098175849 1 udp 41885439 198.51.100.1 49322 typ relay raddr 203.0.113.7 rport 51822
"""


class Page:
    """As the keyboard opens it."""

    def __init__(self, panel):
        self.panel, self.program = panel, panel.program()
        self.program.wait('heading', 'Relay is running')
        press_keys('alt+4')
        self.target = self.program.wait('combo box', 'What to test')
        self.here = self.program.around(self.target, 'scroll pane')
        self.start = self.here.wait('push button', 'Start')
        self.known = {}

    def look(self):
        """Remembers what is there."""
        self.known = self.here.named()

    def node(self, role, name, place=0):
        assert len(self.known.get((role, name), [])) > place, (role, name, list(self.known))
        return self.known[role, name][place]

    def enter(self, **texts):
        """Into entries, whose names have _ for spaces."""
        for name, text in texts.items():
            self.here.type_into(name.replace('_', ' '), text)

    def press_start(self):
        """As the keyboard does it; it then says Stop."""
        give_focus(self.start)
        press_keys('space')
        wait_for('Stop', lambda: self.start.get_name() == 'Stop')

    def run(self):
        """What a test comes to."""
        self.press_start()
        wait_for('the end', lambda: self.start.get_name() == 'Start')
        return self.verdict()

    def verdict(self):
        return self.here.wait('status bar').get_name()

    def choose(self, choice):
        """Another target, in the list that its button opens."""
        give_focus(self.here.part(self.target).wait('push button'))
        press_keys('space')
        self.here.wait('label', choice)
        press_keys('Home', *['Down'] * TARGETS.index(choice), 'Return')

    def has(self, name):
        return any(known == name for _, known in self.known)


def has_focus(node):
    return node.get_state_set().contains(Atspi.StateType.FOCUSED)


def give_focus(node):
    """Tabs on to it, as far as once around the window."""
    for _ in range(120):
        if has_focus(node):
            return
        press_keys('Tab')
    raise AssertionError(f'Tab never comes to {node.get_name()!r}')


def tests_this_relay(page):
    verdict = page.run()
    assert verdict.startswith('Calls will get through'), verdict
    page.look()
    for text in ('TURN over UDP, IPv4', 'TURN over TCP, IPv4', 'Router', 'Candidates', 'Pairs',
                 'In use', 'Round trip', 'Throughput', 'Jitter', 'Loss', 'just now · This relay'):
        assert page.has(text), f'{text!r} is not in {list(page.known)}'
    addresses = [name for _, name in page.known if re.fullmatch(rf'{LOCALHOST}:\d+', name)]
    assert addresses, list(page.known)
    chart = page.node('image', 'Round trip').get_description()
    assert re.fullmatch(r'[\d.]+\sms Round trip', chart), chart
    save_screenshot(os.path.join(PICTURES, 'ice-test.png'), 960, 1400)
    return verdict


def names_its_controls(page):
    nameless = page.here.unnamed(('check box', 'combo box', 'text', 'password text', 'list item',
                                  'progress bar', 'tree table'))
    assert not nameless, nameless
    for name in 'UDP', 'TCP', 'TLS', 'All', 'Relay', 'Start':
        assert page.node('push button', name)
    for name in 'Transports', 'Candidates', 'Shown candidates':
        assert page.node('panel', name)


def copies_reports_without_secrets(page):
    page.node('push button', 'Copy Report').do_action(0)
    page.program.wait_for_toast('Copied')
    report = clipboard_text()
    assert report.startswith('## Calls will get through'), report
    assert '| turn:' in report, report
    page.node('push button', 'Copy as JSON').do_action(0)
    text = wait_for('JSON', lambda: next(filter(lambda it: it.startswith('{'),
                                                [clipboard_text()]), None))
    known = json.loads(text)
    assert known['verdict'] == 'limited' and known['paths'] and known['candidates'], known
    with open(page.panel.state_file('secrets.json'), encoding='utf-8') as file:
        secrets = re.findall(r'"([A-Za-z0-9_-]{32,})"', file.read())
    assert len(secrets) >= 2, secrets
    for secret in *secrets, 'ice-test-':
        assert secret not in report + text, secret


def shows_all_steps(page):
    row = page.here.part(page.node('list item', 'What was tested'))
    give_focus(page.node('list item', 'What Was Tested'))
    press_keys('space')
    row.wait('label', 'Permission')
    row.wait('label', 'done')
    press_keys('space')


def shows_relays_alone(page):
    table = page.here.part(page.node('tree table', 'Candidates'))
    page.node('push button', 'Relay', 1).do_action(0)
    wait_for('relays alone', lambda: 'This device' not in table.texts())
    assert 'Relay' in table.texts(), table.texts()
    page.node('push button', 'All', 1).do_action(0)
    table.wait('label', 'This device')


def stops_midway(page):
    page.choose(OTHER_SERVERS)
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind((LOCALHOST, 0))
        page.enter(Servers=f'turn:{LOCALHOST}:{silent.getsockname()[1]}')
        page.press_start()
        progress = page.here.wait('progress bar', 'Progress of the test')
        wait_for('progress', lambda: Atspi.Value.get_current_value(progress) > 0)
        assert page.verdict() == 'Testing…', page.verdict()
        press_keys('space')
        wait_for('Start', lambda: page.start.get_name() == 'Start')
    assert page.verdict() == 'Test stopped', page.verdict()


def tells_a_wrong_secret(page):
    page.enter(Servers=f'turn:{LOCALHOST}:{page.panel.port}', Or_a_Shared_Secret='this is not it')
    verdict = page.run()
    assert verdict == WRONG_SECRET, verdict
    page.look()
    assert any('Copy the shared secret from the relay' in name for _, name in page.known)
    assert page.has('The server answers: Unauthenticated (401).'), list(page.known)


def asks_an_endpoint(page):
    url = f'http://{LOCALHOST}:{page.panel.endpoint_port}/api/ice-servers'
    page.enter(Servers=url, Or_a_Shared_Secret='')
    verdict = page.run()
    assert verdict.startswith('Calls will get through'), verdict


def compares_two(page):
    page.look()
    boxes = page.known['check box', 'Compare']
    assert len(boxes) == 3, boxes  # what was stopped is not kept
    for box in boxes[:2]:
        give_focus(box)
        press_keys('space')
    changes = page.here.around(page.node('list', 'History'), 'panel')
    changes.wait('label', 'What Changed')
    text = changes.text_after('What Changed')
    assert 'Gone: The secret or password is wrong (401)' in text, text
    press_keys('space')
    changes.wait_until_gone('label', 'What Changed')
    return text.splitlines()[0]


def reads_what_a_browser_says(page):
    page.choose(PASTED_TEXT)
    page.enter(From_a_browser=BROWSER_TEXT)
    page.look()
    assert not page.has('Start'), list(page.known)
    read = page.node('push button', 'Read')
    give_focus(read)
    press_keys('space')
    page.here.wait('status bar', '2 candidates')
    page.look()
    for text in ('192.0.2.20:51822', '126|32542|255', '198.51.100.1:49322', '203.0.113.7:51822'):
        assert page.has(text), f'{text!r} is not in {list(page.known)}'
    assert not page.has('Paths'), list(page.known)
    page.enter(From_a_browser='nothing to be found here')
    give_focus(read)
    press_keys('space')
    page.here.wait('status bar', 'There is no candidate in this text')


CASES = (tests_this_relay, names_its_controls, copies_reports_without_secrets, shows_all_steps,
         shows_relays_alone, stops_midway, tells_a_wrong_secret, asks_an_endpoint, compares_two,
         reads_what_a_browser_says)


def run_all():
    cases = Cases()
    with Panel(BINARY, SCHEMAS, window=(960, 1400), **NO_LEAKS) as panel:
        page = Page(panel)
        for case in CASES:
            cases.add('panel/ice-page/' + case.__name__.replace('_', '-'), case, page)
        cases.add('panel/ice-page/ends-well', panel.stop)
        return cases.run()


main(run_all)
