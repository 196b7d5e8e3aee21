# SPDX-License-Identifier: GPL-3.0-or-later
"""The dialog "Connect an App" in the real window, driven by its names and by the keyboard.

Arguments: the program and the folder of the compiled settings schema.
"""

import base64
import hashlib
import hmac
import json
import re
import sys
import urllib.request

from accessible import wait_for
from keyboard import press_keys, window_id, xdotool
from panel import NO_LEAKS, Panel, clipboard_text
from support.tap import main, run_functions

BINARY, SCHEMAS = sys.argv[1:3]

DIALOG = 'Connect an App'
APPS = ['Web App', 'Web App without a Module', 'LiveKit', 'Matrix Synapse',
        'Element Call (MatrixRTC)', 'Nextcloud Talk', 'Jitsi Meet', 'PeerWave',
        'PeerWave with LiveKit', 'Prosody', 'ejabberd', 'coturn', 'Port 443 with nginx',
        'Port 443 with HAProxy']
SECRET_NOTE = 'This contains the shared secret.'


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, **options)


def open_dialog(panel):
    """The program, with the dialog open."""
    program = panel.program()
    program.press('push button', DIALOG)
    wait_for('the dialog', lambda: program.windows() == ['Turnhouse', DIALOG])
    return program


def opens_from_the_credentials_page():
    with new_panel(page='credentials') as panel:
        program = panel.program()
        program.press('push button', DIALOG, place=1)  # the first is on the Server page
        wait_for('the dialog', lambda: program.windows() == ['Turnhouse', DIALOG])
        snippet(program, 'client.mjs')
        panel.stop()


def keys(*names):
    press_keys(*names, title=DIALOG)


def choose(program, app, enter=False):
    """Walks to an app in the list, which has the focus."""
    keys('Home', *['Down'] * APPS.index(app), *['Return'] * enter)


def snippet(program, part):
    """The text to paste, once it is one that holds that part."""
    return program.wait_for_text(lambda text: part in text)


def has_note(program, beginning):
    return any(text.startswith(beginning) for text in program.texts())


def proves_itself(secret, panel):
    """Whether that is the secret that the running relay makes credentials from."""
    url = f'http://127.0.0.1:{panel.endpoint_port}/api/ice-servers?user=anna'
    with urllib.request.urlopen(url, timeout=10) as answer:
        server = next(entry for entry in json.load(answer)['iceServers'] if 'username' in entry)
    mac = hmac.new(secret.encode(), server['username'].encode(), hashlib.sha1).digest()
    return base64.b64encode(mac).decode() == server['credential']


def lists_apps():
    with new_panel() as panel:
        program = open_dialog(panel)
        texts = program.texts()
        assert [app for app in APPS if app not in texts] == [], texts
        nameless = program.unnamed(('push button', 'list item', 'list'))
        assert not nameless, nameless
        module = snippet(program, 'client.mjs')
        assert f"from 'http://127.0.0.1:{panel.endpoint_port}/client.mjs'" in module, module
        assert has_note(program, 'Only apps on this machine'), program.texts()
        assert not has_note(program, SECRET_NOTE)
        panel.stop()


def hides_secrets_until_asked():
    with new_panel() as panel:
        program = open_dialog(panel)
        choose(program, 'Matrix Synapse')
        hidden = snippet(program, 'turn_uris:')
        assert f'"turn:127.0.0.1:{panel.port}?transport=udp"' in hidden, hidden
        assert 'turn_shared_secret: "••••••••"' in hidden, hidden
        assert has_note(program, SECRET_NOTE), program.texts()

        program.press('push button', 'Show Secrets')
        program.wait_for_text(lambda text: 'turn_uris:' in text and text != hidden)
        secret = re.search(r'turn_shared_secret: "(.*)"', snippet(program, 'turn_uris:')).group(1)
        assert proves_itself(secret, panel)
        program.press('push button', 'Show Secrets')
        program.wait_for_text(lambda text: text == hidden)

        program.press('push button', 'Show Secrets')
        program.wait_for_text(lambda text: secret in text)
        choose(program, 'coturn')
        assert 'static-auth-secret="••••••••"' in snippet(program, 'use-auth-secret')
        panel.stop()


def copies_what_is_hidden():
    with new_panel(**NO_LEAKS) as panel:
        program = open_dialog(panel)
        choose(program, 'Matrix Synapse')
        assert '••••' in snippet(program, 'turn_uris:')
        program.press('push button', 'Copy')
        program.wait_for_toast('Copied')
        copied = clipboard_text()
        assert proves_itself(re.search(r'turn_shared_secret: "(.*)"', copied).group(1), panel)
        assert '••••' in snippet(program, 'turn_uris:')
        panel.stop()


def copies_by_keyboard():
    with new_panel(**NO_LEAKS) as panel:
        program = open_dialog(panel)
        choose(program, 'coturn')
        snippet(program, 'use-auth-secret')
        keys('ctrl+c')
        program.wait_for_toast('Copied')
        copied = clipboard_text()
        secret = re.search(r'^static-auth-secret=(.*)$', copied, re.MULTILINE).group(1)
        assert proves_itself(secret, panel)

        # Enter leads on to the text. Dots are never copied, not even when they are selected.
        choose(program, 'Matrix Synapse', enter=True)
        text = snippet(program, 'turn_uris:')
        wait_for('the focus', lambda: program.is_focused('push button', 'Copy'))
        keys('Tab')
        wait_for('the focus', lambda: program.is_focused('label', text))
        keys('ctrl+a', 'ctrl+c')
        wait_for('the other text', lambda: 'turn_shared_secret' in clipboard_text(), step=1)
        assert secret in clipboard_text()
        panel.stop()


def closes_by_keyboard():
    with new_panel() as panel:
        program = open_dialog(panel)
        keys('Escape')
        wait_for('its end', lambda: program.windows() == ['Turnhouse'])
        program.press('push button', DIALOG)
        wait_for('the dialog', lambda: len(program.windows()) == 2)
        panel.stop()


def follows_the_relay():
    with new_panel() as panel:
        program = open_dialog(panel)
        choose(program, 'Matrix Synapse')
        snippet(program, 'turn_uris:')
        program.press('check box', 'Relay')
        program.wait_for_text(lambda text: text.startswith('The relay does not run.'))
        assert not has_note(program, SECRET_NOTE)
        choose(program, 'Web App')
        program.wait_for_text(lambda text: text.startswith('The endpoint does not run.'))
        program.press('push button', 'Start Relay')
        assert 'client.mjs' in snippet(program, 'client.mjs')
        panel.stop()


def takes_turns_in_a_narrow_window():
    with new_panel(window=(360, 700)) as panel:
        program = open_dialog(panel)
        assert xdotool('getwindowgeometry', window_id(DIALOG)).split()[-1].startswith('360x')
        program.wait('label', 'LiveKit')
        assert not program.find('push button', 'Copy')
        choose(program, 'LiveKit', enter=True)
        assert f'port: {panel.port}' in snippet(program, 'turn_servers:')
        assert not program.find('label', 'Jitsi Meet')

        program.press('push button', 'Back')
        program.wait('label', 'Jitsi Meet')
        assert not program.find('push button', 'Copy')
        keys('Down', 'Return')
        assert 'turn_uris' in snippet(program, 'turn_uris:')
        keys('alt+Left')
        program.wait('label', 'Jitsi Meet')
        panel.stop()


FUNCTIONS = [
    lists_apps, opens_from_the_credentials_page, hides_secrets_until_asked, copies_what_is_hidden,
    copies_by_keyboard, closes_by_keyboard, follows_the_relay, takes_turns_in_a_narrow_window,
]

main(lambda: run_functions('panel/connect/', FUNCTIONS))
