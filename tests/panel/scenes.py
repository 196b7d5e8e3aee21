# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the panel can show, brought about with a real relay and real clients.

A scene has the panel show something, and puts it away again. Scenes of one act follow each other in
one process, with the same people there.
"""

import contextlib
import dataclasses
import datetime
import functools
import json
import math
import socket
import time
from typing import Callable

from devices import BLOCKED_UDP, GOES_WELL, PHONE, Device
from support.coturn import Coturn
from visitors import Visitors

GIGABYTE = 10**9
WINDOW = (960, 680)
LARGE = 1.25  # what the desktop's "Large Text" is

# Who is there: user, transport, bit/s, number of the row it talks to (None: somebody outside)
FEW = [
    ('anna', 'udp', 2.1e6, 1), ('ben', 'udp', 1.6e6, 0), ('carla', 'tcp', 320e3, None),
    ('door camera', 'tcp', 900e3, None), ('office-sfu', 'udp', 64e3, None),
    ('dora', 'udp', 0, None),
]
NAMES = ('anna', 'ben', 'carla', 'dora', 'emil', 'fritz', 'gita', 'hana', 'ivan', 'jule', 'kenji',
         'livekit-room-production-eu-central')
MANY = [(NAMES[i * 5 % len(NAMES)], 'tcp' if i % 4 == 0 else 'udp', 40e3 * (i % 7),
         i ^ 1 if i % 5 < 2 and i ^ 1 < 80 else None) for i in range(80)]


@dataclasses.dataclass(frozen=True)
class Scene:
    """wide: the size of its window where there is room; None: its own size, whatever there is
    narrow: whether it is also shown in a narrow window; scrolls: whether it may be as high as what
    is in it; main: whether it is also shown in high contrast and from right to left"""

    name: str
    show: Callable
    put_away: Callable = lambda stage: None
    wide: tuple = WINDOW
    narrow: bool = True
    scrolls: bool = False
    main: bool = False


@dataclasses.dataclass(frozen=True)
class Act:
    """prepare: called with the stage before its program starts"""

    name: str
    scenes: tuple
    visitors: tuple = ()
    welcomed: bool = True
    prepare: Callable = lambda stage: None

    @contextlib.contextmanager
    def people(self, stage):
        """The visitors, for as long as they are needed; until the relay has heard of all."""
        stage.wait('ThRelayHero')
        if not self.visitors:
            yield
            return
        with Visitors(stage, self.visitors) as visitors:
            time.sleep(2)  # until their rates are known
            yield
            visitors.assert_talking()


# ---- Server ----

def keep_traffic(stage):
    """What a panel that starts finds of earlier traffic."""
    now = time.time()
    today = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).date()
    days = [[str(today - datetime.timedelta(days=ago)), 2 * GIGABYTE + ago * 10**8, GIGABYTE]
            for ago in reversed(range(1, today.day))]
    days.append([str(today), 2 * GIGABYTE, GIGABYTE])
    wave = [2 + math.sin(ago / 4) + math.sin(ago / 1.3) / 3 for ago in range(62)]
    minutes = [[int(now // 60) - ago, int(14e6 * wave[ago]), int(9e6 * wave[ago - 7])]
               for ago in reversed(range(62))]
    write_traffic(stage, days, minutes)


def write_traffic(stage, days, minutes=()):
    with open(stage.state_file('traffic'), 'w', encoding='utf-8') as file:
        json.dump({'version': 1, 'days': days, 'minutes': list(minutes)}, file)


def keep_test(stage, verdict, headline, finding):
    """What a panel that starts finds of this relay's last test; finding: id, severity, what"""
    path = {'url': 'turn:turn.example.org:3478?transport=udp', 'family': 4, 'outcome': 'ok',
            'stage': 0, 'roundTrip': 700}
    run = {'time': int(time.time()) - 720, 'took': 300000, 'ownRelay': 1, 'scheduled': 1,
           'relayOnly': 0, 'verdict': verdict, 'headline': headline, 'roundTrip': 0,
           'lossPerMillion': 0, 'paths': [path],
           'findings': [dict(zip(('id', 'severity', 'what'), finding))]}
    with open(stage.state_file('ice-tests'), 'w', encoding='utf-8') as file:
        json.dump({'version': 1, 'runs': [run]}, file)


def keep_traffic_and_test(stage):
    keep_traffic(stage)
    keep_test(stage, 'good', 'Calls will get through, even from strict networks',
              ('not-seen-from-outside', 0, 'Whether devices outside reach it, it cannot tell'))


def show_server(stage):
    stage.go('server')
    stage.wait('ThRelayHero')


def show_hour(stage):
    show_server(stage)
    stage.click('ThTrafficCard #span_60')


def unfold(stage):
    show_server(stage)
    for name in 'ThListenerList', 'ThHealthList':
        stage.set(f'{name} #expander', 'expanded', 'true')


def fold(stage):
    for name in 'ThListenerList', 'ThHealthList':
        stage.set(f'{name} #expander', 'expanded', 'false')


def stop_relay(stage):
    show_server(stage)
    stage.set('ThRelayHero #relay_switch', 'active', 'false')
    stage.wait('ThRelayHero #start_button')


def start_relay(stage):
    stage.click('ThRelayHero #start_button')
    stage.wait_until_gone('ThRelayHero #start_button')


def ask_to_stop(stage):
    show_server(stage)
    stage.set('ThRelayHero #relay_switch', 'active', 'false')
    stage.wait('AdwMessageDialog')


def say_copied(stage):
    show_server(stage)
    stage.click('ThCopyRow #copy_button')
    stage.wait('AdwToastWidget')


def show_menu(stage):
    show_server(stage)
    stage.click('AdwHeaderBar GtkMenuButton GtkToggleButton')
    stage.wait('GtkPopoverMenu')


def close_popover(stage):
    stage.do('popdown')
    stage.wait_until_gone('GtkPopover')


def make_trouble(stage):
    """A port that another program holds, a plan that is used up, a certificate that is not there,
    a test that failed."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    write_traffic(stage, [[str(today), 900 * GIGABYTE, 100 * GIGABYTE]])
    keep_test(stage, 'bad', 'Calls will fail: The relay’s answer did not arrive (UDP is blocked)',
              ('udp-blocked', 2, 'The relay’s answer did not arrive (UDP is blocked)'))
    stage.taken = []
    for kind in socket.SOCK_DGRAM, socket.SOCK_STREAM:
        one = socket.socket(socket.AF_INET, kind)
        one.bind(('127.0.0.1', stage.port))
        if kind == socket.SOCK_STREAM:
            one.listen()
        stage.taken.append(one)
    stage.add_settings("traffic-plan-limit=900\n"
                       "tls-certificate='/etc/turnhouse/fullchain.pem'\n"
                       "tls-private-key='/etc/turnhouse/privkey.pem'\n")


def show_problems(stage):
    show_server(stage)
    stage.wait('ThRelayHero #test_text')
    stage.wait('ThProblemRow')
    if stage.has('ThProblemList #more_button'):
        stage.click('ThProblemList #more_button')


# ---- Credentials ----

def show_credentials(stage):
    stage.go('credentials')
    stage.wait('ThSecretGroup')


def create_credential(stage):
    show_credentials(stage)
    if not stage.has('ThCredentialResult ThCopyRow'):
        stage.do('enter', 'ThCredentialForm #user_row')
    stage.set('ThCredentialResult #qr_row', 'expanded', 'true')
    stage.wait('ThCredentialResult ThQrCode')
    stage.do('scroll', 'ThCredentialForm')


def add_account(stage, group, name):
    stage.click(f'{group} #add_button GtkToggleButton')
    stage.set(f'{group} #name', 'text', name)
    stage.do('enter', f'{group} #name')
    stage.wait(f'{group} ThOnceCard #text')


def add_accounts(stage):
    show_credentials(stage)
    if not stage.has('ThAccountRow'):
        add_account(stage, 'ThAppGroup', 'peerwave')
        add_account(stage, 'ThUserGroup', 'intercom')
    stage.do('scroll', 'ThAppGroup')


def add_an_app(stage):
    show_credentials(stage)
    stage.do('scroll', 'ThAppGroup')
    stage.click('ThAppGroup #add_button GtkToggleButton')
    stage.wait('ThAppGroup #name')


def rotate(stage):
    show_credentials(stage)
    stage.do('scroll', 'ThSecretGroup')
    if not stage.has('ThFormerRow'):
        stage.click('ThSecretGroup #rotate_button')
    stage.wait('ThFormerRow')


def ask_to_revoke(stage):
    rotate(stage)
    stage.click('ThFormerRow #revoke_button')
    stage.wait('AdwMessageDialog')


# ---- Connections ----

def show_graph(stage):
    stage.go('connections')
    stage.set('ThConnectionsPage #views', 'visible-child-name', 'graph')
    stage.wait('ThGraphNode', 40)


def select_node(stage):
    show_graph(stage)
    stage.click('ThGraphNode')
    stage.wait('ThSessionDetails #name')


def deselect(stage):
    stage.do('click', 'ThSessionDetails GtkButton@1')
    stage.wait_until_gone('ThSessionDetails #name')


def show_table(stage):
    stage.go('connections')
    stage.set('ThConnectionsPage #views', 'visible-child-name', 'table')
    stage.wait('ThSessionTable', 40)


def find_nothing(stage):
    show_graph(stage)
    stage.set('ThConnectionsPage #search', 'text', 'nobody of that name')
    stage.wait('ThConnectionsPage #nothing_page')


def find_all(stage):
    stage.set('ThConnectionsPage #search', 'text', '')
    stage.wait('ThGraphNode')


def show_empty(stage):
    stage.go('connections')
    stage.wait('ThConnectionsPage #empty_page', 40)


# ---- ICE Test ----

# What chrome://webrtc-internals has of a call
BROWSER_TEXT = """\
a=candidate:842163049 1 udp 2122260223 192.0.2.20 51822 typ host generation 0
a=candidate:842163050 1 udp 2122194687 2001:db8::20 51823 typ host generation 0
a=candidate:1677722862 1 udp 1686052607 203.0.113.7 51822 typ srflx raddr 192.0.2.20 rport 51822
a=candidate:3098175849 1 udp 41885439 198.51.100.1 49322 typ relay raddr 203.0.113.7 rport 51822
a=candidate:none of these
"""
OWN_RELAY, OTHER_SERVERS, PASTED_TEXT = range(3)


def show_ice_test(stage):
    stage.go('ice-test')
    stage.wait('ThIcePage #nothing')


def choose_target(stage, target):
    stage.go('ice-test')
    stage.set('ThIcePage #target', 'selected', target)


def choose_own_relay(stage):
    choose_target(stage, OWN_RELAY)
    stage.wait_until_gone('ThServerEntry')
    stage.wait_until_gone('ThPasteEntry')


def choose_others(stage):
    choose_target(stage, OTHER_SERVERS)
    stage.wait('ThServerEntry')


def start_ice_test(stage):
    stage.click('ThIcePage #start_button')
    stage.wait('ThVerdictCard #progress')


def finish_ice_test(stage):
    start_ice_test(stage)
    stage.wait_until_gone('ThVerdictCard #progress', 60)


def offer_to_share(stage):
    show_ice_test(stage)
    stage.wait('ThDeviceSection #offer')
    stage.do('scroll', 'ThDeviceSection')


def show_link(stage):
    """For other devices; the first time the endpoint is shared for that."""
    show_ice_test(stage)
    if not stage.has('ThDeviceSection #card'):
        stage.click('ThDeviceSection #offer_button')
    stage.wait('ThDeviceSection #card')
    stage.do('scroll', 'ThDeviceSection')


def test_devices(stage):
    for agent, messages in (None, BLOCKED_UDP), (PHONE, GOES_WELL):
        show_link(stage)
        link = stage.do('get', 'ThDeviceSection #link_label', 'label')
        with Device(link, *filter(None, [agent])) as device:
            device.tell(*messages)
            stage.wait('ThDeviceSection #offer')
            stage.wait_for('ThDeviceRow #icon', 'icon-name', bool)
    stage.set('ThDeviceRow', 'expanded', 'true')
    stage.do('scroll', 'ThDeviceSection')


def fold_device(stage):
    stage.set('ThDeviceRow', 'expanded', 'false')


def run_ice_test(stage):
    choose_own_relay(stage)
    finish_ice_test(stage)


def follow_finding_to_phone(stage):
    """What a test on the relay's own machine cannot tell, a phone can: a button leads there."""
    choose_own_relay(stage)
    place = next(place for place in range(9) if stage.has(f'ThFindingRow@{place} #action_button')
                 and stage.do('get', f'ThFindingRow@{place} #action_button', 'action-name')
                 == 'ice.phone')
    stage.click(f'ThFindingRow@{place} #action_button')
    stage.wait_for('ThDeviceSection #copy_button', 'has-focus', 'TRUE'.__eq__)


def run_ice_test_well(stage):
    """Of another server, which has TLS with a certificate that is trusted, where any is."""
    authority = stage.place.authority
    names = f'DNS:{stage.place.neighbour}'
    pair = authority.pair('neighbour', names=names, days=60) if authority else None
    with Coturn('allow-loopback-peers', pair=pair) as coturn:
        urls = [f'turn:{stage.place.neighbour}:{coturn.port}',
                f'turns:{stage.place.neighbour}:{coturn.tls_port}']
        enter_server(stage, coturn.secret, *urls[:2 if pair else 1])
        finish_ice_test(stage)


def enter_server(stage, secret, *urls):
    choose_others(stage)
    stage.do('action', 'ThServerEntry #servers', 'selection.select-all', '')
    stage.paste('ThServerEntry #servers', ' '.join(urls))
    stage.set('ThServerEntry #secret', 'text', secret)


def run_ice_test_with_wrong_secret(stage):
    enter_server(stage, 'not the secret', f'turn:{stage.place.relay}:{stage.port}')
    finish_ice_test(stage)


def run_ice_test_for_long(stage):
    """A server that never answers: there is time to look."""
    stage.silent = socket.socket(type=socket.SOCK_DGRAM)
    stage.silent.bind((stage.place.client(1), 0))
    host, port = stage.silent.getsockname()
    enter_server(stage, '', f'turn:{host}:{port}', f'turn:{stage.place.relay}:{stage.port}')
    start_ice_test(stage)
    stage.wait('ThCandidateTable')


def stop_ice_test(stage):
    if stage.has('ThVerdictCard #progress'):
        stage.click('ThIcePage #start_button')
    stage.wait_until_gone('ThVerdictCard #progress')
    stage.silent.close()
    choose_own_relay(stage)


def unfold_steps(stage):
    stage.set('ThTestedList #expander', 'expanded', 'true')
    stage.wait('ThPathSteps')
    stage.do('scroll', 'ThTestedList')


def fold_steps(stage):
    stage.set('ThTestedList #expander', 'expanded', 'false')


def paste_text(stage):
    choose_target(stage, PASTED_TEXT)
    stage.do('action', 'ThPasteEntry #text', 'selection.select-all', '')
    stage.paste('ThPasteEntry #text', BROWSER_TEXT)
    stage.wait('ThCandidateTable')
    stage.wait('ThPasteEntry #status')


def compare_runs(stage):
    choose_own_relay(stage)
    for place in range(2):
        stage.set(f'ThRunList GtkCheckButton@{place}', 'active', 'true')
    stage.wait('ThRunList #changes_card')
    stage.do('scroll', 'ThRunList')


# ---- windows beside the main one ----

def show_preferences(stage, page=0):
    show_server(stage)
    stage.do('action', 'ThWindow', 'win.preferences', '')
    stage.wait('AdwPreferencesWindow')
    if page:
        stage.click(f'AdwPreferencesWindow AdwViewSwitcherButton@{page}')


def enter_port(stage, port):
    stage.set('AdwPreferencesWindow GtkEntry', 'text', port)
    stage.do('enter', 'AdwPreferencesWindow GtkEntry')


def enter_nonsense(stage):
    show_preferences(stage)
    enter_port(stage, '99999')
    stage.wait('ThPreferenceRow #problem')


def wait_for_restart(stage):
    show_preferences(stage)
    enter_port(stage, '3500')
    stage.wait('ThRestartBar #button')


def restore_port(stage):
    enter_port(stage, str(stage.port))
    stage.wait_until_gone('ThRestartBar #button')
    stage.do('close')


def search_preferences(stage):
    show_preferences(stage)
    stage.click('AdwPreferencesWindow #search_button')
    stage.set('AdwPreferencesWindow #search_entry', 'text', 'port')
    stage.wait('AdwPreferencesWindow #search_results AdwActionRow')


def connect_app(stage, number=None):
    show_server(stage)
    stage.click('ThConnectRow #button')
    stage.wait('ThConnectDialog')
    if number is not None:
        stage.click(f'ThConnectDialog #apps GtkListBoxRow@{number}')
        stage.wait('ThSnippetView #text')


def show_shortcuts(stage):
    stage.do('action', 'ThWindow', 'win.show-help-overlay', '')
    stage.wait('GtkShortcutsWindow')


def show_events(stage):
    show_server(stage)
    stage.do('action', 'ThWindow', 'win.event-log', '')
    stage.wait('ThEventWindow')


def show_about(stage):
    stage.do('action', 'ThWindow', 'app.about', '')
    stage.wait('AdwAboutWindow')


def close(stage):
    stage.do('close')


def preferences(name, show, put_away=close, **options):
    return Scene('preferences-' + name, show, put_away, (640, 720), **options)


def dialog(name, show, put_away=close):
    return Scene(name, show, put_away, wide=None, narrow=False)


ACTS = (
    Act('quiet', welcomed=False, scenes=(
        Scene('server-first-start', show_server, scrolls=True),
        Scene('connections-empty', show_empty, main=True),
        Scene('connect-apps', connect_app, close, (800, 600)),
        *(Scene(f'connect-{name}', functools.partial(connect_app, number=number), close, (800, 600))
          for name, number in (('web', 0), ('livekit', 2), ('nextcloud', 5))),
        *(preferences(name, functools.partial(show_preferences, page=page), scrolls=True)
          for page, name in enumerate(('relay', 'limits', 'endpoint', 'credentials'))),
        preferences('search', search_preferences),
        preferences('invalid', enter_nonsense),
        preferences('restart', wait_for_restart, restore_port),
        dialog('shortcuts', show_shortcuts),
        dialog('about', show_about),
        Scene('events-few', show_events, close, (720, 560)),
        Scene('menu', show_menu, close_popover),
        Scene('ice-test-first', show_ice_test),
        Scene('ice-test-others', choose_others, choose_own_relay, scrolls=True),
        Scene('ice-test-share', offer_to_share, scrolls=True),
        Scene('ice-test-link', show_link, scrolls=True),
        Scene('ice-test-devices', test_devices, fold_device, scrolls=True),
        Scene('ice-test-running', run_ice_test_for_long, stop_ice_test, narrow=False),
        Scene('ice-test', run_ice_test, scrolls=True),
        Scene('ice-test-phone', follow_finding_to_phone, narrow=False),
        Scene('ice-test-good', run_ice_test_well, choose_own_relay, scrolls=True, main=True),
        Scene('ice-test-steps', unfold_steps, fold_steps),
        Scene('ice-test-bad', run_ice_test_with_wrong_secret, choose_own_relay, scrolls=True),
        Scene('ice-test-paste', paste_text, choose_own_relay),
        Scene('ice-test-history', compare_runs),
        Scene('server-stopped', stop_relay, start_relay, main=True),
    )),
    Act('busy', visitors=FEW, prepare=keep_traffic_and_test, scenes=(
        Scene('server-running', show_hour, scrolls=True, main=True),
        Scene('server-details', unfold, fold, scrolls=True),
        Scene('server-toast', say_copied),
        dialog('server-ask-to-stop', ask_to_stop),
        Scene('events', show_events, close, (720, 560)),
        Scene('connections-graph', show_graph, main=True),
        Scene('connections-selected', select_node, deselect, main=True),
        Scene('connections-table', show_table, main=True),
        Scene('connections-nothing-found', find_nothing, find_all),
        Scene('credentials', show_credentials, scrolls=True, main=True),
        Scene('credentials-fresh', create_credential, scrolls=True),
        Scene('credentials-add-app', add_an_app, close_popover),
        Scene('credentials-accounts', add_accounts, scrolls=True),
        Scene('credentials-rotated', rotate, main=True),
        dialog('credentials-ask-to-revoke', ask_to_revoke),
    )),
    Act('crowded', visitors=MANY, scenes=(
        Scene('connections-many', show_graph),
        Scene('connections-many-table', show_table),
    )),
    Act('troubled', prepare=make_trouble, scenes=(
        Scene('server-problems', show_problems, scrolls=True, main=True),
    )),
)
