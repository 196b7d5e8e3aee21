# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window in German: no English is left in it, and at its narrowest it is whole.

Arguments: the program, the folder of the compiled settings schema, a folder for pictures, and the
German catalogue.
"""

import os
import sys

import catalogue
from accessible import wait_for
from calls import Call
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


def run():
    os.makedirs(PICTURES, exist_ok=True)
    cases = Cases()
    for size in WINDOWS:
        for page, title in {'server': 'Relay läuft', 'credentials': 'Geteiltes Geheimnis'}.items():
            cases.add(f'/german/{page}-is-german-{size}', page_is_german, page, title, size)
        cases.add(f'/german/connections-are-german-{size}', connections_are_german, size)
        cases.add(f'/german/preferences-are-german-{size}', preferences_are_german, size)
    return cases.run()


main(run)
