# SPDX-License-Identifier: GPL-3.0-or-later
"""The event log of the real window, while real clients are let in and turned down.

Arguments: the program, the folder of the compiled settings schema, and a folder for pictures.
"""

import asyncio
import json
import os
import re
import sys
import time
import urllib.request

from accessible import wait_for
from aioice.stun import TransactionFailed
from aioice.turn import create_turn_endpoint
from calls import LOCALHOST, Call, can_call, fetch_credentials
from keyboard import press_keys, window_id, xdotool
from panel import NO_LEAKS, Panel, clipboard_text, save_screenshot
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]
TITLE = 'Event Log'
WRONG_SECRET = 'The password does not match the secret of this relay (401)'
ODD_NAME = f'{int(time.time()) + 600}:ev\u202eil\u2067' + 'x' * 100


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, **options)


def open_log(program):
    program.wait('push button', 'Connect an App')
    press_keys('ctrl+l')
    wait_for('the event log', lambda: TITLE in program.windows())


def credentials_until(panel, ttl):
    """A credential that ends in so many seconds."""
    url = f'http://{LOCALHOST}:{panel.endpoint_port}/turn?service=turn&username=anna&ttl={ttl}'
    with urllib.request.urlopen(url, timeout=10) as answer:
        values = json.load(answer)
    return values['username'], values['password']


async def _refusal(port, user, password):
    """The code with which an allocation is refused."""
    try:
        await create_turn_endpoint(asyncio.DatagramProtocol, (LOCALHOST, port), user, password)
    except TransactionFailed as failure:
        return failure.response.attributes['ERROR-CODE'][0]
    return 0


def refusals(panel, *credentials):
    """The codes of many clients at once."""
    async def ask_all():
        return await asyncio.gather(*(_refusal(panel.port, *each) for each in credentials))
    return asyncio.run(asyncio.wait_for(ask_all(), 60))


def wait_for_facts(program, *parts):
    """A line below an event that has all these parts in it."""
    return program.wait_for_text(lambda text: all(part in text for part in parts), 20)


def says_that_nothing_is_found():
    with new_panel() as panel:
        program = panel.program()
        open_log(program)
        program.type_into('Search events', 'nothing of that')
        program.wait('label', 'No Such Event')
        save_screenshot(os.path.join(PICTURES, 'events-nothing.png'), 680, 560)
        program.press('push button', 'Show All Events')
        program.wait_until_gone('label', 'No Such Event')
        panel.stop()


def tells_who_was_let_in_and_folds_the_challenge():
    with new_panel() as panel:
        program = panel.program()
        open_log(program)
        program.wait('label', 'The relay was started')
        assert can_call(panel, fetch_credentials(panel))
        program.wait('label', 'A call began')
        wait_for_facts(program, 'Information · ')
        who = wait_for_facts(program, 'anna', '127.0.0.1:', 'UDP')
        program.wait_for_text(lambda text: text.startswith('A call ended after '))
        time.sleep(2)  # whatever was refused is told within a second
        assert not any('401' in text for text in program.texts()), program.texts()
        nameless = program.unnamed(('push button', 'check box', 'toggle button'))
        assert len(nameless) <= 1, nameless  # GTK's own part of a drop-down
        panel.stop()
    return who


def tells_why_credentials_were_refused():
    with new_panel() as panel:
        program = panel.program()
        open_log(program)
        name, _ = fetch_credentials(panel)
        expired = credentials_until(panel, 1)
        assert not can_call(panel, (name, 'nonsense'))
        program.wait('label', WRONG_SECRET)
        wait_for_facts(program, 'Warning · ')
        wait_for_facts(program, 'anna', '127.0.0.1:')
        wait_for('the end of a credential', lambda: not can_call(panel, expired))
        program.wait_for_text(lambda text: text.startswith('The credential expired '), 20)
        program.wait_for_text(lambda text: 'clock' in text)
        assert not can_call(panel, ('nobody', 'nonsense'))
        program.wait('label', 'There is no user of this name (401)')
        assert not can_call(panel, (name, 'nonsense'))
        wait_for_facts(program, 'Warning', '2 times')
        panel.stop()


def tells_of_a_quota():
    with new_panel(settings='limits-user-quota=1\n') as panel:
        program = panel.program()
        open_log(program)
        with Call(panel, options=('-c',)):
            program.wait('label', 'A call began')
            assert refusals(panel, fetch_credentials(panel)) == [486]
            program.wait('label', 'This user has as many calls as one may have (486)')
        panel.stop()


def shows_odd_names_safely():
    with new_panel() as panel:
        program = panel.program()
        open_log(program)
        assert refusals(panel, (ODD_NAME, 'nonsense')) == [401]
        facts = wait_for_facts(program, 'ev\ufffdil\ufffdx')
        assert len(facts) < 200 and '…' in facts, facts
        assert not any('\u202e' in text or '\u2067' in text for text in program.texts())
        panel.stop()
    return facts


def filters_and_copies():
    with new_panel(**NO_LEAKS) as panel:
        program = panel.program()
        open_log(program)
        name, password = fetch_credentials(panel)
        assert refusals(panel, (name, 'nonsense')) == [401]
        assert can_call(panel, (name, password))
        program.wait('label', 'A call began')
        program.wait('label', WRONG_SECRET)
        xdotool('windowfocus', '--sync', window_id(TITLE))
        program.type_into('Search events', 'DOES NOT MATCH')
        program.wait_until_gone('label', 'A call began')
        program.wait('label', WRONG_SECRET)
        program.press('push button', 'Copy as JSON')
        program.wait_for_toast('1 event copied')
        text = clipboard_text()
        (event,) = json.loads(text)
        assert event['kind'] == 'unknown-secret' and event['code'] == 401, event
        assert event['user'] == 'anna' and event['severity'] == 'warning', event
        assert event['time'].endswith('Z') and event['client'].startswith('127.0.0.1:'), event
        assert password not in text and 'nonsense' not in text
        panel.stop()
    return text


def shows_one_session():
    with new_panel(page='connections') as panel:
        program = panel.program()
        assert refusals(panel, ('ben', 'nonsense')) == [401]
        with Call(panel, user='anna'):
            program.press('push button', program.wait_for_button('anna, '))
            program.press('push button', 'Show in Event Log')
            program.wait('label', 'Only one call of anna')
            program.wait('label', 'A call began')
            program.wait_until_gone('label', 'There is no user of this name (401)')
            save_screenshot(os.path.join(PICTURES, 'events-session.png'), 680, 560)
            program.press('push button', 'Show All Calls')
            program.wait('label', 'There is no user of this name (401)')
        panel.stop()


def moves_nothing_while_one_reads():
    with new_panel() as panel:
        program = panel.program()
        open_log(program)
        people = [(f'r{number:02}-reader', 'nonsense') for number in range(30)]
        assert set(refusals(panel, *people)) == {401}
        wait_for_facts(program, 'r29…')
        window = window_id(TITLE)
        xdotool('mousemove', '--window', window, '300', '350', 'click', '--repeat', '5', '5')
        time.sleep(1)  # until the list has come to rest
        before = [text for text in program.texts() if re.search(r'\br\d\d…', text)]
        assert refusals(panel, ('late', 'nonsense')) == [401]
        program.wait('push button', '1 New Event')
        after = [text for text in program.texts() if re.search(r'\br\d\d…', text)]
        assert before == after, (before, after)
        assert not any('lat…' in text for text in program.texts())
        save_screenshot(os.path.join(PICTURES, 'events-waiting.png'), 680, 560)
        program.press('push button', '1 New Event')
        wait_for_facts(program, 'lat…')
        program.wait_until_gone('push button', '1 New Event')
        panel.stop()


def closes_by_keyboard():
    with new_panel() as panel:
        program = panel.program()
        open_log(program)
        press_keys('ctrl+f', title=TITLE)
        wait_for('the focus', lambda: program.is_focused(None, 'Search events'))
        press_keys('ctrl+w', title=TITLE)
        wait_for('the end of the event log', lambda: TITLE not in program.windows())
        open_log(program)
        panel.stop()


def survives_a_flood():
    with new_panel() as panel:
        program = panel.program()
        open_log(program)
        for batch in range(5):
            people = [(f'guess-{batch}-{number}', 'nonsense') for number in range(60)]
            assert set(refusals(panel, *people)) == {401}
        program.wait('label', 'Many apps come with unknown user names (401)')
        facts = wait_for_facts(program, ' times')
        assert can_call(panel, fetch_credentials(panel))
        program.wait('label', 'A call began')
        panel.stop()
    return facts


FUNCTIONS = [
    says_that_nothing_is_found, tells_who_was_let_in_and_folds_the_challenge,
    tells_why_credentials_were_refused, tells_of_a_quota, shows_odd_names_safely,
    filters_and_copies, shows_one_session, moves_nothing_while_one_reads, closes_by_keyboard,
    survives_a_flood,
]

main(lambda: run_functions('panel/events/', FUNCTIONS))
