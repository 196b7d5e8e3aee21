# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window in German: no English is left in it, and at its narrowest it is whole. What
programs read of it is English still.

Arguments: the program, the folder of the compiled settings schema, a folder for pictures, and the
German catalogue.
"""

import json
import os
import socket
import sys
import urllib.error
import urllib.request

import catalogue
from accessible import wait_for
from calls import LOCALHOST, Call
from keyboard import press_keys
from panel import Panel, save_screenshot
from support.tap import Cases, main

BINARY, SCHEMAS, PICTURES, CATALOGUE = sys.argv[1:]
ENVIRONMENT = {name.removeprefix('GERMAN_'): value for name, value in os.environ.items()
               if name.startswith('GERMAN_')}

# Names are what they are in any language.
SAME_IN_BOTH = {'Transport', 'Client', 'Details', 'Server', 'Apps', 'Name', 'Realm', 'Status'}

WINDOWS = {'wide': (960, 1300), 'narrow': (360, 1300)}


def english_texts():
    """The texts that are another in German, and not a German one as well."""
    messages = catalogue.read(CATALOGUE)
    german = {text for message in messages for text in message.translations}
    return {text for message in messages for text in message.texts()} - german - SAME_IN_BOTH


ENGLISH = english_texts()


def new_panel(page, size):
    return Panel(BINARY, SCHEMAS, window=WINDOWS[size], page=page, **ENVIRONMENT)


def assert_german(program):
    english = sorted(ENGLISH & set(program.texts() + program.buttons()))
    assert not english, english


def picture(name, size):
    save_screenshot(os.path.join(PICTURES, f'german-{name}-{size}.png'), *WINDOWS[size])


def page_is_german(page, title, size):
    with new_panel(page, size) as panel:
        program = panel.program()
        program.wait(name=title)
        assert_german(program)
        picture(page, size)
        panel.stop()


def connections_are_german(size):
    with new_panel('connections', size) as panel:
        program = panel.program()
        program.wait('label', 'Anrufe erscheinen hier, sobald eine App dieses Relay verwendet')
        with Call(panel):
            program.wait(name='Clients')
            assert_german(program)
            picture('call', size)
        panel.stop()


def preferences_are_german(size):
    with new_panel('server', size) as panel:
        program = panel.program()
        program.wait('heading', 'Relay läuft')
        press_keys('ctrl+comma')
        wait_for('the preferences', lambda: 'Einstellungen' in program.windows())
        assert_german(program)
        picture('preferences', size)


def ask(panel, path):
    """Code and JSON of the endpoint's answer."""
    try:
        with urllib.request.urlopen(f'http://{LOCALHOST}:{panel.endpoint_port}{path}',
                                    timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


def programs_read_english():
    panel = new_panel('server', 'wide')
    with socket.socket() as taken:
        taken.bind((LOCALHOST, panel.port))
        taken.listen()
        with panel:
            panel.program().wait('heading', 'Relay läuft')
            code, status = ask(panel, '/api/status')
            problems = {listener['problem'] for listener in status['listeners']
                        if not listener['bound']}
            assert (code, problems) == (200, {'Address already in use'}), status
            code, refusal = ask(panel, '/api/livekit/ice-config?user=anna:ben')
            assert code == 400 and refusal['error'].startswith('user must be'), refusal
            panel.stop()


def run():
    os.makedirs(PICTURES, exist_ok=True)
    cases = Cases()
    for size in WINDOWS:
        for page, title in {'server': 'Relay läuft', 'credentials': 'Geteiltes Geheimnis'}.items():
            cases.add(f'/german/{page}-is-german-{size}', page_is_german, page, title, size)
        cases.add(f'/german/connections-are-german-{size}', connections_are_german, size)
        cases.add(f'/german/preferences-are-german-{size}', preferences_are_german, size)
    cases.add('/german/programs-read-english', programs_read_english)
    return cases.run()


main(run)
