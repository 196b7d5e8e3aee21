# SPDX-License-Identifier: GPL-3.0-or-later
"""The real window, driven as assistive technology drives it, while a real client uses its relay.

Arguments: the program, the folder of the compiled settings schema, a folder for pictures.
"""

import os
import re
import socket
import sys
import time

from accessible import wait_for
from calls import LOCALHOST, Call
from keyboard import press_keys, window_id, xdotool
from panel import NO_LEAKS, Panel, clipboard_text, save_screenshot
from support import children
from support.tap import main, run_functions

BINARY, SCHEMAS, PICTURES = sys.argv[1:4]


def new_panel(**options):
    return Panel(BINARY, SCHEMAS, **options)


def is_open(port):
    """Whether something listens on that TCP port."""
    with socket.socket() as attempt:
        attempt.settimeout(2)
        return attempt.connect_ex((LOCALHOST, port)) == 0


def answers_binding(port):
    """Whether a STUN server answers on that UDP port."""
    request = bytes.fromhex('00010000 2112a442') + os.urandom(12)
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.settimeout(1)
        client.sendto(request, (LOCALHOST, port))
        try:
            answer = client.recv(2000)
        except OSError:
            return False
    return answer[:2] == b'\x01\x01' and answer[8:20] == request[8:]


def without_rate(text):
    return re.fullmatch(r'(1 call through it) · 0 bit/s.*', text)


def opens_with_the_relay_running():
    with new_panel() as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        program.wait_for_text(lambda text: text.startswith('No one is connected'))
        assert program.is_checked('check box', 'Relay')
        assert program.windows() == ['Turnhouse'], program.windows()
        assert is_open(panel.port) and answers_binding(panel.port)
        panel.stop()


def shows_what_apps_need():
    with new_panel() as panel:
        program = panel.program()
        for url in (f'stun:{LOCALHOST}:{panel.port}',
                    f'turn:{LOCALHOST}:{panel.port}?transport=udp',
                    f'turn:{LOCALHOST}:{panel.port}?transport=tcp',
                    f'http://{LOCALHOST}:{panel.endpoint_port}/api/ice-servers'):
            program.wait('label', url)
        nameless = program.unnamed(('push button', 'check box', 'list item', 'image'))
        assert not nameless, nameless
        panel.stop()


def copies_an_address():
    with new_panel(**NO_LEAKS) as panel:
        program = panel.program()
        program.press('push button', 'Copy TURN address')
        program.wait_for_toast('Copied')
        assert clipboard_text() == f'turn:{LOCALHOST}:{panel.port}?transport=udp'
        panel.stop()


def shows_an_address_as_qr_code():
    with new_panel() as panel:
        program = panel.program()
        program.press('push button', 'Show TURN address as QR code')
        program.wait('label', 'Point the camera of your phone at it')
        path = os.path.join(PICTURES, 'qr-code.png')

        def read():
            save_screenshot(path, 960, 900)
            return children.output([children.program('zbarimg'), '--quiet', '--raw', path], 20)[1]

        url = f'turn:{LOCALHOST}:{panel.port}?transport=udp'
        wait_for('the code', lambda: url in read(), step=0.5)
        panel.stop()


def counts_a_real_call():
    with new_panel() as panel:
        program = panel.program()
        program.wait_for_text(lambda text: text.startswith('No one is connected'))
        with Call(panel):
            text = program.wait_for_text(
                lambda text: text.startswith('1 call through it') and not without_rate(text))
            to_peers = program.wait_for_text(
                lambda text: text.startswith('to peers ') and text != 'to peers 0 bit/s')
            program.wait_for_text(
                lambda text: text.startswith('to clients ') and text != 'to clients 0 bit/s')
            chart = program.description('image', 'Traffic chart')
            assert re.fullmatch(r'[\d.]+ kbit/s to peers\n[\d.]+ kbit/s to clients', chart), chart
        program.wait_for_text(lambda text: text.startswith('No one is connected'), 30)
        total = program.wait_for_text(lambda text: text.startswith('Today '))
        assert total != 'Today 0 B', total
        panel.stop()
        return f'{text}; {to_peers}; {total}'


def the_switch_stops_and_starts():
    with new_panel() as panel:
        program = panel.program()
        program.press('check box', 'Relay')
        program.wait('heading', 'Relay is stopped')
        program.wait_until_gone('label', 'STUN')
        program.wait('label', 'Addresses for your apps appear here while the relay runs')
        program.wait_until_gone('check box', 'Relay')
        assert not is_open(panel.port) and not answers_binding(panel.port)
        save_screenshot(os.path.join(PICTURES, 'stopped.png'), 960, 900)

        program.press('push button', 'Start Relay')
        program.wait('heading', 'Relay is running')
        program.wait('label', f'stun:{LOCALHOST}:{panel.port}')
        assert program.is_checked('check box', 'Relay')
        assert is_open(panel.port) and answers_binding(panel.port)
        panel.stop()


def asks_before_calls_end():
    with new_panel() as panel:
        program = panel.program()
        with Call(panel):
            program.wait_for_text(lambda text: text.startswith('1 call through it'))
            program.press('check box', 'Relay')
            program.wait('label', '1 call that goes through it ends.')
            program.answer('Cancel')
            program.wait_until_gone('label', '1 call that goes through it ends.')
            program.wait_for_text(lambda text: text.startswith('1 call through it'))
            assert program.is_checked('check box', 'Relay') and is_open(panel.port)

            program.press('check box', 'Relay')
            program.answer('Stop Relay')
            program.wait('heading', 'Relay is stopped')
            assert not is_open(panel.port)
        panel.stop()


def listens_on(port, *kinds):
    """Sockets that take a port on loopback away from the panel."""
    taken = []
    for family, host in (socket.AF_INET, LOCALHOST), (socket.AF_INET6, '::1'):
        for kind in kinds:
            one = socket.socket(family, kind)
            one.bind((host, port))
            if kind == socket.SOCK_STREAM:
                one.listen()
            taken.append(one)
    return taken


def a_taken_port_is_a_row_with_a_button():
    panel = new_panel()
    taken = listens_on(panel.port, socket.SOCK_DGRAM, socket.SOCK_STREAM)
    with panel:
        program = panel.program()
        program.wait('heading', 'Relay cannot run')
        title = program.wait_for_text(lambda text: f'{panel.port} is taken' in text)
        program.wait('image', 'Error')
        program.wait('push button', 'Try Again')
        save_screenshot(os.path.join(PICTURES, 'port-taken.png'), 960, 900)

        button = program.wait_for_button('Use Port ')
        program.press('push button', button)
        program.wait('heading', 'Relay is running')
        port = int(button.rpartition(' ')[2])
        program.wait('label', f'stun:{LOCALHOST}:{port}')
        program.wait_until_gone('image', 'Error')
        assert answers_binding(port)
        assert panel.setting('relay-port') == str(port)
        panel.stop()
    for one in taken:
        one.close()
    return f'{title}: {button}'


def half_a_port_is_still_a_relay():
    panel = new_panel()
    taken = listens_on(panel.port, socket.SOCK_STREAM)
    with panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        program.wait_for_text(lambda text: f'{panel.port} (TCP) is taken' in text)
        program.wait_for_text(lambda text: text == '2 of 4 addresses listening')
        assert answers_binding(panel.port)
        for one in taken:
            one.close()
        panel.stop()


def asks_before_a_remedy_ends_calls():
    panel = new_panel()
    taken = listens_on(panel.port, socket.SOCK_STREAM)
    with panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        button = program.wait_for_button('Use Port ')
        with Call(panel, options=()):
            program.wait_for_text(lambda text: text.startswith('2 calls through it'))
            program.press('push button', button)
            program.wait('label', 'Restart and end 2 calls?')
            program.answer('Cancel')
            program.wait_until_gone('label', 'Restart and end 2 calls?')
            program.wait_for_text(lambda text: text.startswith('2 calls through it'))
            assert panel.setting('relay-port') == str(panel.port)
        panel.stop()
    for one in taken:
        one.close()


def a_problem_leads_to_its_setting():
    panel = new_panel()
    panel.change_setting('relay-external-address', "['203.0.113.9/192.0.2.77']")
    with panel:
        program = panel.program()
        program.wait('label', 'The external address 203.0.113.9/192.0.2.77 does not fit this '
                              'machine')
        program.press('push button', 'Change Address')
        program.wait('label', 'Address seen from outside')
        name = wait_for('the keyboard there', program.focused_name)
        save_screenshot(os.path.join(PICTURES, 'change-address.png'), 960, 900)
        panel.stop()
    return name


def try_again_after_the_port_is_free():
    panel = new_panel()
    taken = listens_on(panel.port, socket.SOCK_DGRAM, socket.SOCK_STREAM)
    with panel:
        program = panel.program()
        program.wait('heading', 'Relay cannot run')
        for one in taken:
            one.close()
        program.press('push button', 'Try Again')
        program.wait('heading', 'Relay is running')
        assert answers_binding(panel.port)
        panel.stop()


def damaged_secrets_are_said():
    with new_panel() as first:
        first.program().wait('heading', 'Relay is running')
        first.stop()
        with open(first.state_file('secrets.json'), 'wb') as file:
            file.write(b'\0garbage')
        with new_panel(home=first.home) as second:
            program = second.program()
            program.wait('label', 'Relay Cannot Be Set Up')
            program.wait('push button', 'Try Again')
            second.stop()


def welcomes_once():
    with new_panel(welcomed=False, window=(960, 1300)) as first:
        program = first.program()
        program.wait('heading', 'Welcome to your own relay')
        program.wait_for_text(lambda text: f'port {first.port} (UDP and TCP)' in text)
        save_screenshot(os.path.join(PICTURES, 'welcome.png'), 960, 1300)
        program.press('push button', 'Got It')
        program.wait_until_gone('heading', 'Welcome to your own relay')
        first.stop()
        with new_panel(home=first.home) as second:
            program = second.program()
            program.wait('heading', 'Relay is running')
            assert not program.find('heading', 'Welcome to your own relay')
            second.stop()


def there_is_only_one():
    with new_panel() as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        code, written = children.output([BINARY], 20, env=panel.environment())
        assert code == 0, written
        assert program.windows() == ['Turnhouse'], program.windows()
        panel.stop()


def remembers_its_size():
    with new_panel(window=(960, 680)) as first:
        first.program().wait('heading', 'Relay is running')
        xdotool('windowsize', '--sync', window_id(), '700', '500')
        time.sleep(1)  # until the program has heard of it
        first.stop()
        with new_panel(home=first.home) as second:
            second.program().wait('heading', 'Relay is running')
            size = xdotool('getwindowgeometry', window_id()).split()[-1]
            second.stop()
    assert size == '700x500', size


def every_page_has_a_key():
    with new_panel() as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        for key, role, name in (('alt+2', 'label', 'Shared Secret'),
                                ('alt+3', 'label', 'No One Is Connected'),
                                ('alt+1', 'heading', 'Relay is running')):
            press_keys(key)
            wait_for(name, lambda: program.is_shown(role, name))
        with Call(panel):
            program.wait_for_text(lambda text: text.startswith('1 call through it'))
            press_keys('ctrl+f')
            wait_for('the search', lambda: program.focused_name() == 'Search users and addresses')
        press_keys('ctrl+comma')
        program.wait('label', 'Address seen from outside')
        panel.stop()


def tells_about_itself():
    with new_panel() as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        press_keys('F10')
        program.press('menu item', 'About Turnhouse')
        wait_for('the window', lambda: len(program.windows()) == 2)
        code, version = children.output([BINARY, '--version'], 20)
        assert code == 0, version
        program.wait('label', version.split()[1])
        program.wait('label', 'The Turnhouse authors')
        save_screenshot(os.path.join(PICTURES, 'about.png'), 960, 900)
        panel.stop()


def grows_with_large_text():
    """Twice as large; on a phone it is as wide as before."""
    children.output([children.program('xprop'), '-root', '-f', 'RESOURCE_MANAGER', '8s', '-set',
                     'RESOURCE_MANAGER', 'Xft.dpi:\t192'], 20)
    try:
        for width in 960, 360:
            with new_panel(window=(width, 700)) as panel:
                program = panel.program()
                program.wait('heading', 'Relay is running')
                assert program.size('heading', 'Relay is running')[1] > 40
                size = xdotool('getwindowgeometry', window_id()).split()[-1]
                save_screenshot(os.path.join(PICTURES, f'large-text-{width}.png'), width, 700)
                panel.stop()
                assert size == f'{width}x700', size
    finally:
        children.output([children.program('xprop'), '-root', '-remove', 'RESOURCE_MANAGER'], 20)


def works_by_keyboard():
    with new_panel() as panel:
        program = panel.program()
        program.wait('heading', 'Relay is running')
        press_keys('F10')
        program.wait('menu item', 'Quit')
        press_keys('Escape')
        press_keys('ctrl+question')
        wait_for('the shortcuts window', lambda: len(program.windows()) == 2)
        press_keys('Escape')
        wait_for('its end', lambda: len(program.windows()) == 1)
        press_keys('ctrl+q')
        panel.wait_until_ended()


def is_well_in_every_look():
    for look in {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'}, {'ADW_DEBUG_HIGH_CONTRAST': '1'}:
        with new_panel(window=(360, 294), **look) as panel:
            program = panel.program()
            with Call(panel):
                program.wait_for_text(
                    lambda text: text.startswith('to clients ') and text != 'to clients 0 bit/s')
                press_keys('alt+2')
                wait_for('the credentials', lambda: program.is_shown('label', 'Shared Secret'))
                press_keys('alt+3')
                program.wait_for_button('anna, ')
            panel.stop()


def says_version_and_help():
    code, written = children.output([BINARY, '--version'], 20)
    assert code == 0 and re.fullmatch(r'turnhouse \d+\.\d+\.\d+\n', written), written
    code, written = children.output([BINARY, '--help'], 20)
    assert code == 0 and '--version' in written, written
    code, written = children.output([BINARY, '--no-such-option'], 20)
    assert code != 0 and '--no-such-option' in written, written


FUNCTIONS = [
    opens_with_the_relay_running, shows_what_apps_need, copies_an_address, counts_a_real_call,
    shows_an_address_as_qr_code, the_switch_stops_and_starts, asks_before_calls_end,
    a_taken_port_is_a_row_with_a_button,
    half_a_port_is_still_a_relay, asks_before_a_remedy_ends_calls, a_problem_leads_to_its_setting,
    try_again_after_the_port_is_free, damaged_secrets_are_said,
    welcomes_once, there_is_only_one, remembers_its_size, works_by_keyboard,
    every_page_has_a_key, tells_about_itself, grows_with_large_text, is_well_in_every_look,
    says_version_and_help,
]

main(lambda: run_functions('panel/', FUNCTIONS))
