# SPDX-License-Identifier: GPL-3.0-or-later
"""The Credentials page of the real window, with real clients that show what it made to the relay.

Arguments: the program, the folder of the compiled settings schema, a folder for pictures.
"""

import json
import os
import re
import sys
import time
import urllib.error

from accessible import wait_for
from calls import Call, can_call, fetch_credentials
from keyboard import choose, press_keys, window_id, xdotool
from panel import NO_LEAKS, Panel, clipboard_text, save_screenshot
from support import children
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, **{'page': 'credentials', 'window': (960, 1380)} | options)


def secrets(panel):
    """Every text that the store of the secrets holds and that is long enough to be one."""
    with open(panel.state_file('secrets.json'), encoding='utf-8') as file:
        found = re.findall(r'"([A-Za-z0-9_-]{32,})"', file.read())
    assert len(found) >= 2, found
    return found


def revealed(program, what, title):
    """A secret, as the page shows it to who asks."""
    program.press('push button', f'Reveal {what}')
    wait_for('the secret', lambda: program.text_after(title) != 'Hidden')
    text = program.text_after(title)
    program.press('push button', f'Reveal {what}')
    wait_for('dots', lambda: program.text_after(title) == 'Hidden')
    return text


def create_credential(program):
    """User name and password."""
    program.press('push button', 'Create Credential')
    program.wait('label', 'User name')
    return program.text_after('User name'), revealed(program, 'password', 'Password')


def add(program, what, name):
    """Adds an app or user, and returns the secret that is shown once."""
    program.press('push button', f'Add {what}')
    program.type_into('Name', name)
    program.press('push button', 'Add')
    kind = {'app': 'Token', 'user': 'Password'}[what]
    program.wait('heading', f'{kind} of {name}')
    return program.text_after(f'{kind} of {name}')


def do_with(program, name, what):
    program.press('push button', f'What to do with {name}')
    program.press('menu item', what)


def pages_by_button_and_key():
    with new_panel(page='server') as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        program.press('page tab', 'Credentials')
        wait_for('the page', lambda: program.is_shown('push button', 'Rotate shared secret'))
        press_keys('alt+1')
        wait_for('the page', lambda: program.is_shown('check box', 'Relay'))
        press_keys('alt+2')
        wait_for('the page', lambda: program.is_shown('push button', 'Rotate shared secret'))
        panel.stop()
        with new_panel(home=panel.home) as second:
            program = second.program()
            program.wait('push button', 'Rotate shared secret')
            assert program.is_shown('push button', 'Rotate shared secret')
            second.stop()


def fits_a_phone():
    with new_panel(window=(360, 294)) as panel:
        program = panel.program()
        program.wait('push button', 'Rotate shared secret')
        assert xdotool('getwindowgeometry', window_id()).split()[-1] == '360x294'
        xdotool('windowsize', '--sync', window_id(), '800', '600')
        xdotool('windowsize', '--sync', window_id(), '360', '294')
        time.sleep(1)  # until it would have grown again
        assert xdotool('getwindowgeometry', window_id()).split()[-1] == '360x294'
        panel.stop()


def everything_has_a_name():
    with new_panel() as panel:
        program = panel.program()
        create_credential(program)
        add(program, 'app', 'peerwave')
        program.press('push button', 'Rotate shared secret')
        program.wait('push button', 'Revoke old secret')
        nameless = program.unnamed(('push button', 'check box', 'combo box', 'text', 'list item',
                                    'image', 'level bar'))
        assert not nameless, nameless
        panel.stop()


def hidden_secrets_are_nowhere():
    with new_panel() as panel:
        program = panel.program()
        create_credential(program)
        kept = secrets(panel)
        told = program.everything()
        assert 'Copy shared secret' in told
        assert not [secret for secret in kept if secret in told], told

        program.press('push button', 'Reveal shared secret')
        wait_for('the secret', lambda: any(secret in program.everything() for secret in kept))
        program.press('page tab', 'Server')
        wait_for('its end', lambda: not any(secret in program.everything() for secret in kept))
        assert not [secret for secret in kept if secret in panel.log()], panel.log()
        panel.stop()


def rotates_and_undoes():
    with new_panel() as panel:
        program = panel.program()
        before = revealed(program, 'shared secret', 'Secret')
        old = fetch_credentials(panel)
        program.press('push button', 'Rotate shared secret')
        program.wait_for_toast('Secret rotated')
        new = fetch_credentials(panel)
        program.answer('Undo')
        program.wait_for_toast('Rotation undone')
        program.wait('list item', 'Old secret still works for 23 h 59 min')
        program.wait('label', 'No call uses it now')
        program.wait('label', 'Shared secret rotated')
        program.wait('label', 'Shared secret rotated back')
        program.wait('label', 'In this window')
        assert revealed(program, 'shared secret', 'Secret') == before
        assert can_call(panel, old) and can_call(panel, new)
        panel.stop()


def rotates_the_api_secret():
    with new_panel() as panel:
        program = panel.program()
        key = program.text_after('Key')
        choose(program, 'Scheme', 'REST', 'JWT', 1)
        old = create_credential(program)
        assert old[0] == 'guest' and old[1].count('.') == 2
        program.press('push button', 'Rotate API secret')
        program.wait_for_toast('API secret rotated')
        program.wait('push button', 'Revoke old API secret')
        new = create_credential(program)
        assert program.text_after('Key') == key and new != old
        assert can_call(panel, old) and can_call(panel, new)

        program.press('push button', 'Revoke old API secret')
        program.wait('label', 'Revoke the old secret?')
        program.answer('Revoke')
        program.wait_until_gone('push button', 'Revoke old API secret')
        assert not can_call(panel, old) and can_call(panel, new)
        choose(program, 'Scheme', 'JWT', 'LiveKit', 2)
        assert can_call(panel, create_credential(program))
        panel.stop()


def revoking_ends_calls():
    with new_panel() as panel:
        program = panel.program()
        with Call(panel):
            program.wait_for_text(lambda text: text.startswith('1 call through it'))
            program.press('push button', 'Rotate shared secret')
            program.wait('label', 'Used by 1 call; new calls use the new one')
            save_screenshot(os.path.join(PICTURES, 'credentials-rotated.png'), 960, 1380)

            program.press('push button', 'Revoke old secret')
            program.wait('label', 'End 1 call that still uses the old secret?')
            save_screenshot(os.path.join(PICTURES, 'credentials-revoke.png'), 960, 1380)
            program.answer('Cancel')
            program.wait_until_gone('label', 'End 1 call that still uses the old secret?')
            program.wait_for_text(lambda text: text.startswith('1 call through it'))

            program.press('push button', 'Revoke old secret')
            program.answer('Revoke')
            program.wait_for_toast('Old secret revoked, 1 call ended')
            program.wait_for_text(lambda text: text.startswith('No one is connected'))
            program.wait_until_gone('push button', 'Revoke old secret')
        with Call(panel):
            program.wait_for_text(lambda text: text.startswith('1 call through it'))
        panel.stop()


def a_credential_opens_the_relay():
    with new_panel(**NO_LEAKS) as panel:
        program = panel.program()
        program.type_into('User', 'an na')
        choose(program, 'Lifetime', '1 day', '1 week', 2)
        user, password = create_credential(program)
        expiry, name = user.split(':')
        assert name == 'an na' and 7 * 86400 - 60 < int(expiry) - time.time() <= 7 * 86400, user
        assert can_call(panel, (user, password))

        program.press('push button', 'Copy JSON')
        program.wait_for_toast('Copied')
        copied = json.loads(clipboard_text())
        server = copied['iceServers'][1]
        assert (server['username'], server['credential']) == (user, password), copied
        assert f'turn:127.0.0.1:{panel.port}?transport=udp' in server['urls'], copied
        assert copied['ttl'] == 7 * 86400
        panel.stop()


def a_bad_name_is_said():
    with new_panel() as panel:
        program = panel.program()
        program.type_into('User', '')
        program.press('push button', 'Create Credential')
        program.wait_for_toast('The user name is not allowed; it must be 1 to 256 bytes of UTF-8 '
                               'without control characters')
        assert not program.find('label', 'User name')
        panel.stop()


def apps_come_and_go():
    with new_panel() as panel:
        program = panel.program()
        program.wait_for_text(lambda text: text.startswith('No app has a token yet'))
        token = add(program, 'app', 'peerwave')
        program.press('push button', 'Done')
        program.wait_until_gone('heading', 'Token of peerwave')
        assert token not in program.everything()
        program.wait('label', 'Has not asked since the start')
        assert can_call(panel, fetch_credentials(panel, token))
        program.wait('label', 'Asked just now')
        program.press('push button', 'Rotate shared secret')
        program.wait('label', 'Asked just now · old secret')
        program.wait('label', 'Used by 1 app; new calls use the new one')
        fetch_credentials(panel, token)
        program.wait('label', 'Asked just now · new secret')

        program.press('push button', 'Add app')
        program.type_into('Name', 'peerwave')
        program.press('push button', 'Add')
        program.wait('label', 'There is already an app named peerwave')
        press_keys('Escape')

        do_with(program, 'peerwave', 'Replace Token')
        program.wait_for_text(lambda text: 'The old one works for 24 h more' in text)
        do_with(program, 'peerwave', 'Remove…')
        program.wait('label', 'Remove peerwave?')
        program.answer('Remove')
        program.wait_for_text(lambda text: text.startswith('No app has a token yet'))
        assert is_refused(panel, token)
        panel.stop()


def is_refused(panel, token):
    """Whether the endpoint does not know that token."""
    try:
        fetch_credentials(panel, token)
    except urllib.error.HTTPError as error:
        assert error.code == 401, error
        return True
    return False


def users_come_and_go():
    with new_panel() as panel:
        program = panel.program()
        password = add(program, 'user', 'anna')
        program.press('push button', 'Done')
        assert can_call(panel, ('anna', password))
        assert not can_call(panel, ('anna', password + 'x'))
        panel.stop()
        with new_panel(home=panel.home) as second:
            program = second.program()
            assert can_call(panel, ('anna', password))
            do_with(program, 'anna', 'Remove…')
            program.answer('Remove')
            program.wait_for_text(lambda text: text.startswith('No user yet'))
            assert not can_call(panel, ('anna', password))
            second.stop()


def the_schedule_is_a_setting():
    with new_panel() as panel:
        program = panel.program()
        program.wait('combo box', 'Rotate by itself')
        choose(program, 'Rotate by itself', 'Never', 'Every week', 2)
        wait_for('the setting', lambda: panel.setting('credentials-rotate') == "'weekly'")
        panel.stop()


def the_desktop_rotates():
    with new_panel() as panel:
        program = panel.program()
        before = revealed(program, 'shared secret', 'Secret')
        code, written = children.output(
            [children.program('gdbus'), 'call', '--session', '--dest',
             'io.github.turnhouse.Turnhouse', '--object-path', '/io/github/turnhouse/Turnhouse',
             '--method', 'org.gtk.Actions.Activate', 'rotate-credentials', '[]', '{}'], 20)
        assert code == 0, written
        program.wait_for_toast('Secret rotated')
        program.wait('label', 'By the desktop')
        assert revealed(program, 'shared secret', 'Secret') != before
        panel.stop()


FUNCTIONS = [
    pages_by_button_and_key, fits_a_phone, everything_has_a_name, hidden_secrets_are_nowhere,
    rotates_and_undoes, rotates_the_api_secret, revoking_ends_calls, a_credential_opens_the_relay,
    a_bad_name_is_said, apps_come_and_go, users_come_and_go, the_schedule_is_a_setting,
    the_desktop_rotates,
]

main(lambda: run_functions('credentials-page/', FUNCTIONS, sys.argv[4:]))
