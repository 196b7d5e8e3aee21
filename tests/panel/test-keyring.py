# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window with its secrets in a real keyring, which may be locked when it starts.

Arguments: the program, the folder of the compiled settings schema, a folder for pictures.
"""

import os
import sys
import tempfile

from keyboard import choose
from keyring import PASSWORD, Keyring, answer_prompt
from panel import NO_LEAKS, Panel, save_screenshot
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]
MARKER = 'secrets-are-kept-in'


def new_panel(marker='keyring', **options):
    panel = Panel(BINARY, SCHEMAS, **options)
    with open(panel.state_file(MARKER), 'w', encoding='utf-8') as file:
        file.write(marker + '\n')
    return panel


def new_waiting_panel(keyring, **options):
    """One that finds the keyring locked."""
    keyring.lock()
    return new_panel(**NO_LEAKS | options)


def state_files(panel):
    return sorted(os.listdir(os.path.dirname(panel.state_file('x'))))


def starts_at_once_when_unlocked():
    with tempfile.TemporaryDirectory() as folder, Keyring(folder) as keyring, new_panel() as panel:
        panel.program().wait('heading', 'Relay is running')
        assert 'Turnhouse: shared secrets' in keyring.labels(), keyring.labels()
        panel.stop()
        files = state_files(panel)
        assert not any('.json' in name for name in files), files


def moves_there_and_back():
    with tempfile.TemporaryDirectory() as folder, Keyring(folder) as keyring, \
            new_panel('files', page='credentials', window=(960, 1380), **NO_LEAKS) as panel:
        program = panel.program()
        choose(program, 'Secrets are kept in', 'A file', 'The keyring', 1)
        program.wait('label', 'Encrypted by the desktop')
        assert 'Turnhouse: shared secrets' in keyring.labels(), keyring.labels()
        assert not any('.json' in name for name in state_files(panel)), state_files(panel)
        save_screenshot(os.path.join(PICTURES, 'keyring-storage.png'), 960, 1380)

        program.press('push button', 'Rotate shared secret')
        program.wait_for_toast('Secret rotated')
        assert not any('.json' in name for name in state_files(panel)), state_files(panel)
        choose(program, 'Secrets are kept in', 'The keyring', 'A file', 0)
        program.wait('label', 'Only you can read it')
        assert 'secrets.json' in state_files(panel), state_files(panel)
        assert 'Turnhouse: shared secrets' not in keyring.labels(), keyring.labels()
        panel.stop()


def waits_for_the_user():
    with tempfile.TemporaryDirectory() as folder, Keyring(folder) as keyring, \
            new_waiting_panel(keyring) as panel:
        program = panel.program()
        program.wait('label', 'Waiting for the Keyring')
        assert not program.find('push button', 'Unlock'), program.buttons()
        answer_prompt('Escape')
        program.wait('label', 'Keyring Is Locked')
        program.press('push button', 'Unlock')
        program.wait('label', 'Waiting for the Keyring')
        answer_prompt(*PASSWORD, 'Return')
        program.wait('heading', 'Relay is running')
        assert not program.find('label', 'Waiting for the Keyring')
        panel.stop()


def ends_while_it_waits():
    with tempfile.TemporaryDirectory() as folder, Keyring(folder) as keyring, \
            new_waiting_panel(keyring) as panel:
        panel.program().wait('label', 'Waiting for the Keyring')
        panel.stop()


def says_when_the_marker_makes_no_sense():
    with new_panel('a mistake') as panel:
        program = panel.program()
        program.wait('label', 'Relay Cannot Be Set Up')
        text = program.wait_for_text(lambda text: MARKER in text)
        panel.stop()
    return text


def takes_pictures():
    pictures = {'keyring': (960, 680, {}), 'keyring-smallest': (360, 294, {}),
                'keyring-narrow-dark': (360, 680, {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'})}
    for name, (width, height, environment) in pictures.items():
        with tempfile.TemporaryDirectory() as folder, Keyring(folder) as keyring, \
                new_waiting_panel(keyring, window=(width, height), **environment) as panel:
            program = panel.program()
            program.wait('label', 'Waiting for the Keyring')
            save_screenshot(os.path.join(PICTURES, name + '-waiting.png'), width, height)
            answer_prompt('Escape')
            program.wait('label', 'Keyring Is Locked')
            save_screenshot(os.path.join(PICTURES, name + '-locked.png'), width, height)
            panel.stop()


FUNCTIONS = [
    starts_at_once_when_unlocked, moves_there_and_back, waits_for_the_user, ends_while_it_waits,
    says_when_the_marker_makes_no_sense, takes_pictures,
]

main(lambda: run_functions('keyring/', FUNCTIONS))
