# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Server page says of traffic and health, while real clients use the relay.

Arguments: the program, the folder of the compiled settings schema, a folder for pictures.
"""

import datetime
import json
import math
import os
import re
import socket
import sys
import time

from accessible import wait_for
from calls import LOCALHOST, Call
from keyboard import press_keys, xdotool
from notifications import Notifications
from panel import Panel, save_screenshot
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]

UNITS = {'B': 1, 'kB': 1e3, 'MB': 1e6, 'GB': 1e9, 'TB': 1e12}
GIGABYTE = 10**9


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, **{'window': (960, 1380)} | options)


def keep_traffic(panel, days=None, minutes=None):
    """Writes what a panel that starts finds of earlier traffic: bytes to peers, half as many to
    clients; by how many days, and how many minutes, ago it was."""
    now = time.time()
    def rows(amounts, name):
        return [[name(ago), amount * 2 // 3, amount - amount * 2 // 3]
                for ago, amount in sorted(amounts.items(), reverse=True)]
    def day(ago):
        return str(datetime.datetime.fromtimestamp(now, datetime.timezone.utc).date()
                   - datetime.timedelta(days=ago))
    with open(panel.state_file('traffic'), 'w', encoding='utf-8') as file:
        json.dump({'version': 1, 'days': rows(days or {}, day),
                   'minutes': rows(minutes or {}, lambda ago: int(now // 60) - ago)}, file)


def kept_bytes(panel):
    """What the file says of all days, both ways."""
    with open(panel.state_file('traffic'), encoding='utf-8') as file:
        return sum(row[1] + row[2] for row in json.load(file)['days'])


def size(text):
    """Bytes of a text such as "Today 3.2 GB"."""
    number, unit = re.search(r'([\d.]+) (\w+)$', text).groups()
    return float(number) * UNITS[unit]


def today(program):
    return size(program.wait_for_text(lambda text: text.startswith('Today ')))


def is_flowing(text):
    return text.startswith('to clients ') and not re.fullmatch(r'to clients 0 k?\w+/s', text)


def chart(program):
    return program.description('image', 'Traffic chart')


def focus_chart(program):
    """By keyboard alone."""
    for _ in range(40):
        press_keys('Tab')
        time.sleep(0.1)  # until the program has heard of it
        if program.is_focused('image', 'Traffic chart'):
            return
    raise AssertionError('the chart cannot be reached by keyboard')


def values_of(description):
    """The values in what the chart says of a moment, in bit/s: to peers, to clients."""
    prefixes = {'': 1, 'k': 1e3, 'M': 1e6, 'G': 1e9}
    return [float(number) * prefixes[prefix]
            for number, prefix in re.findall(r'([\d.]+) ([kMG]?)bit/s', description)]


def a_call_is_in_chart_and_totals_and_outlives_the_program():
    with new_panel() as first:
        program = first.program()
        assert today(program) == 0
        with Call(first):
            program.wait_for_text(is_flowing, 20)
            wait_for('traffic', lambda: today(program) > 20000, 30)
        program.wait_for_text(lambda text: text.startswith('No one is connected'), 30)
        total = today(program)
        first.stop()
        assert math.isclose(kept_bytes(first), total, rel_tol=0.1), (kept_bytes(first), total)

        with new_panel(home=first.home) as second:
            program = second.program()
            assert math.isclose(today(program), total, rel_tol=0.01)
            program.press('push button', 'Last hour')
            focus_chart(program)
            press_keys('End')
            wait_for('the cursor', lambda: re.match(r'\d\d:\d\d:\d\d', chart(program)))
            seen = []
            for _ in range(12):
                seen.append(values_of(chart(program)))
                press_keys('Left')
                time.sleep(0.2)
            assert any(to_peers > 0 and to_clients > 0 for to_peers, to_clients in seen), seen
            press_keys('Home')
            wait_for('the oldest', lambda: values_of(chart(program)) == [0, 0])
            press_keys('Escape')
            wait_for('the present', lambda: re.fullmatch(
                r'0 bit/s to peers\n0 bit/s to clients', chart(program)))
            second.stop()
    return f'{total:.0f} bytes'


def a_damaged_history_is_kept_aside():
    panel = new_panel()
    with open(panel.state_file('traffic'), 'w', encoding='utf-8') as file:
        file.write('{"version": 1, "days": [["2026-')
    with panel:
        program = panel.program()
        assert today(program) == 0
        names = os.listdir(os.path.dirname(panel.state_file('x')))
        assert any(name.startswith('traffic.damaged-') for name in names), names
        assert 'traffic is damaged' in panel.log()


def a_plan_is_set_and_warned_of():
    panel = new_panel()
    keep_traffic(panel, days={0: 850 * GIGABYTE})
    with panel:
        program = panel.program()
        program.wait('label', 'Today 850 GB')
        program.wait_for_text(lambda text: text.startswith('This month 850 GB'))
        program.press('push button', 'Units and Plan')
        program.press('check box', 'Monthly Plan')
        program.wait_for_text(lambda text: text.startswith('This month 850 GB of 1 TB'))
        program.wait('label', '85 % of this month’s traffic plan is used')
        assert panel.setting('traffic-plan-limit') == '1000', panel.setting('traffic-plan-limit')
        save_screenshot(os.path.join(PICTURES, 'traffic-plan.png'), 960, 1380)

        press_keys('Escape')
        program.wait_until_gone('check box', 'Monthly Plan')
        program.press('push button', 'Change Plan')
        program.wait('check box', 'Monthly Plan')
        program.press('check box', 'Monthly Plan')
        program.wait_until_gone('label', '85 % of this month’s traffic plan is used')
        program.wait_for_text(lambda text: text.startswith('This month 850 GB'))
        assert panel.setting('traffic-plan-limit') == '0'
        panel.stop()


def a_pause_holds_the_chart_and_not_the_count():
    with new_panel() as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        with Call(panel):
            program.wait_for_text(is_flowing, 20)
            program.press('push button', 'Pause')
            time.sleep(1)
            before, counted = chart(program), today(program)
            wait_for('more traffic', lambda: today(program) > counted * 1.1, 60)
            assert chart(program) == before, (chart(program), before)
        program.wait_for_text(lambda text: text.startswith('No one is connected'), 30)
        assert chart(program) == before
        program.press('push button', 'Pause')
        wait_for('the present', lambda: chart(program).startswith('0 bit/s'))
        panel.stop()


def bytes_are_remembered():
    with new_panel() as first:
        program = first.program()
        program.press('push button', 'Units and Plan')
        program.wait('check box', 'Bytes per second')
        press_keys('Down', 'space')
        program.wait('label', 'to peers 0 B/s')
        assert chart(program).startswith('0 B/s')
        first.stop()
        with new_panel(home=first.home) as second:
            program = second.program()
            program.wait('label', 'to peers 0 B/s')
            second.stop()


def open_health(program):
    """By a click: an expander row can be opened, but not pressed."""
    program.wait('label', 'Health')
    x, y = program.middle('label', 'Health')
    xdotool('mousemove', str(x), str(y), 'click', '1')
    program.wait('label', 'Open files')


def health_tells_drops_by_cause():
    with new_panel() as panel:
        program = panel.program()
        program.wait('label', 'No packet of a call was lost here')
        assert 'GtkLabel' not in program.texts(), program.texts()  # what is empty has no name else
        open_health(program)
        assert not program.find('label', 'Dropped: not for a relay')
        with socket.socket(type=socket.SOCK_DGRAM) as stranger:
            for _ in range(1234):
                stranger.sendto(b'hello', (LOCALHOST, panel.port))
                time.sleep(0.0002)
        program.wait('label', 'Dropped: not for a relay')
        wait_for('their number', lambda: program.find('label', '1234'))
        assert program.find('label', 'No packet of a call was lost here')
        program.wait_for_text(lambda text: re.fullmatch(r'\d+(\.\d)? MB', text))
        program.wait_for_text(lambda text: re.fullmatch(r'\d+\.\d %', text))
        program.wait_for_text(lambda text: re.fullmatch(r'\d+ of \d+', text))
        save_screenshot(os.path.join(PICTURES, 'health.png'), 960, 1380)
        panel.stop()


def a_failed_self_test_is_told_on_the_desktop():
    """For as long as fewer calls are allowed than a test makes."""
    few = 'limits-total-quota', '1'
    with Notifications() as desktop, new_panel(
            settings='ice-test-hourly=true\n' + '='.join(few)) as panel:
        program = panel.program()
        failure = program.wait_for_text(lambda text: text.startswith('Calls will fail: '))
        wait_for('a notification', lambda: desktop.shown)
        assert list(desktop.shown.values()) == [('The relay failed its own test', failure)]
        save_screenshot(os.path.join(PICTURES, 'self-test-failed.png'), 960, 700)

        panel.change_setting('limits-total-quota', '0')
        press_keys('alt+4')
        def is_well():
            program.press('push button', 'Start')
            return not desktop.shown
        wait_for('a test that goes well, and one by itself', is_well, 60, 2)
        press_keys('alt+1')
        wait_for('the news on top', lambda: program.text_after('No one is connected').startswith(
            'Works, but not over TLS'))
        open_health(program)
        assert program.text_after('Last self-test').startswith('just now · Works'), program.texts()

        panel.change_setting(*few)
        program.press('check box', 'Relay')
        program.press('push button', 'Start Relay')
        desktop.click(wait_for('a notification', lambda: list(desktop.shown))[0])
        wait_for('the page of tests', lambda: program.is_shown('push button', 'Start'))
        panel.stop()
    return failure


FUNCTIONS = [
    a_call_is_in_chart_and_totals_and_outlives_the_program, a_damaged_history_is_kept_aside,
    a_failed_self_test_is_told_on_the_desktop,
    a_plan_is_set_and_warned_of, a_pause_holds_the_chart_and_not_the_count, bytes_are_remembered,
    health_tells_drops_by_cause,
]


def run_all():
    xdotool('mousemove', '0', '0')  # or it might stand on the chart
    return run_functions('panel/traffic/', FUNCTIONS)


main(run_all)
